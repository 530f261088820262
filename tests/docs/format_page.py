"""docs/format-fields.md: which place in a message feeds which field of the contract, and which rules read that."""

from streams.declarations.formats.catalogue import bundled
from streams.rules.catalogue import catalogue

HEAD = """# Fields of the formats

Which place in a message of each format that is [a table](formats.md) feeds which field of the contract, and which
[rules](rules.md) read that field. `^` is what an element stands in, `.` the element itself. All else that a message says
is kept in `nationalExtensions`.
"""


def documentation() -> str:
    """The page without its first line."""
    readers = [(path.replace("[]", ""), rule.id) for rule in catalogue() for path in rule.reads]
    page = HEAD
    for table in bundled():
        page += f"\n## {table.name}\n\n{table.about['title']}.\n\n| field | from | read by |\n|---|---|---|\n"
        fields: dict[str, list[str]] = {}
        for field, path in table.mapped:
            fields.setdefault(field, []).append(path)
        for field, paths in fields.items():
            short = field.removeprefix("declaration.")
            rules = dict.fromkeys(
                code
                for path, code in readers
                if short == path or short.startswith(f"{path}.") or path.startswith(f"{short}.")
            )
            page += f"| `{short}` | {', '.join(f'`{one}`' for one in paths)} | {', '.join(rules)} |\n"
    return page
