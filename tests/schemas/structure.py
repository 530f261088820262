"""The schema files and the typed models, brought to one form so that they can be compared.

The files in schemas/ are what people read: titles, descriptions, units and examples live there. Structure (names,
types, enumerations, patterns, limits, what is required) must equal the model's; `python -m tests.schemas.refresh`
brings it over and keeps every text.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from streams.assessment.verdict import Verdict
from streams.cases.alert import Alert
from streams.declarations.dead_letter import DeadLetter
from streams.declarations.model import DeclarationVersion
from streams.findings import Finding
from streams.patterns.episode_alert import CorridorAlert
from streams.review.decision import Decision
from streams.watchlists.entry import WatchlistEntry

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"

MODELS: dict[str, type[msgspec.Struct]] = {
    "declaration": DeclarationVersion,
    "verdict": Verdict,
    "alert": Alert,
    "corridor-alert": CorridorAlert,
    "finding": Finding,
    "dead-letter": DeadLetter,
    "watchlist-entry": WatchlistEntry,
    "decision": Decision,
}

HOMES = {"Finding": "finding", "Subject": "finding"} | dict.fromkeys(
    (
        "NotEvaluable",
        "Screened",
        "ScreenedParty",
        "ScreenedItem",
        "Versions",
        "ListEdition",
        "Unreadable",
        "Repaired",
    ),
    "verdict",
)
"""Parts that several files hold, and the file whose texts count. Every file stands alone: a schema registry takes one."""

TEXTS = frozenset({"title", "description", "examples"})


def _said(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"type": "string", "minLength": 1}}}


RULES: dict[str, dict[str, Any]] = {
    # What the models check in __post_init__, as far as JSON Schema can say it.
    "Party": {"anyOf": [_said("name"), _said("identificationNumber"), _said("nameOriginalScript")]},
}


def load(name: str) -> dict[str, Any]:
    """The schema file of a contract."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def of_model(name: str) -> dict[str, Any]:
    """The schema that the model implies, in the form of the files, without texts."""
    made = json.loads(json.dumps(msgspec.json.schema(MODELS[name])))
    defs = {
        part: _compact(_without_texts(schema)) | RULES.get(part, {}) for part, schema in made["$defs"].items()
    }
    root = defs.pop(MODELS[name].__name__)
    return root | ({"$defs": defs} if defs else {})


def of_file(name: str) -> dict[str, Any]:
    """The schema file without what only people read."""
    bare = _without_texts(load(name))
    return {key: value for key, value in bare.items() if key not in ("$schema", "$id", "$comment")}


def comparable(schema: Any) -> Any:
    """The same with everything sorted whose order says nothing."""
    if isinstance(schema, dict):
        return {
            key: sorted(value, key=str)
            if key in ("enum", "required", "type") and isinstance(value, list)
            else comparable(value)
            for key, value in schema.items()
        }
    return [comparable(part) for part in schema] if isinstance(schema, list) else schema


def objects(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every object of a schema file that has properties: the root (named by its title) and its parts."""
    return {schema.get("title", ""): schema} | schema.get("$defs", {})


def _without_texts(schema: Any, *, names: bool = False) -> Any:
    """`names`: the keys of this dictionary are names of properties or parts, not keywords."""
    if isinstance(schema, dict):
        return {
            key: _without_texts(value, names=not names and key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or key not in TEXTS
        }
    return [_without_texts(part) for part in schema] if isinstance(schema, list) else schema


def _compact(schema: Any) -> Any:
    """ "X or null" in one line, and no default that only says "absent"."""
    if isinstance(schema, list):
        return [_compact(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: _compact(value) for key, value in schema.items()}
    if "default" in schema and schema["default"] in (None, [], {}, ""):
        del schema["default"]
    if "pattern" in schema:  # streams/declarations/model.py says why the two differ in this
        schema["pattern"] = schema["pattern"].removesuffix(r"(?!\n)")
    options = schema.get("anyOf", [])
    if len(options) == 2 and {"type": "null"} in options:
        (other,) = (option for option in options if option != {"type": "null"})
        if isinstance(other.get("type"), str):
            del schema["anyOf"]
            return {"type": [other.pop("type"), "null"]} | other | schema
        if "enum" in other:
            del schema["anyOf"]
            return {"enum": [*(value for value in other["enum"] if value is not None), None]} | schema
    return schema
