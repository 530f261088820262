"""What differs between two versions of a declaration, and which differences are of concern."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from streams.declarations.model import (
    CustomsOffice,
    Declaration,
    Document,
    GoodsItem,
    Party,
    RoutingCountry,
    TransportEquipment,
    TransportMeans,
)
from streams.lifecycle.concerns import Concern, FieldDifference, Stated, concern_of, who

MAX_CHANGES = 200
MAX_TEXT = 200
"""Characters of a value and of a key in a path."""
LEAD = 40
"""Characters shown before the first difference of values that are longer."""


class Change(Struct, rename="camel", omit_defaults=True, frozen=True, kw_only=True):
    """One field that differs."""

    path: str
    """such as declaration.parties[CONSIGNEE].name or declaration.goodsItems[3].commodityCode.hs6"""
    before: str | None = None
    after: str | None = None
    concern: Concern | None = None


def changes(before: Declaration, after: Declaration) -> tuple[Change, ...]:
    """Every field that differs, in the order of the model and of `after`.

    Parties are matched within their role, items by their number, documents within their type, others by position, those that
    stayed the same before all others: what only moved is no change. A part that was added or taken away is one change. Of more
    than 200, those with a concern are kept first, some of every kind, and the last one counts the rest. Raises nothing.
    """
    if before == after:
        return ()
    was, now = Stated(before), Stated(after)
    found = [
        Change(
            path=one.path,
            before=texts[0],
            after=texts[1],
            concern=concern_of(one, was, now),
        )
        for one in _struct("declaration", before, after)
        for texts in (_cut(_told(one, 0, before), _told(one, 1, after)),)
    ]
    return shortened(found, MAX_CHANGES)


def together(earlier: Sequence[Change], later: Sequence[Change]) -> tuple[Change, ...]:
    """What two steps changed, one after the other, field by field. What the second put back is no change any more; the
    concern is that of either."""
    sums = {change.path: change for change in earlier}
    for change in later:
        first = sums.get(change.path)
        if first is None or _counts(change):
            sums[change.path] = change
        elif first.before == change.after and len(first.before or "") < MAX_TEXT:
            del sums[change.path]
        else:
            sums[change.path] = Change(
                path=change.path,
                before=first.before,
                after=change.after,
                concern=change.concern or first.concern,
            )
    return shortened(list(sums.values()), MAX_CHANGES)


_REST = "more differences"


def shortened(found: Sequence[Change], most: int) -> tuple[Change, ...]:
    """At most so many (1 or more), in their order: those with a concern before others, some of every kind. The last one counts
    what was left out, at the path `declaration`."""
    if len(found) <= most:
        return tuple(found)
    uncounted = [change for change in found if not _counts(change)]
    seen: defaultdict[Concern | None, int] = defaultdict(int)
    ranked = []
    for place, change in enumerate(uncounted):
        ranked.append((change.concern is None, seen[change.concern], place))
        seen[change.concern] += 1
    kept = sorted(place for _, _, place in sorted(ranked)[: most - 1])
    rest = (
        len(uncounted) - len(kept) + sum(int((one.after or "0").split()[0]) for one in found if _counts(one))
    )
    return (*(uncounted[place] for place in kept), Change(path="declaration", after=f"{rest} {_REST}"))


def _counts(change: Change) -> bool:
    return change.path == "declaration" and (change.after or "").endswith(_REST)


# ---- the walk ----

_NOTHING: tuple[Any, ...] = (None, "", (), {})
"""What says the same: not declared."""


_FIELDS: dict[type[Any], tuple[tuple[str, str], ...]] = {}
"""Of each type met, once: (name in Python, name on the wire) of its fields."""


def _fields(kind: type[Any]) -> tuple[tuple[str, str], ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple((field.name, field.encode_name) for field in msgspec.structs.fields(kind))
    return _FIELDS[kind]


def _struct(
    path: str, before: Any, after: Any, party: tuple[Party, Party] | None = None
) -> Iterator[FieldDifference]:
    """Two structs of one type, or one and None: each field that differs."""
    for name, said in _fields(type(before if before is not None else after)):
        one, other = getattr(before, name, None), getattr(after, name, None)
        if one != other and not (one in _NOTHING and other in _NOTHING):
            if name == "statistical_value":
                currencies = tuple(
                    getattr(side, "statistical_value_currency", None) for side in (before, after)
                )
                yield FieldDifference(f"{path}.{said}", one, other, party, (currencies[0], currencies[1]))
                continue
            yield from _value(f"{path}.{said}", one, other, party)


def _value(
    path: str, before: Any, after: Any, party: tuple[Party, Party] | None
) -> Iterator[FieldDifference]:
    kind = before if before is not None else after
    if isinstance(kind, Struct):
        yield from _struct(path, before, after, party)
    elif isinstance(kind, dict):
        one, other = before or {}, after or {}
        for key in sorted({*one, *other}):
            if one.get(key) != other.get(key) or (key in one) != (key in other):
                yield FieldDifference(f"{path}[{key[:MAX_TEXT]}]", one.get(key), other.get(key))
    elif isinstance(kind, tuple) and isinstance((before or after)[0], Struct):
        yield from _list(path, before or (), after or ())
    else:
        yield FieldDifference(path, before, after, party)


def _list(path: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[FieldDifference]:
    if isinstance((before or after)[0], RoutingCountry):  # a way is read as a whole
        ways = [tuple(one.country for one in side) for side in (before, after)]
        if ways[0] != ways[1]:
            yield FieldDifference(path, ways[0] or None, ways[1] or None)
        return
    old, new = _labels(before), _labels(after)
    partner = _partners(before, after)
    for place, value in enumerate(after):
        if place not in partner:
            yield FieldDifference(f"{path}[{new[place]}]", None, value)
        elif before[partner[place]] != value:
            was = before[partner[place]]
            pair = (was, value) if isinstance(value, Party) else None
            yield from _struct(f"{path}[{new[place]}]", was, value, pair)
    matched = set(partner.values())
    for place, value in enumerate(before):
        if place not in matched:
            yield FieldDifference(f"{path}[{old[place]}]", value, None)


def _labels(values: tuple[Any, ...]) -> list[str]:
    """How a path names each: by its group, a second one of it as #2; by its position from 1 where it has none."""
    count: defaultdict[str, int] = defaultdict(int)
    labels = []
    for place, value in enumerate(values, 1):
        group = _group(value)
        count[group] += 1
        labels.append(str(place) if not group else group if count[group] == 1 else f"{group}#{count[group]}")
    return labels


def _partners(before: tuple[Any, ...], after: tuple[Any, ...]) -> dict[int, int]:
    """Place in `after` -> place in `before`, within a group: the same first, then those of one name, then by position."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    passes: tuple[Callable[[Any], Any], ...] = (lambda value: value, _identity, lambda value: "")
    for key in passes:
        left: defaultdict[Any, deque[int]] = defaultdict(deque)
        for place, value in enumerate(before):
            if place not in taken and (same := key(value)) is not None:
                left[_group(value), same].append(place)
        for place, value in enumerate(after):
            if place not in partner and (same := key(value)) is not None:
                waiting = left.get((_group(value), same))
                if waiting:
                    partner[place] = waiting.popleft()
                    taken.add(partner[place])
    return partner


def _group(value: Any) -> str:
    match value:
        case Party(role=role) | CustomsOffice(role=role):
            return role
        case TransportMeans(role=role):
            return role or ""
        case GoodsItem(goods_item_number=number):
            return str(number)
        case Document(type=kind):
            return kind[:MAX_TEXT]
    return ""


def _identity(value: Any) -> str | None:
    match value:
        case Party():
            return who(value)
        case Document() | CustomsOffice():
            return value.reference_number
        case TransportEquipment():
            return value.container_identification_number
    return None


# ---- values as text ----

_INVOICED = ("itemAmountInvoiced", "totalAmountInvoiced")
_AMOUNTS = ("statisticalValue", "customsValue", *_INVOICED)


def _told(one: FieldDifference, side: int, whole: Declaration) -> str | None:
    """The value before (0) or after (1) as text: an amount with its currency, and saying so where none is declared."""
    text, name = _text((one.before, one.after)[side]), one.path.rpartition(".")[2]
    if text is None or name not in _AMOUNTS:
        return text
    currency = whole.invoice_currency if name in _INVOICED else one.currencies[side]
    return f"{text} {currency or '(no currency)'}"


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case tuple():
            return ", ".join(str(part) for part in value) or None
        case Party():
            return value.name or value.name_original_script or value.identification_number
        case GoodsItem(commodity_code=code):
            return f"{code.hs6 if code else 'no code'} {value.description_of_goods or ''}".rstrip()
        case Struct():
            parts = (_text(getattr(value, name)) for name in value.__struct_fields__)
            return " ".join(part for part in parts if part)
    return msgspec.json.encode(value, order="deterministic").decode()


def _cut(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Both cut to their first difference, which may be far behind."""
    longest = max(len(text or "") for text in (before, after))
    if longest <= MAX_TEXT:
        return before, after
    start = 0
    if before is not None and after is not None:
        pairs = zip(before, after, strict=False)
        same = next(
            (place for place, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after))
        )
        start = same - LEAD if same > MAX_TEXT // 2 else 0
    return _window(before, start), _window(after, start)


def _window(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    shown = ("…" if start else "") + text[start:]
    return shown if len(shown) <= MAX_TEXT else shown[: MAX_TEXT - 1] + "…"
