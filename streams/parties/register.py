"""A company register as a file: when a firm was incorporated, by its registered number, else by its name (R09)."""

import csv
import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from streams.declarations.model import Party
from streams.errors import UserError
from streams.names.normalise import normalise
from streams.parties.identifiers import compact
from streams.parties.identity import firm_name
from streams.territories import country_code

COLUMNS = ("country", "number", "incorporated", "name")
MAX_LINES = 2_000_000
"""Of one file: with a number and a name each they take half a gigabyte and 25 s to read, and 48 MB afterwards."""
MAX_FIELD = 2_000
EARLIEST = date(1800, 1, 1).toordinal()
UNKNOWN = 0
"""In place of a date: the file gives two."""


class RegistryError(UserError):
    """A register that cannot be used; the message is one clear sentence."""


class CompanyRegister:
    """Looked up by hashes: twelve bytes a number, and as many a name."""

    def __init__(self, dates: dict[int, int], version: str) -> None:
        """`dates`: hash of a key -> ordinal of the date, or UNKNOWN."""
        keys = sorted(dates)
        self._keys = array("Q", keys)
        self._dates = array("I", (dates[key] for key in keys))
        self.version = version
        """name of the file and the first digits of its hash"""

    def __len__(self) -> int:
        return len(self._keys)

    def founded(self, party: Party) -> str | None:
        """ISO date; None where the register has no such firm in its country, or several."""
        country = party.address.country if party.address else None
        number = compact(party.identification_number or "")
        for where in dict.fromkeys((country, number[:2])):
            if number and where and (found := self._look_up(_number_key(where, number))):
                return found
        name = firm_name(party)
        return self._look_up(_name_key(country, name)) if country and name else None

    def _look_up(self, key: int | None) -> str | None:
        if key is None:
            return None
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key or self._dates[place] == UNKNOWN:
            return None
        return date.fromordinal(self._dates[place]).isoformat()


def load_registry(path: Path) -> CompanyRegister:
    """A CSV file (comma, semicolon or tab) with a header: `country` (ISO code or English name), `number` and `name`, of which
    a line may lack one, and `incorporated`, YYYY-MM-DD. A line without a date is passed over.

    Raises RegistryError for a file that cannot be read, lacks a column or has a line that is none.
    """
    digest = hashlib.sha256()
    dates: dict[int, int] = {}
    try:
        with path.open("rb") as data:
            for line, row in enumerate(_rows(data, digest, path), 2):
                if line > MAX_LINES:
                    raise RegistryError(f"register {path} has more than {MAX_LINES:,} lines")
                for key, founded in _entries(row, path, line):
                    known = dates.get(key)
                    dates[key] = founded if known is None or known == founded else UNKNOWN
    except OSError as error:
        raise RegistryError(f"register {path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise RegistryError(f"register {path} is not UTF-8") from None
    except csv.Error as error:
        raise RegistryError(f"register {path} is no CSV: {error}") from None
    if not dates:
        raise RegistryError(f"register {path} has no firm with a date")
    return CompanyRegister(dates, f"{path.name}#{digest.hexdigest()[:12]}")


def _rows(data: Iterator[bytes], digest: "hashlib._Hash", path: Path) -> Iterator[dict[str, str]]:
    def lines() -> Iterator[str]:
        for number, line in enumerate(data):
            digest.update(line)
            yield line.decode("utf-8-sig" if number == 0 else "utf-8")

    text = lines()
    head = next(text, "")
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
    missing = [name for name in ("country", "incorporated") if name not in names] or (
        [] if {"number", "name"} & set(names) else ["number or name"]
    )
    if missing:
        raise RegistryError(f"register {path} has no column {' and no column '.join(missing)}")
    for row in csv.reader(text, delimiter=delimiter):
        if row:
            yield dict(zip(names, row, strict=False))


def _entries(row: dict[str, str], path: Path, line: int) -> Iterator[tuple[int, int]]:
    """Key and date, for the number and for the name."""
    country, number, incorporated, name = (row.get(column, "").strip() for column in COLUMNS)
    if not incorporated:
        return
    try:
        founded = date.fromisoformat(incorporated).toordinal()
    except ValueError:
        founded = UNKNOWN
    where = country_code(country)
    if founded < EARLIEST:
        raise RegistryError(
            f"register {path}, line {line}: {incorporated[:40]!r} is no date such as 2022-03-01"
        )
    if where is None:
        raise RegistryError(f"register {path}, line {line}: {country[:40]!r} is no country")
    if len(number) > MAX_FIELD or len(name) > MAX_FIELD:
        raise RegistryError(f"register {path}, line {line} is too long")
    by_number, by_name = compact(number), _name_key(where, name)
    if not by_number and by_name is None:
        raise RegistryError(f"register {path}, line {line} has neither number nor name")
    if by_number:
        yield _number_key(where, by_number), founded
    if by_name is not None:
        yield by_name, founded


def _number_key(country: str, number: str) -> int:
    """With or without the country before it, as EORI and VAT numbers have it."""
    return _hash(f"id|{country}|{number.removeprefix(country)}")


def _name_key(country: str, name: str) -> int | None:
    tokens = normalise(name).tokens
    return _hash(f"nm|{country}|{' '.join(sorted(tokens))}") if tokens else None


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
