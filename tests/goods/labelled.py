"""Descriptions with a code and what should be said of them, and how much of it is: `python -m tests.goods.labelled`.

`descriptions.csv` has one half that the lexicon was written with, and one that was only counted: which is which, the hash of the
text says. Judged are findings, as a verdict has them.
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from streams.goods.control_list import bundled
from streams.goods.controls import ControlBook
from tests.factory import declaration, item
from tests.rules.judged import judged

LABELLED = Path(__file__).with_name("descriptions.csv")
SEEN = Path(__file__).with_name("descriptions_seen.csv")
"""Written after the lexicon, counted once, and then used to mend it."""
LANGUAGES = {
    "en": "English", "ru": "Russian", "zh": "Chinese", "tr": "Turkish", "de": "German", "ky": "Kyrgyz", "kk": "Kazakh",
}  # fmt: skip
_SAID = {"goods.description_mismatch": "mismatch", "goods.vague_description": "vague"}
_BOOK = ControlBook(bundled())


class Labelled(Struct, frozen=True):
    language: str
    description: str
    code: str
    expected: str
    """mismatch, vague or none"""

    @property
    def held_back(self) -> bool:
        return hashlib.sha256(self.description.encode()).digest()[-1] % 2 == 1

    @property
    def sought(self) -> bool:
        """Whether the code is on the high-priority list."""
        return any(listed.match(self.code) for listed in _BOOK.lists)

    def said(self) -> str:
        goods = item(1, self.code, self.description)
        findings, _ = judged(declaration(goods_items=(goods,)), "R23", book=_BOOK)
        return next((_SAID[finding.code] for finding in findings), "none")


class Counted(Struct):
    """How often what was said was right."""

    rows: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    innocent: int = 0
    """everyday goods on a high-priority code"""
    innocent_found: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def add(self, row: Labelled, said: str) -> None:
        self.rows += 1
        right = said == row.expected
        self.right += right and said != "none"
        self.wrong += not right and said != "none"
        self.missed += not right and row.expected != "none"
        if row.expected == "mismatch" and row.sought:
            self.innocent += 1
            self.innocent_found += right


def rows(path: Path = LABELLED) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Labelled(row["language"], row["description"], row["code"], row["expected"])


def counted(some: Iterator[Labelled]) -> dict[str, Counted]:
    """By language, and `all`."""
    found: dict[str, Counted] = defaultdict(Counted)
    for row in some:
        said = row.said()
        for name in (row.language, "all"):
            found[name].add(row, said)
    return found


def table() -> str:
    """The half held back, as the docs show it."""
    lines = [
        "| language | descriptions | precision | recall | everyday goods on a high-priority code |",
        "| --- | --- | --- | --- | --- |",
    ]
    counts = counted(row for row in rows() if row.held_back)
    for name in (*LANGUAGES, "all"):
        count = counts[name]
        said = f"{count.precision:.2f} | {count.recall:.2f} | {count.innocent_found} of {count.innocent}"
        lines.append(f"| {LANGUAGES.get(name, name)} | {count.rows} | {said} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
