"""`python -m tests.schemas.refresh`: brings the structure of the models into the schema files, keeping every text, and
makes their examples anew (tests/schemas/story.py).

What is new in a model comes without a description, which tests/schemas refuses until somebody writes one.
"""

import json
from typing import Any

from tests.schemas import story
from tests.schemas.structure import HOMES, MODELS, SCHEMAS, TEXTS, load, objects, of_model


def refreshed(name: str) -> dict[str, Any]:
    """The schema file as it should be, its examples apart."""
    path = SCHEMAS / f"{name}.schema.json"
    old = load(name) if path.exists() else {}
    new = of_model(name)
    title = old.get("title", MODELS[name].__name__)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:torugart:schema:{name}:{_version(new)}",
        "title": title,
        "description": old.get("description", ""),
    }
    made = head | _merge(new, old) | {"examples": old.get("examples", [])}
    defs = {
        part: _titled(part, _merge(schema, _old_part(name, part)))
        for part, schema in new.get("$defs", {}).items()
    }
    made.pop("$defs", None)
    return made | ({"$defs": defs} if defs else {})


def _version(schema: dict[str, Any]) -> str:
    """The version of a contract that has one: the default of its schemaVersion."""
    version: str = schema["properties"].get("schemaVersion", {}).get("default", "1.0")
    return version


def _old_part(name: str, part: str) -> dict[str, Any]:
    """Texts of a part: from the file where it is at home, else from this one."""
    for file in (HOMES.get(part, name), name):
        if (SCHEMAS / f"{file}.schema.json").exists():
            schema = load(file)
            if MODELS[file].__name__ == part:
                return {key: value for key, value in schema.items() if key != "examples"}
            if part in schema.get("$defs", {}):
                return dict(schema["$defs"][part])
    return {}


def _titled(part: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": schema.pop("title", part), "description": schema.pop("description", "")} | schema


def _merge(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """`new` with the texts of `old`, and its enumerations in the order of `old` where they hold the same."""
    merged = {key: value for key, value in new.items() if key != "$defs"}
    merged |= {key: old[key] for key in TEXTS if key in old}
    if "properties" in new:
        before = old.get("properties", {})
        merged["properties"] = {
            name: _property(schema, before.get(name, {})) for name, schema in new["properties"].items()
        }
    return merged


def _property(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    merged = {"description": old.get("description", "")} | new
    if "enum" in new and set(new["enum"]) == set(old.get("enum", ())):
        merged["enum"] = old["enum"]
    return merged


def undescribed(schema: dict[str, Any]) -> list[str]:
    """Properties and parts of a schema file that lack a title or a description."""
    missing = []
    for part, content in objects(schema).items():
        missing += [f"{part}.{text}" for text in ("title", "description") if not content.get(text)]
        missing += [
            f"{part}.{name}" for name, value in content["properties"].items() if not value.get("description")
        ]
    return missing


def write(name: str, schema: dict[str, Any]) -> None:
    text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
    (SCHEMAS / f"{name}.schema.json").write_text(text, encoding="utf-8")


def main() -> None:
    # Twice: what is at home in one file reaches the others whatever their order.
    for _ in range(2):
        for name in MODELS:
            write(name, refreshed(name))
    for name, example in story.examples().items():
        write(name, load(name) | {"examples": [example]})
    for name in MODELS:
        for place in undescribed(load(name)):
            print(f"schemas/{name}.schema.json: {place} needs a text")


if __name__ == "__main__":
    main()
