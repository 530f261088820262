"""Canonical and mapped JSON made wrong: their structure, values, text and size."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from tests.fuzz import seeds, values

Place = tuple[Any, Any]
"""A list or an object, and an index or a key in it."""


class Raw(str):
    """Stands in the JSON as it is."""


def places(root: Any) -> list[Place]:
    found: list[Place] = []
    stack = [root]
    while stack:
        node = stack.pop()
        inner = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in inner:
            found.append((node, key))
            if isinstance(value, dict | list) and value:
                stack.append(value)
    return found


def anything(rng: Random) -> Any:
    """A value of any type."""
    return rng.choice(
        (
            None,
            True,
            rng.choice((0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 2**64, 10**30, 10**4000)),
            rng.choice((0.1, -0.0, 1e308, 5e-324)),
            Raw(
                rng.choice(
                    (
                        "NaN",
                        "Infinity",
                        "-Infinity",
                        "1e999",
                        "-",
                        "01",
                        "1.",
                        ".5",
                        "0x1",
                        "+1",
                        "1e",
                        "tru",
                        "'a'",
                    )
                )
            ),
            Raw(rng.choice(values.NUMBERS)),
            values.text(rng),
            values.text(rng),
            values.text(rng),
            [],
            {},
            [values.text(rng)],
            {"role": values.text(rng)},
            [[[]]],
            [None],
        )
    )


def changed(
    rng: Random, root: Any, ops: tuple[Callable[[Random, Any, list[Place]], None], ...], most: int = 5
) -> Any:
    root = deepcopy(root)
    for _ in range(values.size(rng, most)):
        found = places(root)
        if not found:
            break
        rng.choice(ops)(rng, root, found)
    return root


def delete(rng: Random, root: Any, found: list[Place]) -> None:
    node, key = rng.choice(found)
    del node[key]


def replace(rng: Random, root: Any, found: list[Place]) -> None:
    node, key = rng.choice(found)
    node[key] = anything(rng)


def retext(rng: Random, root: Any, found: list[Place]) -> None:
    """Another text where one stood: most of it still fits the contract."""
    texts = [(node, key) for node, key in found if isinstance(node[key], str)]
    if texts:
        node, key = rng.choice(texts)
        node[key] = values.text(rng)


def renumber(rng: Random, root: Any, found: list[Place]) -> None:
    numbers = [(node, key) for node, key in found if type(node[key]) is int]
    if numbers:
        node, key = rng.choice(numbers)
        node[key] = rng.choice(
            (0, -1, 1, 2, 999, 99999, 100000, 2**31, 2**63 - 1, 2**63, 10**40, True, "1", 1.0)
        )


def move(rng: Random, root: Any, found: list[Place]) -> None:
    """Another part of the message in this place."""
    node, key = rng.choice(found)
    other, name = rng.choice(found)
    node[key] = deepcopy(other[name])


def rename(rng: Random, root: Any, found: list[Place]) -> None:
    objects = [(node, key) for node, key in found if isinstance(node, dict)]
    if objects:
        node, key = rng.choice(objects)
        name = rng.choice((key.upper(), key + " ", "", values.text(rng), rng.choice([k for _, k in objects])))
        node[name] = node.pop(key)


def wrap(rng: Random, root: Any, found: list[Place]) -> None:
    node, key = rng.choice(found)
    node[key] = rng.choice(([node[key]], {"value": node[key]}, [node[key], deepcopy(node[key])]))


STRUCTURE = (delete, replace, move, rename, wrap)
VALUES = (retext, retext, renumber, replace)


def deep(rng: Random, root: Any, found: list[Place]) -> None:
    node, key = rng.choice(found)
    levels = values.size(rng, 200_000)
    start, end = rng.choice((("[", "]"), ('{"a":', "}"), ('{"nationalExtensions":', "}"), ('[{"":', "}]")))
    node[key] = Raw(start * levels + "1" + end * (levels if rng.random() < 0.8 else 0))


def many(rng: Random, root: Any, found: list[Place]) -> None:
    """A list of very many, or an object with very many keys."""
    node, key = rng.choice(found)
    lists = [(node, key) for node, key in found if isinstance(node[key], list) and node[key]]
    if lists and rng.random() < 0.7:
        node, key = rng.choice(lists)
    one = node[key][0] if isinstance(node[key], list) and node[key] else node[key]
    part = written(rng, one)
    count = values.size(rng, max(2, 4_000_000 // (len(part) + 1)))
    if rng.random() < 0.8:
        node[key] = Raw("[" + ",".join([part] * count) + "]")
    else:
        node[key] = Raw("{" + ",".join(f'"k{n}":1' for n in range(min(count, 300_000))) + "}")


def long_text(rng: Random, root: Any, found: list[Place]) -> None:
    node, key = rng.choice(found)
    unit = rng.choice(("A", "A ", "9", "é", "株", "\\u0000", "\\ud83d\\ude00", "Co Ltd "))
    node[key] = Raw('"' + unit * values.size(rng, 3_000_000 // len(unit)) + '"')


SIZES = (deep, many, long_text)


def extended(rng: Random, root: Any, found: list[Place]) -> None:
    """National extensions of any shape: the one part of the contract that is open."""
    body = root.get("declaration") if isinstance(root, dict) else None
    if not isinstance(body, dict):
        return
    node: Any = anything(rng)
    for _ in range(values.size(rng, 90)):
        node = rng.choice(([node], {values.text(rng)[:40]: node}, [node, anything(rng)]))
    body["nationalExtensions"] = {"x": node}


def written(rng: Random, value: Any, tricks: float = 0.0) -> str:
    """JSON as a text; `tricks` is how often a key is given twice or a letter as an escape. Recursive: what is nested deep
    is Raw."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        parts = []
        for key, inner in value.items():
            text = f"{_string(rng, key, tricks)}:{written(rng, inner, tricks)}"
            parts.append(text)
            if tricks and rng.random() < tricks:
                parts.insert(rng.randint(0, len(parts)), f"{_string(rng, key, 0)}:{_twin(rng, inner)}")
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(rng, inner, tricks) for inner in value) + "]"
    if isinstance(value, str):
        return _string(rng, value, tricks)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**300:
        return "1" + "0" * 4000  # Python writes no integer of over 4300 digits
    return json.dumps(value)


def _twin(rng: Random, value: Any) -> str:
    return rng.choice((written(rng, value), "null", '"twin"', "[]", "{}", "7"))


def _string(rng: Random, text: str, tricks: float) -> str:
    if not tricks or rng.random() > tricks:
        # Half of the unusual characters stand as themselves, half as escapes.
        return json.dumps(text, ensure_ascii=rng.random() < 0.5)
    odd = rng.choice(
        ("\\ud800", "\\udc00\\ud800", "\\u0000", "\\uFEFF", "\\x41", "\\", "\n", "\\u12", "\t", "\x7f", "\\/")
    )
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in text[:50] if ord(letter) < 0x10000)
    return f'"{rng.choice((escaped, text[:20] + odd if text.isalnum() else odd, escaped + odd))}"'


def canonical(
    rng: Random, ops: tuple[Callable[[Random, Any, list[Place]], None], ...], tricks: float = 0.0
) -> str:
    return written(rng, changed(rng, rng.choice(seeds.canonical()), ops), tricks)


def mapped(rng: Random) -> str:
    ops = rng.choice((STRUCTURE, VALUES, VALUES, SIZES if rng.random() < 0.05 else STRUCTURE))
    return written(rng, changed(rng, seeds.mapped()[0], ops), rng.choice((0.0, 0.0, 0.05)))
