"""The parts of a field map: a path, a value, the fields of a structure, the blocks of a list. Each is checked against the
model when the map is loaded (ValueError) and then builds its part of a declaration from a message (Unscreenable)."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec import inspect

from streams.declarations.errors import Unscreenable
from streams.declarations.field_values import ABSENT, converter, plain
from streams.declarations.formats.mapped.field_paths import ListMet, Path, Scope, Where
from streams.declarations.formats.mapped.sources import Conditions, Skip, Source, Values
from streams.declarations.formats.mapped.taken import Place, Taken, takes, within
from streams.declarations.model import RoutingCountry
from streams.declarations.reading import Reading

SHORT = {
    "goodsItems": {
        "hs6": ("commodityCode", "hs6"),
        "full": ("commodityCode", "full"),
        "nomenclature": ("commodityCode", "nomenclature"),
        "hsVersion": ("commodityCode", "hsVersion"),
        "description": ("descriptionOfGoods",),
    }
}
"""What may be written shorter in the table of a field."""

ESSENTIAL = frozenset(
    {"envelope.declarationKey", "envelope.versionNumber", "envelope.eventType", "envelope.eventDateTime"}
    | {"envelope.schemaVersion", "declaration.regime"}
)
"""Fields without which it is not known what was declared: what cannot be read of them refuses the message."""


class _Missing(Unscreenable):
    """A field that the contract requires is not in the message."""

    def __init__(self, detail: str) -> None:
        super().__init__("SCHEMA_VIOLATION", detail)


class _Value:
    """One field: where it comes from, and how it is made fit."""

    def __init__(
        self,
        spec: Any,
        target: str,
        values: Values,
        required: bool,
        convert: Callable[[Any], Any],
        many: bool = False,
    ) -> None:
        self.source = Source(spec, target, values, many)
        self.target = target
        self.required = required and not self.source.table.get("optional", False)
        self._convert = convert
        self._const = ABSENT
        if self.source.const is not ABSENT:
            try:
                made = convert(self.source.const)
            except ValueError as error:
                raise ValueError(f"{target}: {error}") from None
            if not self.source.varies:
                self._const = made.value if isinstance(made, Reading) else made

    @property
    def varies(self) -> bool:
        """Whether it depends on the message."""
        return self.source.varies

    @property
    def sources(self) -> list[str]:
        return [path.label for path, _ in self.source.paths()] if self.varies else []

    def mapped(self, within: str = "") -> Iterator[tuple[str, str]]:
        """Its field, with each path that feeds it."""
        for path, _ in self.source.paths():
            yield self.target, path.label if path.from_root or not within else f"{within}.{path.label}"

    def taken(self, here: Place) -> Iterator[Taken]:
        """The places in a message that it takes."""
        for path, conditions in self.source.paths():
            yield from takes(path, conditions, here)

    def build(self, root: Any, scope: Scope) -> Any:
        if self._const is not ABSENT:
            return self._const
        try:
            value, path = self.source.find(root, scope)
        except ListMet as met:
            met.target = met.target or self.target
            raise
        if value is ABSENT:
            if self.required:
                raise _Missing(f"{path.place(scope.path)}: missing; it is the {self.target}")
            return ABSENT
        if self.target in ESSENTIAL and not self.source.maps(value):
            place = path.place(scope.path)
            raise Unscreenable("SCHEMA_VIOLATION", f"{place}: not among the values that {self.target} maps")
        try:
            made = self._convert(value)
        except ValueError as error:
            # What need not be there is passed on as it was written: the canonical reader leaves it out and says so. An object, or
            # a list of lists, is no value: the map was written for another message.
            if self.target in ESSENTIAL or isinstance(value, dict | list):
                detail = f"{path.place(scope.path)}: {error} ({self.target})"
                raise Unscreenable("SCHEMA_VIOLATION", detail) from None
            return str(value)
        made = plain(value) if isinstance(made, Reading) else made
        # Written over several lines, as XML often is.
        return " ".join(made.split()) if isinstance(made, str) and "\n" in made else made


class Fields:
    """The fields of one structure of the model."""

    def __init__(
        self,
        model: inspect.StructType,
        table: dict[str, Any],
        target: str,
        values: Values,
        required: bool = True,
        is_entry: bool = False,
    ) -> None:
        """`is_entry`: of a list that need not have it; one that lacks what it requires is passed on, to be left out and told."""
        self._name = model.cls.__name__
        self._must_be = required
        self._is_entry = is_entry
        fields = {field.encode_name: field for field in model.fields}
        self._required = [name for name, field in fields.items() if field.required]
        self._plans: dict[str, _Value | Fields | _Blocks] = {}
        for name, spec in _written_out(target, table).items():
            here = f"{target}.{name}".lstrip(".")
            if name not in fields:
                raise ValueError(f"{here}: there is no such field")
            self._plans[name] = _plan(fields[name].type, spec, here, values, fields[name].required)
        for name in self._required:
            if name not in self._plans and not (name == "hs6" and "full" in self._plans):
                raise ValueError(f"{target}.{name}: the contract requires it: map it".lstrip("."))

    @property
    def varies(self) -> bool:
        return any(plan.varies for plan in self._plans.values())

    @property
    def sources(self) -> list[str]:
        return [source for plan in self._plans.values() for source in plan.sources]

    def mapped(self, within: str = "") -> Iterator[tuple[str, str]]:
        """Each field, with each path that feeds it."""
        for plan in self._plans.values():
            yield from plan.mapped(within)

    def taken(self, here: Place) -> Iterator[Taken]:
        """The places in a message that they take."""
        for plan in self._plans.values():
            yield from plan.taken(here)

    def build(self, root: Any, scope: Scope) -> Any:
        """The fields that are there; ABSENT where nothing but constants is left of what need not be."""
        built: dict[str, Any] = {}
        missing: _Missing | None = None
        told = not self.varies
        for name, plan in self._plans.items():
            try:
                value = plan.build(root, scope)
            except _Missing as error:
                missing = missing or error
                continue
            if value is not ABSENT:
                built[name] = value
                told = told or plan.varies
        if missing is not None and (told or self._must_be) and not self._is_entry:
            raise missing
        if not told and (not self._must_be or self._name == "CommodityCode"):
            return ABSENT
        if self._name == "CommodityCode":
            return _commodity_code(built)
        if self._is_entry:
            return built
        # What the map calls optional, though required: said to be absent.
        return dict.fromkeys(self._required) | built


class _Block(NamedTuple):
    each: Path | None
    conditions: Conditions | None
    """which elements, or whether any entry is made"""
    fields: Fields


class _Blocks:
    """A list: blocks of the map, each one entry, or one for every element of a list of the message (`each`)."""

    varies = True

    def __init__(
        self, model: inspect.StructType, blocks: Any, target: str, values: Values, required: bool
    ) -> None:
        self._target = target
        self._required = required
        self._are_items = model.cls.__name__ == "GoodsItem"
        self._are_parties = model.cls.__name__ == "Party"
        self._blocks: list[_Block] = []
        for block in blocks if isinstance(blocks, list) else [blocks]:
            if not isinstance(block, dict):
                raise ValueError(f"{target}: write it as [[{target.rpartition('.')[2]}]] tables")
            fields = {name: spec for name, spec in block.items() if name not in ("each", "where")}
            if self._are_items:
                fields.setdefault("goodsItemNumber", {"const": 0})
            each = Path(block["each"]) if "each" in block else None
            conditions = Conditions(block["where"], target) if "where" in block else None
            entry = Fields(model, fields, target, values, self._are_items, not self._are_items)
            self._blocks.append(_Block(each, conditions, entry))

    @property
    def sources(self) -> list[str]:
        return [
            source
            for block in self._blocks
            for source in ([block.each.label] if block.each else block.fields.sources)
        ]

    def mapped(self, within: str = "") -> Iterator[tuple[str, str]]:
        """Each field, with each path that feeds it."""
        for block in self._blocks:
            label = block.each.label if block.each is not None else "."
            yield from block.fields.mapped(".".join(one for one in (within, label) if one and one != "."))

    def taken(self, here: Place) -> Iterator[Taken]:
        """The places in a message that they take."""
        for block in self._blocks:
            place = within(here, block.each, block.conditions)
            yield from block.fields.taken(place)
            for path in block.conditions.paths() if block.conditions else ():
                yield from takes(path, None, place)

    def build(self, root: Any, scope: Scope) -> Any:
        built: list[dict[str, Any]] = []
        for block in self._blocks:
            for one in [scope] if block.each is None else block.each.elements(root, scope):
                if block.conditions is not None and not block.conditions.hold(one.value):
                    continue
                entries = list(self._entries(block.fields, root, one, (), block.each is not None))
                for entry in _merged(entries) if self._are_parties and len(entries) > 1 else entries:
                    if entry is ABSENT or (self._are_parties and not entry.keys() & _IDENTIFY):
                        continue
                    if self._are_items and entry["goodsItemNumber"] in (0, None):
                        entry["goodsItemNumber"] = len(built) + 1
                    built.append(entry)
        if not built and self._required:
            raise _Missing(f"{', '.join(self.sources[:5])}: missing; {self._target} needs one at least")
        return built or ABSENT

    def _entries(self, fields: Fields, root: Any, scope: Scope, by: Where, is_element: bool) -> Iterator[Any]:
        """What a block builds in one place: one entry, or where its paths run through a list one for each element of it."""
        try:
            entry = fields.build(root, scope)
        except Skip:
            return
        except ListMet as met:
            # An item is not taken twice because one of its values is a list; nor are two lists combined that stand side by side.
            if (self._are_items and is_element) or met.where[: len(by)] != by:
                raise met.refusal() from None
            for index in range(met.length):
                chosen = scope._replace(chosen=scope.chosen | {met.where: index})
                yield from self._entries(fields, root, chosen, met.where, is_element)
            return
        yield entry


def _merged(entries: list[Any]) -> list[Any]:
    """Parties that are the same but for their goods items, as one of all these items: a row says again whose it is."""
    made: dict[str, Any] = {}
    for number, entry in enumerate(entries):
        if entry is ABSENT or "goodsItemNumbers" not in entry:
            made[str(number)] = entry
            continue
        alone = repr({name: one for name, one in entry.items() if name != "goodsItemNumbers"})
        if alone in made:
            made[alone]["goodsItemNumbers"] += entry["goodsItemNumbers"]
        else:
            made[alone] = entry
    return list(made.values())


_IDENTIFY = {"name", "identificationNumber", "nameOriginalScript"}
"""A party block that finds none of these is absent from the message."""


def _plan(
    kind: inspect.Type, spec: Any, target: str, values: Values, required: bool
) -> _Value | Fields | _Blocks:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.StructType) and isinstance(spec, dict):
        return Fields(kind, spec, target, values, required)
    bare = kind.type if isinstance(kind, inspect.Metadata) else kind
    if isinstance(bare, inspect.VarTupleType) and isinstance(bare.item_type, inspect.StructType):
        in_short = bare.item_type.cls is RoutingCountry and isinstance(
            spec, str
        )  # a list of codes, or a text of them
        if not in_short:
            return _Blocks(bare.item_type, spec, target, values, required)
    if isinstance(kind, inspect.LiteralType) and isinstance(spec, str) and spec in kind.values:
        spec = {"const": spec}
    try:
        convert = converter(kind)
    except ValueError as error:
        raise ValueError(f"{target}: {error}") from None
    return _Value(spec, target, values, required, convert, isinstance(bare, inspect.VarTupleType))


def _written_out(target: str, table: dict[str, Any]) -> dict[str, Any]:
    """A table of the map with its short names written out."""
    full = dict(table)
    for short, (first, *rest) in SHORT.get(target.rpartition(".")[2], {}).items():
        if short in full:
            spec = full.pop(short)
            full[first] = {**full.get(first, {}), rest[0]: spec} if rest else spec
    return full


def _commodity_code(built: dict[str, Any]) -> Any:
    """Six digits, and the whole code where it is longer."""
    whole = built.get("full") or built.get("hs6")
    if whole is None:
        return ABSENT
    return built | {"hs6": built.get("hs6", whole)[:6], "full": whole}
