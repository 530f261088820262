"""Tables beside the code are read by one loader, and a version names the bytes that were used."""

import hashlib
import re
from pathlib import Path

import msgspec
import pytest

from streams import tables
from streams.goods.control_list import bundled
from streams.rules.catalogue import catalogue

STREAMS = Path(__file__).parents[1] / "streams"
OF_THE_USER = {"assessment/ruleset.py", "declarations/formats/mapped/reader.py"}
"""Read TOML that an operator brings, by path."""


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nothing_like_it: int


def test_nothing_else_reads_a_table_of_ours() -> None:
    own = re.compile(r"tomllib\.loads|msgspec\.toml\.decode|\.toml\"\)\.read_")
    found = {
        path.relative_to(STREAMS).as_posix()
        for path in STREAMS.rglob("*.py")
        if own.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"tables.py"} | OF_THE_USER


def test_a_version_ends_with_the_digest_of_all_its_files() -> None:
    chpl = next(held for held in bundled() if held.header.name == "chpl")
    data = b"".join((STREAMS / "goods/tables" / f"chpl.{end}").read_bytes() for end in ("toml", "csv"))
    assert chpl.version == f"{chpl.header.version}#{hashlib.sha256(data).hexdigest()[:12]}"
    assert tables.digest("streams.goods", "tables/chpl.toml") != chpl.version.partition("#")[2]


def test_a_table_in_another_form_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        tables.load("streams.rules", "catalogue.toml", Other)
    with pytest.raises(FileNotFoundError):
        tables.load("streams.rules", "none.toml", Other)


def test_a_table_is_read_once() -> None:
    assert catalogue() is catalogue()
