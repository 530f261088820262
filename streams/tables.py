"""The one loader of the tables that stand beside the code: TOML, typed, each with its source and date."""

import hashlib
import tomllib
from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec

Table = TypeVar("Table")


@cache
def load(package: str, name: str, form: type[Table]) -> Table:
    """The table `name` of a package (`streams.rules`, `r14_change_after_control.toml`) in its form.

    Raises FileNotFoundError where there is none, ValueError (tomllib.TOMLDecodeError, msgspec.ValidationError) for one with a
    missing, unknown or mistyped figure.
    """
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), form)  # not msgspec.toml: dates are texts in our tables


@cache
def digest(package: str, name: str) -> str:
    """First 12 hex digits of the SHA-256 of a table, as versions name it."""
    return hashlib.sha256(resources.files(package).joinpath(name).read_bytes()).hexdigest()[:12]
