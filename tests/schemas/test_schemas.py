"""The schemas are what people read, the models are what runs: neither may say what the other does not."""

import copy
import json
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import tried
from tests.schemas import story
from tests.schemas.refresh import refreshed, undescribed
from tests.schemas.structure import HOMES, MODELS, SCHEMAS, comparable, load, of_file, of_model

NAMES = sorted(MODELS)


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(load(name))


def examples() -> list[tuple[str, dict[str, Any]]]:
    return [(name, example) for name in NAMES for example in load(name)["examples"]]


def decode(name: str, value: Any) -> Any:
    return msgspec.json.decode(json.dumps(value), type=MODELS[name])


def accepted(name: str, value: Any) -> bool:
    try:
        decode(name, value)
    except (msgspec.ValidationError, ValueError):
        return False
    return True


def test_every_contract_has_a_file_and_every_file_a_model() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{name}.schema.json" for name in MODELS}


@pytest.mark.parametrize("name", NAMES)
def test_is_a_schema_of_2020_12(name: str) -> None:
    schema = load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", NAMES)
def test_structure_is_that_of_the_model(name: str) -> None:
    """Names, types, enumerations, patterns, limits and what is required, in both directions."""
    assert comparable(of_file(name)) == comparable(of_model(name)), "python -m tests.schemas.refresh"


@pytest.mark.parametrize("name", NAMES)
def test_every_part_has_a_title_and_every_property_a_description(name: str) -> None:
    assert undescribed(load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_refresh_changes_nothing(name: str) -> None:
    """Parts that several files hold read the same in all of them."""
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(refreshed(name), ensure_ascii=False, indent=2) + "\n"


def test_shared_parts_have_a_home() -> None:
    holders: dict[str, set[str]] = {}
    for name in NAMES:
        for part in load(name).get("$defs", {}):
            holders.setdefault(part, set()).add(name)
    shared = {part for part, files in holders.items() if len(files) > 1}
    assert shared <= set(HOMES), shared - set(HOMES)


@pytest.mark.parametrize("name", NAMES)
def test_has_an_example(name: str) -> None:
    assert load(name)["examples"]


def test_examples_are_what_the_program_says() -> None:
    """But for the versions of code, rules and lists, which change without changing what is meant."""
    for name, example in story.examples().items():
        assert _unversioned(load(name)["examples"][0]) == _unversioned(example), f"{name}: make docs"


@pytest.mark.parametrize(("name", "example"), examples(), ids=lambda v: v if isinstance(v, str) else "")
def test_example_is_valid_and_survives_the_model(name: str, example: dict[str, Any]) -> None:
    validator(name).validate(example)
    again = msgspec.json.decode(msgspec.json.encode(decode(name, example)))
    assert _without_defaults(again) == _without_defaults(example)


@pytest.mark.parametrize(("name", "example"), examples(), ids=lambda v: v if isinstance(v, str) else "")
def test_unknown_properties_are_accepted_everywhere(name: str, example: dict[str, Any]) -> None:
    """By the schema as by the decoder: a newer producer may say more."""
    more = copy.deepcopy(example)
    for path in list(paths(example)):
        if isinstance(part := at(more, path), dict) and not free_form(path):
            part["somethingNew"] = {"a": [1]}
    validator(name).validate(more)
    assert decode(name, more) == decode(name, example)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([10**6, 10**6 + 1, 100_000, 0.5, 1e300]),
    st.sampled_from(
        [
            "",
            "x",
            "KG",
            "KG\n",
            "1.5\n",
            "kg",
            "KGZ",
            "12",
            "1.5",
            "-1.50",
            "1.",
            "١٢",
            "123456",
            "12345678",
            "1234567",
        ]
    ),
    st.sampled_from(["LODGED", "EXPORT", "RED", "OPEN", "EMPTY", "TRUE_MATCH", "2022", "2023", "x" * 201]),
    st.sampled_from([[], {}, [1], ["x"], [None], {"a": 1}, [{}]]),
)


@settings(
    max_examples=tried(400), derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(data=st.data())
def test_schema_and_decoder_agree(data: st.DataObject) -> None:
    """An example with one to three places changed or taken away is accepted by both or by neither."""
    name, example = data.draw(st.sampled_from(examples()))
    changed = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(paths(changed), key=str)))
        if not path:
            continue
        holder, last = at(changed, path[:-1]), path[-1]
        if data.draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(data.draw(VALUES))
    by_schema = validator(name).is_valid(changed)
    by_model = accepted(name, changed)
    if by_model:
        assert by_schema, f"{name}: the model takes what the schema refuses: {changed}"
    elif by_schema:
        assert beyond_schema(name, changed), f"{name}: the schema takes what the model refuses: {changed}"


def beyond_schema(name: str, value: Any) -> bool:
    """Whether the model refuses it for what JSON Schema cannot say, and the descriptions do."""
    try:
        decode(name, value)
    except (msgspec.ValidationError, ValueError) as error:
        huge = any(
            isinstance(at(value, path), float) and abs(at(value, path)) > 2**63 for path in paths(value)
        )
        if huge and "Expected `int" in str(error):  # to JSON Schema 1e300 is an integer like any other
            return True
        return any(
            said in str(error)
            for said in (
                "Invalid RFC3339 encoded datetime",  # `format` is an annotation in 2020-12
                "full must start with hs6",
                r"(?!\n)",  # Python's `$`, which jsonschema uses, lets a last line break pass; JSON Schema's does not
                "a finding is resolved twice",
                "approver must be another person than officer",
            )
        )
    return False


def paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """Every place in a JSON value."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield from paths(part, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def free_form(path: tuple[Any, ...]) -> bool:
    """Inside an object whose names are data."""
    return bool({"inputs", "tables", "nationalExtensions"} & set(path)) or path[-2:] == (
        "screened",
        "documents",
    )


def _unversioned(example: dict[str, Any]) -> dict[str, Any]:
    changing = ("versions", "code", "payloadHash", "alertSha256") if "rule" not in example else ()
    return {key: value for key, value in example.items() if key not in changing}


def _without_defaults(value: Any) -> Any:
    """Absent, empty and default say the same on the wire; 48 and 48.0 are one number."""
    if isinstance(value, dict):
        return {key: _without_defaults(part) for key, part in value.items() if key != "schemaVersion"}
    return [_without_defaults(part) for part in value] if isinstance(value, list) else value
