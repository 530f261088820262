"""Fenced blocks of a Markdown page."""

import re
from pathlib import Path

from msgspec import Struct

FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(Struct, frozen=True):
    language: str
    text: str
    line: int


class Command(Struct, frozen=True):
    """A `$ ` line of a console block (with lines it goes on in, `> `) and the output shown below it."""

    text: str
    shown: str
    line: int


def blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 1) for m in FENCE.finditer(text)]


def commands(path: Path) -> list[Command]:
    """Every command of the page's console blocks, in order."""
    found: list[Command] = []
    for block in blocks(path):
        if block.language != "console":
            continue
        for number, line in enumerate(block.text.splitlines(), block.line + 1):
            if line.startswith("$ "):
                found.append(Command(line[2:], "", number))
            elif line.startswith("> ") and found and not found[-1].shown:
                found[-1] = Command(found[-1].text + "\n" + line[2:], "", found[-1].line)
            elif found:
                found[-1] = Command(found[-1].text, found[-1].shown + line + "\n", found[-1].line)
    return found
