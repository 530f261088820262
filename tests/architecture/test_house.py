"""What is committed makes sense on any machine and to anybody."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SELF = Path(__file__).relative_to(ROOT)

MACHINE = re.compile(r"/(work|root)/|/home/(?!dir\b)\w+/")
PLANNING = re.compile(r"\b(DOMAIN|ENGINEERING|DESIGN)(\.md\b|:| report\b)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")


def committed() -> dict[Path, str]:
    """Every text file that git knows, data apart."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    texts = {}
    for name in done.stdout.splitlines():
        path = ROOT / name
        if path.suffix not in (".csv", ".jsonl", ".gz", ".dict") and Path(name) != SELF and path.is_file():
            texts[Path(name)] = path.read_text(encoding="utf-8")
    return texts


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (MACHINE, "a path of somebody's machine"),
        (PLANNING, "a planning document that is no part of the project"),
        (UNFINISHED, "work left undone: an issue says it better"),
    ],
    ids=["machine", "planning", "unfinished"],
)
def test_no_file_holds(found: re.Pattern[str], why: str) -> None:
    hits = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in committed().items()
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]
    assert hits == [], why


def test_files_stay_short() -> None:
    """A reader takes in some 350 lines; a longer file holds two things."""
    limit = 400
    long = {
        str(path): lines
        for path, text in committed().items()
        if path.suffix == ".py" and (lines := text.count("\n")) > limit
    }
    assert long == {}
