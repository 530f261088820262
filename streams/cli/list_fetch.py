"""List files from their publishers: tried again, asked for only where they changed, and whole or not at all."""

import base64
import hashlib
import http.client
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from streams import __version__
from streams.errors import UserError
from streams.text import shorten
from streams.watchlists.edition import Fetched

WAITS = (1.0, 4.0)
"""Seconds before a file is asked for a second and a third time."""
MAX_WAIT = 60.0
"""Seconds at most that a publisher may ask us to wait (`Retry-After`)."""
TRANSFER = 30
"""A file takes that many times the timeout at most: a publisher who sends a byte a minute holds no job for ever."""
MAX_BYTES = 4 << 30
"""The whole of OpenSanctions as JSON takes 2.5 GiB."""

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another the next time."""
_CHUNK = 1 << 20
_CHECKSUM = ".sha256"
_HEX = re.compile(r"\b[0-9a-fA-F]{64}\b")
_DIGEST = re.compile(r"sha-256=:?([A-Za-z0-9+/]{43}=)", re.IGNORECASE)


class NotFetched(UserError):
    """A list file that could not be had whole; the message is one line with the address and why."""


class _Passing(Exception):
    """What may be over when it is tried again; `after` are the seconds that the publisher asks for."""

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.after = after


class _SafeRedirects(HTTPRedirectHandler):
    """Follows no way from https to http, where anybody on the line could give another list."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).scheme != "https" and req.full_url.startswith("https:"):
            raise NotFetched(f"{shown(req.full_url)} leads to {shown(newurl)}, which is not encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = build_opener(_SafeRedirects)


def fetch_list(
    name: str, addresses: Sequence[str], folder: Path, known: Sequence[Fetched], *, timeout: float
) -> tuple[Path, tuple[Fetched, ...]] | None:
    """The file of a list and those beside it, in `folder`; None where the publisher says that none of them has changed since
    those `known`. Waits `timeout` seconds for something to arrive, and tries passing faults again.

    Raises NotFetched where one cannot be had, is shorter than announced, or has another checksum than its publisher gives.
    """
    files = {_file_name(address, name): address for address in addresses if not _is_checksum(address)}
    if not files or len(files) + sum(map(_is_checksum, addresses)) < len(addresses):
        raise NotFetched(f"the addresses of {name} name no file, or two of the same name")
    got: dict[str, Fetched | None] = dict.fromkeys(files)
    if [one.asked for one in known] == [_digest_of(address) for address in files.values()]:
        for (file, address), before in zip(files.items(), known, strict=True):
            got[file] = _get(address, folder / file, before, timeout)
        if not any(got.values()):
            return None
    whole = {
        file: one or _get(address, folder / file, None, timeout)
        for (file, address), one in zip(files.items(), got.values(), strict=True)
    }
    for address in filter(_is_checksum, addresses):
        _compare(address, folder, list(files), name, timeout)
    return folder / next(iter(files)), tuple(one for one in whole.values() if one)


def shown(address: str) -> str:
    """An address without what may be secret in it: user, password, query."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _get(address: str, path: Path, before: Fetched | None, timeout: float) -> Fetched | None:
    """None where it has not changed since `before`."""
    for wait in (*WAITS, None):
        try:
            return _once(address, path, before, timeout)
        except _Passing as fault:
            if wait is None:
                raise NotFetched(f"{shown(address)} {fault}, and so it did {len(WAITS) + 1} times") from None
            time.sleep(max(wait, min(fault.after, MAX_WAIT)))
    raise AssertionError("the last try returns or raises")


def _once(address: str, path: Path, before: Fetched | None, timeout: float) -> Fetched | None:
    asked = {"User-Agent": f"torugart/{__version__}", "Accept-Encoding": "identity"}
    if before is not None and before.etag:
        asked["If-None-Match"] = before.etag
    if before is not None and before.last_modified:
        asked["If-Modified-Since"] = before.last_modified
    try:
        with _OPENER.open(Request(address, headers=asked), timeout=timeout) as answer:  # noqa: S310 - http(s) by the settings
            _store(answer, address, path, time.monotonic() + TRANSFER * timeout)
            etag, changed = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
            return Fetched(shown(address), _digest_of(address), etag, changed)
    except HTTPError as error:
        error.close()
        if error.code == http.client.NOT_MODIFIED and before is not None:
            return None
        said = f"answers {error.code} {error.reason}"
        if error.code in _PASSING:
            raise _Passing(said, _seconds(error.headers.get("Retry-After", ""))) from None
        raise NotFetched(f"{shown(address)} {said}") from None
    except URLError as error:
        raise _Passing(f"cannot be reached: {error.reason}") from None
    except TimeoutError:
        raise _Passing(f"sent nothing for {timeout:g} s") from None
    except (OSError, http.client.HTTPException) as error:
        raise _Passing(f"broke off: {error or type(error).__name__}") from None


def _store(answer: Any, address: str, path: Path, deadline: float) -> None:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := answer.read1(_CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
            if size > MAX_BYTES:
                raise NotFetched(f"{shown(address)} is larger than {MAX_BYTES >> 30} GiB")
            if time.monotonic() > deadline:
                raise NotFetched(f"{shown(address)} is too slow: {size:,} bytes so far")
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and size != int(announced):
        raise _Passing(f"sent {size:,} of {int(announced):,} bytes")
    for header in ("Repr-Digest", "Content-Digest", "Digest"):
        wanted = _DIGEST.search(answer.headers.get(header, ""))
        if wanted and base64.b64decode(wanted[1]) != digest.digest():
            raise _Passing(f"sent a file of another checksum than its {header} says")


def _compare(address: str, folder: Path, files: list[str], name: str, timeout: float) -> None:
    """Against a published checksum, a line by itself or one of `sha256sum` beside the file's name."""
    own = _file_name(address, name)
    _get(address, folder / own, None, timeout)
    text = (folder / own).read_text(encoding="utf-8", errors="replace")
    file = next((one for one in files if one == own.removesuffix(_CHECKSUM)), files[0])
    lines = [line for line in text.splitlines() if _HEX.search(line)]
    wanted = next((line for line in lines if file in line), lines[0] if lines else "")
    found = _HEX.search(wanted)
    if found is None:
        raise NotFetched(f"{shown(address)} holds no SHA-256: {shorten(text.strip(), 60)!r}")
    with (folder / file).open("rb") as stored:
        actual = hashlib.file_digest(stored, "sha256").hexdigest()
    if actual != found[0].lower():
        raise NotFetched(f"{file} has the SHA-256 {actual[:12]}..., {shown(address)} says {found[0][:12]}...")


def _is_checksum(address: str) -> bool:
    return urlsplit(address).path.lower().endswith(_CHECKSUM)


def _file_name(address: str, name: str) -> str:
    """The last part of its path, by which readers know files that belong together."""
    last = unquote(urlsplit(address).path).rpartition("/")[2]
    return re.sub(r"[^\w.-]", "_", last).lstrip(".")[-100:] or re.sub(r"[^\w-]", "_", name)


def _digest_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0
