"""Declarations of any shape the model allows, made from the model itself."""

import string
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from msgspec import inspect

from streams.declarations.model import CommodityCode, DeclarationVersion, Party

STEADY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
"""The same examples in every run."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)

CODES = ("010221", "090121", "610910", "847130", "901310")
BY_KIND = {
    "date": st.dates(datetime(1990, 1, 1).date(), datetime(2099, 12, 31).date()).map(str),
    "decimal": st.decimals(0, 10**12, places=2).map(str),
    "currency": st.sampled_from(("EUR", "KGS")),
}
"""What free texts of the contract hold, where they can be read."""
APART = ("schema_version", "unreadable", "repaired")


def of(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.Metadata(type=inspect.StrType(pattern=None), extra={"kind": str(named)}):
            return BY_KIND[named]
        case inspect.Metadata(type=inner):
            return of(inner)
        case inspect.UnionType(types=types):
            return st.one_of([of(one) for one in types])
        case inspect.NoneType():
            return st.none()
        case inspect.StrType(pattern=str(pattern)) if "{6}" in pattern:
            return st.sampled_from(CODES)
        case inspect.StrType(pattern=str(pattern)):
            return st.from_regex(pattern, fullmatch=True, alphabet=st.sampled_from(string.printable))
        case inspect.StrType(min_length=shortest, max_length=longest):
            texts = st.text(min_size=max(shortest or 0, 1), max_size=min(longest or 30, 30))
            return texts.filter(str.strip)  # a blank one is absent
        case inspect.IntType(ge=least, le=most):
            return st.integers(
                least if least is not None else -(2**63), most if most is not None else 2**63 - 1
            )
        case inspect.BoolType():
            return st.booleans()
        case inspect.DateTimeType():
            years = {"min_value": datetime(1990, 1, 2), "max_value": datetime(2099, 12, 30)}
            return st.datetimes(**years, timezones=st.timezones()).map(_as_sent)
        case inspect.LiteralType(values=values):
            return st.sampled_from(sorted(values))
        case inspect.VarTupleType(item_type=item, min_length=least):
            return st.lists(of(item), min_size=least or 0, max_size=2).map(tuple)
        case inspect.DictType():
            return st.dictionaries(st.text(max_size=10), JSON, max_size=3)
        case inspect.StructType(cls=cls):
            return structure(cls)
    raise AssertionError(kind)


def _as_sent(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(year=2022, month=6, day=15, tzinfo=UTC)


def structure(cls: type) -> st.SearchStrategy[Any]:
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    fields = {field.name: of(field.type) for field in info.fields if field.name not in APART}
    required = {field.name: fields.pop(field.name) for field in info.fields if field.required}
    if cls is Party:
        required["name"] = st.text(min_size=1, max_size=30)
        fields.pop("name")
    made = st.fixed_dictionaries(required, optional=fields)
    if cls is CommodityCode:
        made = made.map(lambda code: code | {"full": code["hs6"] + "90"} if code.get("full") else code)
    return made.map(lambda values: cls(**values))


VERSIONS: st.SearchStrategy[DeclarationVersion] = structure(DeclarationVersion)
