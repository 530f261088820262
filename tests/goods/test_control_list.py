"""Control lists: the bundled ones are what they say, a user's file is read as people write such files."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from streams.goods.control_list import ControlListError, bundled, load_control_list
from tests.data import data

pytestmark = pytest.mark.G04


def _list(name: str):
    return next(one for one in bundled() if one.header.name == name)


def test_the_high_priority_list_has_fifty_codes_in_its_tiers() -> None:
    tiers = Counter(entry.tier for entry in _list("chpl").entries.values())
    assert tiers == {"1": 4, "2": 5, "3.A": 16, "3.B": 9, "4.A": 11, "4.B": 5}
    assert set(tiers) == set(_list("chpl").header.strength)


def test_the_high_priority_list_is_the_published_one() -> None:
    with data("goods", "chpl_2024-02-23.csv").open(encoding="utf-8") as file:
        published = {row["hs6"]: row["tier"] for row in csv.DictReader(file)}
    assert {code: entry.tier for code, entry in _list("chpl").entries.items()} == published


def test_high_priority_is_never_called_dual_use() -> None:
    head = _list("chpl").header
    assert "dual" not in (head.title + head.wording + head.name).lower()


@pytest.mark.parametrize(
    ("name", "code", "entry"),
    [
        ("chpl", "901310", "901310"),
        ("chpl", "90131090", "901310"),
        ("chpl", "901320", None),
        ("drones", "88062210", "8806"),
        ("drones", "880621", "880621"),
        ("arms", "9306210000", "93"),
        ("arms", "940100", None),
    ],
)
def test_the_longest_prefix_decides(name: str, code: str, entry: str | None) -> None:
    match = _list(name).match(code)
    assert (match.entry.code if match else None) == entry


def _write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_correlation_table_keeps_every_number_of_a_code(tmp_path: Path) -> None:
    path = _write(
        tmp_path, "CN code;ECN;Description\n8542 31 90;3A001;chips\n8542.31.90;3A090;chips\nex 8471;4A003;\n"
    )
    own = load_control_list(path, "dual-use")
    assert own.entries["85423190"].labels == ("3A001", "3A090")
    assert own.entries["85423190"].partial is False
    assert own.entries["8471"].partial is True
    assert own.header.wording == "is on the user's list dual-use: check"
    assert "controlled" not in own.header.wording


def test_a_code_declared_shorter_than_the_list_is_partly_meant(tmp_path: Path) -> None:
    own = load_control_list(_write(tmp_path, "code\n85423190\n"))
    match = own.match("854231")
    assert match is not None and match.partial
    assert own.match("854232") is None


def test_one_line_without_ex_takes_the_whole_code_in(tmp_path: Path) -> None:
    own = load_control_list(_write(tmp_path, "code,ecn\nex 854231,A\n854231,B\n"))
    assert own.entries["854231"].partial is False


def test_another_content_is_another_version(tmp_path: Path) -> None:
    first = load_control_list(_write(tmp_path, "code\n854231\n")).version
    assert load_control_list(_write(tmp_path, "code\n854232\n")).version != first


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("number,text\n1,2\n", "no column of codes"),
        ("code\n85423\n", "line 2: '85423' is no code"),
        ("code\n８５４２\n", "is no code"),
        ("code\n", "has no lines"),
        ("code,ecn\n854231,A\n,B\n", "line 3"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ControlListError, match=complaint) as refused:
        load_control_list(_write(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ControlListError, match="cannot be read"):
        load_control_list(tmp_path / "none.csv")
    path = tmp_path / "own.csv"
    path.write_bytes(b"code\n\xff\xfe")
    with pytest.raises(ControlListError, match="not UTF-8"):
        load_control_list(path)
