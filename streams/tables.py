"""The one loader of the tables that stand beside the code: TOML, typed, each with its source and date; and long rows as CSV."""

import hashlib
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from streams.errors import UserError

Table = TypeVar("Table")


class Sourced(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a table says of itself: the base of its form. An unknown key is refused."""

    source: str
    as_of: str
    version: str = ""


def load(package: str, name: str, form: type[Table]) -> Table:
    """The table `name` of a package (`streams.rules`, `figures.toml`; below a folder `tables/arms.toml`) in its form, read once.

    Raises FileNotFoundError where there is none, ValueError (tomllib.TOMLDecodeError, msgspec.ValidationError) for one with a
    missing, unknown or mistyped figure.
    """
    kind: Any = form  # mypy does not know that a type can be hashed
    table: Table = _loaded(package, name, kind)
    return table


@cache
def _loaded(package: str, name: str, form: Any) -> Any:
    return msgspec.convert(
        tomllib.loads(text(package, name)), form
    )  # not msgspec.toml: dates are texts in our tables


def text(package: str, name: str) -> str:
    """A file of a package as it stands, such as rows in CSV."""
    return _bytes(package, name).decode()


def own_text(path: Path, called: str, error: type[UserError]) -> tuple[str, str]:
    """A table of the user's own as text (UTF-8, with its mark or without), and the SHA-256 of it, hexadecimal. `called` as in
    messages: "control list".

    Raises `error` with one clear sentence where it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest()
    except OSError as refused:
        raise error(f"{called} {path} cannot be read: {refused.strerror or refused}") from None
    except UnicodeDecodeError:
        raise error(f"{called} {path}: not UTF-8") from None


@cache
def digest(package: str, *names: str) -> str:
    """First 12 hex digits of the SHA-256 of these files, one after the other, as versions name what was used."""
    return hashlib.sha256(b"".join(_bytes(package, name) for name in names)).hexdigest()[:12]


def version(stated: str, package: str, *names: str) -> str:
    """The version that a table states and the digest of its files, so that an edited table is told apart: `2026-11#0a1b...`."""
    return f"{stated}#{digest(package, *names)}"


def _bytes(package: str, name: str) -> bytes:
    return resources.files(package).joinpath(name).read_bytes()
