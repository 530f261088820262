"""The formats that are tables: those of the program, `formats/NAME/format.toml`, and those of a user's own folder."""

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from streams import tables
from streams.declarations.formats.mapped.reader import FieldMap, load
from streams.errors import UserError

FILE = "format.toml"
PACKAGE = "streams.declarations.formats"


@cache
def bundled() -> tuple[FieldMap, ...]:
    """The tables of the program, by name. The folder is the name, with - for _."""
    folders = sorted(
        one.name
        for one in resources.files(PACKAGE).iterdir()
        if one.is_dir() and one.joinpath(FILE).is_file()
    )
    return tuple(
        FieldMap(tables.load(PACKAGE, f"{name}/{FILE}", dict[str, Any]), name.replace("_", "-"))
        for name in folders
    )


def of_folder(folder: Path) -> tuple[FieldMap, ...]:
    """A user's own tables: NAME.toml, or NAME/format.toml, in order of name.

    Raises UserError, naming file, line and field, for one that cannot work, or has nothing by which it is recognised.
    """
    if not folder.is_dir():
        raise UserError(f"TORUGART_FORMATS: {folder} is no folder")
    files = sorted([*folder.glob("*.toml"), *folder.glob(f"*/{FILE}")])
    if not files:
        raise UserError(f"TORUGART_FORMATS: there is no NAME.toml and no NAME/{FILE} in {folder}")
    made: dict[str, FieldMap] = {}
    for file in files:
        name = (file.parent.name if file.name == FILE else file.stem).lower()
        table = load(file, name)
        if table is None or not table.recognition:
            raise UserError(f"{file}: recognise: say by what its messages are known: root, fields or where")
        if name in made:
            raise UserError(f"{file}: there are two formats {name}")
        made[name] = table
    return tuple(made.values())
