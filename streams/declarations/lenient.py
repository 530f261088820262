"""A message in the canonical form with values in it that cannot be read: they are left out by their path, noted, and the rest is
kept, so that one of them does not cost the declaration its screening. See docs/decisions/0009.

Every adapter ends here: what it cannot convert it passes on as it was written. What identifies is left in its place, for the
strict decoder to refuse.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple, cast, get_args, get_type_hints

import msgspec
from msgspec import inspect

from streams.declarations import repair, tariff
from streams.declarations.field_values import converter, plain, untouched
from streams.declarations.model import (
    CommodityCode,
    Declaration,
    DeclarationVersion,
    Document,
    Envelope,
    GoodsItem,
    Party,
    RoutingCountry,
)
from streams.declarations.reading import Kind, Notes, Reading

LEFT_OUT: Any = object()

IDENTIFIES: dict[type, frozenset[str]] = {
    DeclarationVersion: frozenset({"envelope", "declaration"}),
    Envelope: frozenset({"declarationKey", "versionNumber", "eventType", "eventDateTime", "schemaVersion"}),
    Declaration: frozenset({"regime", "parties", "goodsItems"}),
}
"""Fields without which it is not known what was declared: never left out."""
_KEPT = (*IDENTIFIES, GoodsItem)
"""Parts that are never left out whole."""
_APART: dict[type, frozenset[str]] = {
    DeclarationVersion: frozenset({"unreadable", "repaired"}),
    CommodityCode: frozenset({"hs6", "full"}),
}
"""Fields that are read in a way of their own."""

AS_WRITTEN = "the contract writes it so"

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,20})?")


class _Field(NamedTuple):
    read: Callable[[Any, str, Notes], Any]
    required: bool
    nullable: bool


def doubtful(version: DeclarationVersion) -> bool:
    """Whether a version that keeps to the contract holds a text that is not what its field is for: a code with a digit too few, a
    date that is none."""
    declaration = version.declaration
    accepted, registration = declaration.acceptance_date_time, declaration.national_registration
    if accepted is not None and not repair.is_day(accepted):
        return True
    if registration is not None and registration.date is not None and not repair.is_day(registration.date):
        return True
    if declaration.exchange_rate is not None and not _PLAIN_NUMBER.fullmatch(declaration.exchange_rate):
        return True
    papers = declaration.documents or declaration.previous_documents or declaration.transport_documents
    if papers and (
        _doubtful(declaration.documents)
        or _doubtful(declaration.previous_documents)
        or _doubtful(declaration.transport_documents)
    ):
        return True
    for item in declaration.goods_items:
        code = item.commodity_code
        if (
            code is not None
            and (code.hs6 not in tariff.CODES or (code.full is not None and len(code.full) % 2))
            and not tariff.is_whole(code.full or code.hs6)
        ):
            return True
        currency = item.statistical_value_currency
        if currency is not None and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            return True
        if (item.documents and _doubtful(item.documents)) or (
            item.previous_documents and _doubtful(item.previous_documents)
        ):
            return True
    return False


def _doubtful(documents: Iterable[Document]) -> bool:
    for one in documents:
        if one.validity_date is not None and not repair.is_day(one.validity_date):
            return True
        for figure in (one.write_off_quantity, one.write_off_amount):
            if figure is not None and not _PLAIN_NUMBER.fullmatch(figure):
                return True
    return False


def readable(message: Any, notes: Notes) -> Any:
    """What of a message (plain values, as JSON gives them) can be read; the rest is noted."""
    if not isinstance(message, dict):
        return message
    return _record(DeclarationVersion)(message, "", notes)


@cache
def _record(cls: type) -> Callable[[Any, str, Notes], Any]:
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    hints = get_type_hints(cls, include_extras=True)
    stays = IDENTIFIES.get(cls, frozenset())
    fields = {
        one.encode_name: _Field(
            _reader(one.type, hints[one.name], one.encode_name, one.encode_name in stays),
            one.required,
            _nullable(one.type),
        )
        for one in info.fields
        if one.encode_name not in _APART.get(cls, ())
    }
    finish = _FINISH.get(cls)

    def read(value: Any, path: str, notes: Notes) -> Any:
        if not isinstance(value, dict):
            return value if cls in _KEPT else _left_out(value, path, "part", "not an object", notes)
        made: dict[str, Any] = {}
        for name, given in value.items():
            field = fields.get(name)
            if field is None:
                continue  # nobody reads it
            if _nothing(given) and name not in stays:
                if field.required and field.nullable:
                    made[name] = None
                continue
            one = field.read(given, f"{path}.{name}" if path else name, notes)
            if one is not LEFT_OUT:
                made[name] = one
            elif field.required and field.nullable:
                made[name] = None
        if finish is not None:
            made = finish(made, value, path, notes)
        if made is LEFT_OUT or cls in _KEPT:
            return made
        try:
            msgspec.convert(made, cls)
        except ValueError as error:
            if not _is_bound(error):
                return _left_out(value, path, "part", str(error).partition(" - at")[0], notes)
        return made

    return read


def _reader(kind: inspect.Type, hint: Any, name: str, stays: bool) -> Callable[[Any, str, Notes], Any]:
    if isinstance(kind, inspect.UnionType):
        inner = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
        return _reader(inner, next(one for one in get_args(hint) if one is not type(None)), name, stays)
    bare = kind.type if isinstance(kind, inspect.Metadata) else kind
    if isinstance(bare, inspect.StructType):
        return _record(bare.cls)
    if isinstance(bare, inspect.VarTupleType):
        item = hint
        while hasattr(item, "__metadata__"):
            item = get_args(item)[0]
        return _entries(_reader(bare.item_type, get_args(item)[0], name, False), bare.item_type, stays)
    if stays:
        return lambda value, path, notes: value
    return _value(kind, hint, name)


def _entries(
    read: Callable[[Any, str, Notes], Any], item: inspect.Type, stays: bool
) -> Callable[[Any, str, Notes], Any]:
    are_items = isinstance(item, inspect.StructType) and item.cls is GoodsItem

    def entries(value: Any, path: str, notes: Notes) -> Any:
        if not isinstance(value, list):
            return value if stays else _left_out(value, path, "part", "not a list", notes)
        made = []
        for number, given in enumerate(value):
            place = f"{path}[{number}]"
            if are_items and not isinstance(given, dict):
                notes.unreadable(place, "part", "not an object", given)
                given = {"commodityCode": None, "descriptionOfGoods": None, "goodsItemNumber": number + 1}
            elif _nothing(given) and not stays:
                continue
            one = read(given, place, notes)
            if one is not LEFT_OUT:
                made.append(one)
        return _numbered(made) if are_items else made

    return entries


def _numbered(items: list[Any]) -> list[Any]:
    """Items of which the number could not be read get that of their place, or the next that is free."""
    taken = {one.get("goodsItemNumber") for one in items}
    free = 0
    for place, one in enumerate(items, 1):
        if "goodsItemNumber" not in one:
            free = max(free, place)
            while free in taken:
                free += 1
            one["goodsItemNumber"] = free
            taken.add(free)
    return items


def _value(kind: inspect.Type, hint: Any, name: str) -> Callable[[Any, str, Notes], Any]:
    called = _called(kind, name)
    convert = converter(kind)
    free = isinstance(kind, inspect.Metadata) and bool(kind.extra) and not getattr(kind.type, "pattern", None)
    decoded = msgspec.convert

    def read(value: Any, path: str, notes: Notes) -> Any:
        try:
            decoded(value, hint)
            if not free:
                if called == "date":
                    convert(value)
                return untouched(value)
        except ValueError as error:
            if _is_bound(error):
                return value  # a limit of the contract, which its decoder tells
        try:
            made = convert(value)
        except (ValueError, ArithmeticError) as error:
            return _left_out(value, path, called, str(error), notes)
        why = AS_WRITTEN
        if isinstance(made, Reading):
            made, why = made
        try:
            decoded(made, hint)
        except ValueError as error:
            if _is_bound(error):
                return value
            return _left_out(value, path, called, str(error), notes)
        if made != value:
            notes.repaired(path, called, value, made, why)
        return made

    return read


def _is_bound(error: ValueError) -> bool:
    return " of length <= " in str(error)


def _called(kind: inspect.Type, name: str) -> Kind:
    match kind:
        case inspect.Metadata(extra={"kind": named}) if named in get_args(Kind):
            return cast(Kind, named)
        case inspect.Metadata(type=inner):
            return _called(inner, name)
        case inspect.DateTimeType():
            return "date"
        case inspect.IntType():
            return "number"
        case inspect.BoolType():
            return "flag"
        case inspect.LiteralType():
            return "role" if name == "role" else "choice"
        case inspect.DictType():
            return "part"
    return "text"


def _nullable(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.UnionType) and any(
        isinstance(one, inspect.NoneType) for one in kind.types
    )


def _nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _left_out(value: Any, path: str, kind: Kind, reason: str, notes: Notes) -> Any:
    notes.unreadable(path, kind, reason, value)
    return LEFT_OUT


# --- parts that are put right before they are judged


def _party(made: dict[str, Any], given: dict[str, Any], path: str, notes: Notes) -> Any:
    if "role" not in made:
        if _nothing(given.get("role")):
            notes.unreadable(f"{path}.role", "role", "none is declared", "")
        made["role"] = "UNKNOWN"
    return made


def _stop(made: dict[str, Any], given: dict[str, Any], path: str, notes: Notes) -> Any:
    if "sequenceNumber" not in made and "country" in made:
        made["sequenceNumber"] = int(path.rpartition("[")[2].rstrip("]")) + 1
    return made


def _item(made: dict[str, Any], given: dict[str, Any], path: str, notes: Notes) -> Any:
    number = made.get("goodsItemNumber")
    if number is None and _nothing(given.get("goodsItemNumber")):
        notes.unreadable(f"{path}.goodsItemNumber", "number", "none is declared", "")
        made.pop("goodsItemNumber", None)
    return made


def _code(made: dict[str, Any], given: dict[str, Any], path: str, notes: Notes) -> Any:
    """Both codes judged together, as they were given."""
    digits: dict[str, str] = {}
    for name in ("full", "hs6"):
        raw = given.get(name)
        if _nothing(raw):
            continue
        whole = str(given.get("full", "")).strip()
        if name == "hs6" and (whole == str(raw).strip() or ("full" in digits and whole.startswith(str(raw)))):
            continue  # cut from it, whatever happened to it
        try:
            code = tariff.read(plain(raw))
        except ValueError as error:
            notes.unreadable(f"{path}.{name}", "code", str(error), raw)
            continue
        digits[name] = code.digits
        if code.digits != raw:
            notes.repaired(f"{path}.{name}", "code", raw, code.digits, code.why or AS_WRITTEN)
    full, six = digits.get("full"), digits.get("hs6")
    if full is None and six is None:
        return LEFT_OUT if given.get("full") or given.get("hs6") else made
    if full is not None and six is not None and not full.startswith(six[:6]):
        return _left_out(
            {"hs6": given["hs6"], "full": given["full"]}, path, "code", "hs6 and full are two codes", notes
        )
    made = {name: one for name, one in made.items() if name not in ("full", "hs6")}
    made["hs6"] = (six or full or "")[:6]
    if full is not None or (six is not None and len(six) > 6):
        made["full"] = full or six
    return made


_FINISH: dict[type, Callable[[dict[str, Any], dict[str, Any], str, Notes], Any]] = {
    Party: _party,
    RoutingCountry: _stop,
    GoodsItem: _item,
    CommodityCode: _code,
}
