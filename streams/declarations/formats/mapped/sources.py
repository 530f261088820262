"""Where a value comes from, as a map says it: paths, choices by what stands beside, joins, and what is done with the text. All
checked when the map is loaded (ValueError, with the field)."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from streams.declarations.errors import Unscreenable
from streams.declarations.field_values import ABSENT, plain
from streams.declarations.formats import code_tables
from streams.declarations.formats.mapped.field_paths import Path, Scope

KINDS = ("const", "from", "first", "join", "value")
KEYS = frozenset(
    {
        *KINDS,
        "with",
        "partial",
        "where",
        "line",
        "lines",
        "slice",
        "case",
        "date",
        "decimal",
        "table",
        "absent",
    }
    | {"map", "default", "optional", "skip"}
)

EXCEL = "excel"
"""A spreadsheet's day number as a pattern of a date."""
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_051)
"""1990 to 2099."""

Values = Mapping[str, Any]
"""What a map calls by a name, to say it once: [values]."""


class Skip(Exception):
    """The entry of a list that is being made is to be left out: the map says so of a value in it."""


class Source:
    """Where a value comes from."""

    def __init__(self, spec: Any, target: str, values: Values, many: bool = False) -> None:
        """`many`: the field takes a list."""
        table = spec if isinstance(spec, dict) else {"from": spec}
        for _ in range(len(values) + 1):
            if "value" not in table:
                break
            table = _named(table, target, values)
        unknown = table.keys() - KEYS
        if unknown or sum(key in table for key in KINDS) != 1 or "value" in table:
            raise ValueError(
                f"{target}: give one of const, from, first, join, value"
                + (f"; unknown: {', '.join(sorted(unknown))}" if unknown else "")
            )
        for key, kinds, what in (
            ("join", list, "a list of paths"),
            ("first", list, "a list of paths"),
            ("map", dict, "a table"),
            ("where", dict, "a table"),
            ("absent", list, "a list of texts"),
        ):
            if key in table and not isinstance(table[key], kinds):
                raise ValueError(f"{target}: {key} takes {what}")
        self.target = target
        self.table = table
        self.const = table.get("const", ABSENT)
        self._many = many
        self._join = str(table.get("with", "|")) if "join" in table else None
        self._partial = bool(table.get("partial", False))
        given = table.get("join") or table.get("first") or [table.get("from", ".")]
        if not all(isinstance(one, str | dict) or _is_strings(one) for one in given):
            raise ValueError(f"{target}: a path is a string, such as decl.id, or a list of field names")
        self._parts: list[Path | Source] = [
            Source(one, target, values, many) if isinstance(one, dict) else Path(one) for one in given
        ]
        self._conditions = Conditions(table["where"], target) if "where" in table else None
        if self._conditions and "from" not in table and "const" not in table:
            raise ValueError(f"{target}: where goes with from and const")
        self._steps = list(_steps(table, target))
        self._absent = frozenset(table.get("absent", ()))
        self._map = {str(key): one for key, one in table.get("map", {}).items()}
        self._skip = table.get("skip", False)
        self._default = table.get("default", ABSENT)

    @property
    def varies(self) -> bool:
        """Whether it depends on the message."""
        if self.const is not ABSENT:
            return self._conditions is not None
        return any(part.varies if isinstance(part, Source) else True for part in self._parts)

    @property
    def path(self) -> Path:
        """That which is named where there is nothing."""
        part = self._parts[0]
        return part.path if isinstance(part, Source) else part

    def paths(self) -> Iterator[tuple[Path, "Conditions | None"]]:
        """Its paths, and what must stand beside the end of each."""
        if self.const is not ABSENT:
            for path in self._conditions.paths() if self._conditions else ():
                yield path, None
            return
        for part in self._parts:
            if isinstance(part, Source):
                yield from part.paths()
            else:
                yield part, self._conditions

    def find(self, root: Any, scope: Scope) -> tuple[Any, Path]:
        """The value and the path that had it; ABSENT, and the path to name, where there is none.

        Raises Unscreenable for a value that no field can hold, Skip where the map leaves the entry out.
        """
        if self.const is not ABSENT:
            stands = self._conditions is None or self._conditions.hold(scope.value)
            return (self.const if stands else self._default), self.path
        value, path = self._found(root, scope)
        if value is ABSENT:
            return self._default, path
        if self._steps or self._absent:
            value = self._each(value, self._worked, path, scope)
            if value is ABSENT:
                return self._default, path
        if self._map or self._skip:
            value = self._each(value, self._mapped, path, scope)
        return value, path

    def _found(self, root: Any, scope: Scope) -> tuple[Any, Path]:
        if self._join is not None:
            texts = []
            for part in self._parts:
                value, path = self._of(part, root, scope)
                if value is not ABSENT:
                    texts.append(self._text(value, path, scope))
                elif not self._partial:
                    return ABSENT, path
            return (self._join.join(texts) if texts else ABSENT), self.path
        for part in self._parts:
            value, path = self._of(part, root, scope)
            if value is not ABSENT:
                return value, path
        return ABSENT, self.path

    def _of(self, part: "Path | Source", root: Any, scope: Scope) -> tuple[Any, Path]:
        if isinstance(part, Source):
            return part.find(root, scope)
        if self._conditions is not None:
            return self._beside(part, self._conditions, root, scope), part
        return (part.every(root, scope) if self._many else part.find(root, scope)), part

    def _beside(self, path: Path, conditions: "Conditions", root: Any, scope: Scope) -> Any:
        """The values at the end of a path of those elements that have what must stand beside it."""
        found: list[Any] = []
        for element in path.elements(root, scope):
            holder = element.value if conditions.own or not element.parents else element.parents[-1]
            if conditions.hold(holder):
                value = _ITSELF.every(root, element)
                found += value if isinstance(value, list) else [] if value is ABSENT else [value]
        if not found:
            return ABSENT
        if self._many:
            return found
        if any(one != found[0] for one in found):
            raise Unscreenable(
                "SCHEMA_VIOLATION",
                f"{path.place(scope.path)}: {len(found)} with different values, where {self.target} takes one: change the map",
            )
        return found[0]

    def _each(self, value: Any, work: Callable[[str], Any], path: Path, scope: Scope) -> Any:
        if self._many and isinstance(value, list):
            made = [self._each(one, work, path, scope) for one in value]
            flat = [each for one in made for each in (one if isinstance(one, list) else [one])]
            return [one for one in flat if one is not ABSENT] or ABSENT
        return work(self._text(value, path, scope))

    def _worked(self, text: str) -> Any:
        for step in self._steps:
            text = step(text)
        text = text.strip()
        if self._many and "\n" in text:
            return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        return ABSENT if not text or text in self._absent else text

    def _mapped(self, text: str) -> Any:
        if text in self._map:
            return self._map[text]
        if (self._skip is True and self._map) or (isinstance(self._skip, list) and text in self._skip):
            raise Skip
        return text if self._default is ABSENT or not self._map else self._default

    def maps(self, value: Any) -> bool:
        """Whether a value is one that the map makes, or it maps none."""
        return not self._map or self._default is not ABSENT or value in self._map.values()

    def _text(self, value: Any, path: Path, scope: Scope) -> str:
        try:
            return plain(value)
        except ValueError as error:
            raise Unscreenable(
                "SCHEMA_VIOLATION", f"{path.place(scope.path)}: {error} ({self.target})"
            ) from None


_ITSELF = Path(".")


class Conditions:
    """What must stand beside a value: { type = "TSP" }, one of several (a list), anything (true), nothing (false). Attributes
    (@kind) are those of the value's own element."""

    def __init__(self, given: dict[str, Any], target: str) -> None:
        if not given:
            raise ValueError(f"{target}: where is empty")
        self._asked: list[tuple[Path, frozenset[str] | bool]] = []
        self.own = all(name.startswith("@") for name in given)
        """whether they are of the element itself"""
        for name, wanted in given.items():
            texts = wanted if isinstance(wanted, list) else [wanted]
            if not isinstance(wanted, bool) and not _is_strings(texts):
                raise ValueError(f"{target}: where.{name} takes a text, a list of texts, true or false")
            self._asked.append((Path(name), wanted if isinstance(wanted, bool) else frozenset(texts)))

    def hold(self, element: Any) -> bool:
        """Whether an element has them."""
        scope = Scope(element, "", {}, {})
        for path, wanted in self._asked:
            found = path.every(element, scope)
            if isinstance(wanted, bool):
                if (found is not ABSENT) is not wanted:
                    return False
                continue
            texts = found if isinstance(found, list) else [found]
            if not any(
                not isinstance(one, dict | list) and one is not ABSENT and plain(one).strip() in wanted
                for one in texts
            ):
                return False
        return True

    def paths(self) -> Iterator[Path]:
        for path, _ in self._asked:
            yield path


def _named(table: dict[str, Any], target: str, values: Values) -> dict[str, Any]:
    """A table that names a value of [values], with what that says; what it says itself comes first."""
    name = table["value"]
    if not isinstance(name, str) or name not in values:
        raise ValueError(f"{target}: there is no [values] {name}")
    said = values[name]
    own = {key: one for key, one in table.items() if key != "value"}
    return {**(said if isinstance(said, dict) else {"from": said}), **own}


def _steps(table: dict[str, Any], target: str) -> Iterator[Callable[[str], str]]:
    """What is done with a text, in this order whatever the order in the map."""
    if "line" in table:
        number = _whole(table["line"], f"{target}: line")
        yield lambda text: (text.strip().splitlines()[number:] or [""])[0]
    if "lines" in table:
        start, end = _bounds(table["lines"], f"{target}: lines")
        yield lambda text: "\n".join(text.strip().splitlines()[start:end])
    if "date" in table:
        patterns = table["date"] if isinstance(table["date"], list) else [table["date"]]
        if not patterns or not all(isinstance(one, str) and (one == EXCEL or "%" in one) for one in patterns):
            raise ValueError(f"{target}: date takes a pattern such as %d.%m.%Y, a list of them, or {EXCEL}")
        yield lambda text: _date(text.strip(), patterns)
    if "decimal" in table:
        sign = table["decimal"]
        if sign not in (",", "."):
            raise ValueError(f'{target}: decimal takes "," or "."')
        grouped = re.compile(
            rf"[+-]?[0-9]{{1,3}}([ \u00a0\u202f'{'.' if sign == ',' else ','}][0-9]{{3}})+(\{sign}[0-9]+)?"
        )
        single = re.compile(rf"[+-]?[0-9]+\{sign}[0-9]+")
        yield lambda text: _number(text.strip(), sign, grouped, single)
    if "slice" in table:
        first, last = _bounds(table["slice"], f"{target}: slice")
        yield lambda text: text.strip()[first:last]
    if "case" in table:
        if table["case"] not in ("lower", "upper"):
            raise ValueError(f"{target}: case takes lower or upper")
        yield str.lower if table["case"] == "lower" else str.upper
    if "table" in table:
        if table["table"] not in code_tables.NAMES:
            raise ValueError(f"{target}: table is one of {', '.join(code_tables.NAMES)}")
        yield code_tables.reader(table["table"])


def _date(text: str, patterns: list[str]) -> str:
    """As ISO 8601. What fits none is marked, so that nobody reads it in another way."""
    for pattern in patterns:
        if pattern == EXCEL:
            whole, _, part = text.partition(".")
            if whole.isascii() and whole.isdecimal() and len(whole) == 5 and int(whole) in _EXCEL_DAYS:
                moment = datetime.combine(_EXCEL_DAY_0, datetime.min.time(), UTC) + timedelta(days=int(whole))
                if part.isascii() and part.isdecimal() and len(part) <= 20:
                    moment += timedelta(seconds=round(float(f"0.{part}") * 86_400))
                return moment.isoformat()
            continue
        try:
            moment = datetime.strptime(text, pattern)
        except ValueError:
            continue
        timed = any(sign in pattern for sign in ("%H", "%I", "%X", "%c", "%T"))
        return moment.isoformat() if timed else moment.date().isoformat()
    return f"{text} (not {' or '.join(patterns)})"


def _number(text: str, sign: str, grouped: re.Pattern[str], single: re.Pattern[str]) -> str:
    if grouped.fullmatch(text) or single.fullmatch(text):
        return re.sub(rf"[^0-9{sign}+-]", "", text).replace(sign, ".").lstrip("+")
    return text


def _bounds(given: Any, what: str) -> tuple[int, int | None]:
    if isinstance(given, list) and 1 <= len(given) <= 2:
        return _whole(given[0], what), _whole(given[1], what) if len(given) == 2 else None
    raise ValueError(f"{what} takes one or two numbers: [from] or [from, to]")


def _whole(given: Any, what: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise ValueError(f"{what} takes a whole number, the first is 0")
    return given


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
