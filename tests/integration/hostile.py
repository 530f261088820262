"""Messages that nobody should send, and somebody does."""

import json
import random
from collections.abc import Callable

from tests.integration.traffic import declarations

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol">
%s]>
<Declaration>&lol9;</Declaration>""" % b"\n".join(
    b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (b"" if n == 1 else str(n - 1).encode()) * 10)
    for n in range(1, 10)
)
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Declaration>&x;</Declaration>"""


def _good() -> dict[str, dict[str, object]]:
    return json.loads(next(declarations(1, seed=99))[1])


def _changed(change: Callable[[dict], object]) -> bytes:  # type: ignore[type-arg]
    message = _good()
    change(message)
    return json.dumps(message).encode()


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "empty": lambda rng: b"",
    "spaces": lambda rng: b"  \n ",
    "not JSON": lambda rng: b'{"envelope": ' + rng.randbytes(5).hex().encode(),
    "random bytes": lambda rng: rng.randbytes(200),
    "not UTF-8": lambda rng: b'{"envelope": {"declarationKey": "\xff\xfe"}}',
    "UTF-16": lambda rng: '{"envelope": {}}'.encode("utf-16"),
    "a number": lambda rng: b"42",
    "JSON null": lambda rng: b"null",
    "a list": lambda rng: b"[1, 2, 3]",
    "NaN": lambda rng: b'{"envelope": NaN}',
    "huge integer": lambda rng: _changed(lambda m: m["envelope"].update(versionNumber=10**400)),
    "wrong types": lambda rng: _changed(lambda m: m["declaration"].update(parties={"role": 7})),
    "party is a string": lambda rng: _changed(lambda m: m["declaration"].update(parties=["ACME"])),
    "no parties": lambda rng: _changed(lambda m: m["declaration"].update(parties=[])),
    "no key": lambda rng: _changed(lambda m: m["envelope"].pop("declarationKey")),
    "lone surrogate": lambda rng: _changed(lambda m: m["envelope"].update(declarationKey="x")).replace(
        b'"x"', b'"\\ud800"'
    ),
    "naive time": lambda rng: _changed(lambda m: m["envelope"].update(eventDateTime="2022-06-15T10:00:00")),
    "unknown version": lambda rng: _changed(lambda m: m["envelope"].update(schemaVersion="99.0")),
    "negative version": lambda rng: _changed(lambda m: m["envelope"].update(versionNumber=-1)),
    "no regime": lambda rng: _changed(lambda m: m["declaration"].pop("regime")),
    "10,000 levels of JSON": lambda rng: b'{"envelope":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 lists": lambda rng: b'{"declaration":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "10,000 levels of XML": lambda rng: b"<a>" * 10_000 + b"</a>" * 10_000,
    "XML bomb": lambda rng: BOMB,
    "external entity": lambda rng: EXTERNAL,
    "broken XML": lambda rng: b"<Declaration><Parties></Declaration>",
    "other XML": lambda rng: b"<invoice><total>5</total></invoice>",
    "XML with a lying encoding": lambda rng: b'<?xml version="1.0" encoding="UTF-32"?><a/>',
}

HEAVY = ("10,000 levels of JSON", "10,000 lists", "10,000 levels of XML")
"""Some 100 KB each: a tenth as many as of the others, or the test would measure how fast its own client reads."""

LARGE = 5 * 1024 * 1024


def large(rng: random.Random) -> bytes:
    """5 MiB, over the limit of a declaration."""
    return b'{"envelope": "' + rng.randbytes(1024).hex().encode() * (LARGE // 2048) + b'"}'


def hostile(count: int, seed: int = 7, large_ones: int = 20) -> list[tuple[str, bytes]]:
    """(kind, message), `count` of them, every kind many times."""
    rng = random.Random(seed)
    messages: list[tuple[str, bytes]] = [("5 MB", large(rng)) for _ in range(large_ones)]
    light = [kind for kind in KINDS if kind not in HEAVY]
    kinds = [*light * 10, *HEAVY]
    while len(messages) < count:
        kind = kinds[len(messages) % len(kinds)]
        messages.append((kind, KINDS[kind](rng)))
    rng.shuffle(messages)
    return messages
