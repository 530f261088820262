"""What commands say of list files: one that is refused keeps none of the others back, and what is missing is said."""

from pathlib import Path

import pytest

from streams.cli.common import UsageError
from streams.cli.list_files import SAID, read_and_say
from streams.cli.lists import load
from tests.watchlists import files


def test_every_bad_file_is_said_before_the_command_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = files.write(tmp_path, "page.csv", "<html><title>Moved</title></html>")
    cut = files.write(tmp_path, "cut.csv", files.SIMPLE[:-40])
    with pytest.raises(UsageError, match="2 of 2 files were refused"):
        load([page, cut])
    page_said, cut_said = capsys.readouterr().err.splitlines()
    assert "page.csv is an HTML page ('Moved')" in page_said and "it was cut short" in cut_said


def test_what_is_missing_or_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = files.write_sdn(tmp_path)
    (tmp_path / "alt.csv").unlink()
    (tmp_path / "add.csv").write_text(files.ADD + '103,14,"unfinished')
    assert len(read_and_say(path).entries) == 4
    said = capsys.readouterr().err
    assert "no ALT file beside sdn.csv: its aliases are missing" in said
    assert "add.csv ends in the middle of a row (line 4): it was cut short: addresses are missing" in said
    assert f"{path}: line 4 was left out: add.csv: a quotation mark is opened and never closed" in said


def test_rows_left_out_are_named_as_far_as_one_reads_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{n},Firm {n}\n" for n in range(2, 1002)) + "too,many,cells\n" * (SAID + 2) + "9,Last\n"
    file = read_and_say(files.write(tmp_path, "own.csv", "id,name\n" + rows))
    assert len(file.rejected) == SAID + 2
    assert capsys.readouterr().err.count("was left out") == SAID
