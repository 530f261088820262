"""The papers and codes that declarations of UK HMRC's published samples carry, as Torugart reads them: docs/uk-papers.md.

`make docs` writes the page where the data is present, and leaves it as it is where it is absent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from streams.declarations.events import Original
from streams.declarations.model import Declaration, Document
from streams.goods.control_numbers import control_numbers
from streams.goods.documents import clearing_documents
from tests.data import data
from tests.scenarios.uk import SAMPLES, scenarios

PAGE = Path(__file__).resolve().parents[2] / "docs" / "uk-papers.md"
HEAD = """# Papers in the UK samples

Every document code, additional code and authorisation that Torugart reads from the {count} declarations among HMRC's published
samples, each counted once for each time it is declared. What a code means to goods control stands in
`streams/goods/tables/clearing_documents.toml`; a code without a meaning there bears on nothing.

## Documents

"""


def originals(samples: Path) -> list[Declaration]:
    """The declarations of the samples that are read in full."""
    return [
        one.message.version.declaration
        for scenario in scenarios(samples)
        for one in scenario.files
        if isinstance(one.message, Original)
    ]


def documents(declaration: Declaration) -> Iterator[Document]:
    """Those of the whole declaration, and of its items."""
    yield from declaration.documents
    for item in declaration.goods_items:
        yield from item.documents


def counted(declarations: Iterable[Declaration]) -> Counter[str]:
    """Document code -> times."""
    return Counter(one.type for declaration in declarations for one in documents(declaration))


def page(declarations: list[Declaration]) -> str:
    """The text of docs/uk-papers.md."""
    known = {one.code: one for one in clearing_documents().documents}
    rows = []
    for code, times in sorted(counted(declarations).items(), key=lambda pair: (-pair[1], pair[0])):
        held = [one for declaration in declarations for one in documents(declaration) if one.type == code]
        numbered = sum(one.reference_number is not None for one in held)
        amounts = sum(one.write_off_quantity is not None for one in held)
        statuses = ", ".join(sorted({one.status_code for one in held if one.status_code}))
        bearing = known.get(code)
        means = f"{bearing.effect}: {bearing.meaning}" if bearing else ""
        rows.append((f"`{code}`", str(times), str(numbered), str(amounts), statuses, means))
    codes = Counter(
        code
        for declaration in declarations
        for item in declaration.goods_items
        if item.commodity_code is not None
        for code in item.commodity_code.additional_codes
    )
    numbers = control_numbers()
    control = sum(
        len(numbers.declared(item, declaration.additional_information).numbers)
        for declaration in declarations
        for item in declaration.goods_items
    )
    held_by = Counter(
        one.type for declaration in declarations for one in declaration.authorisations if one.type
    )
    return (
        HEAD.format(count=len(declarations))
        + _table(
            (
                "code",
                "times",
                "with a number",
                "with a quantity written off",
                "status codes",
                "bears on goods control",
            ),
            rows,
        )
        + "\n## Additional codes of the tariff\n\nNational and TARIC ones. Numbers of a control list among them and in all other "
        f"fields and texts: {control}.\n\n"
        + _table(("code", "times"), _sorted(codes))
        + "\n## Authorisations\n\n"
        + _table(("type", "times"), _sorted(held_by))
    )


def made() -> dict[Path, str]:
    """Path -> text of the page; nothing where the data is absent."""
    try:
        return {PAGE: page(originals(data(*SAMPLES)))}
    except pytest.skip.Exception:
        return {}


def _sorted(counts: Counter[str]) -> Iterator[tuple[str, ...]]:
    for code, times in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"`{code}`", str(times)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
