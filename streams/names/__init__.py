"""Names: normalise, analyse, index, score, corroborate, explain. Plain values in and out, no I/O."""

from streams.names.compare import NameComparison, compare
from streams.names.index import DEFAULT_THRESHOLD, NameIndex
from streams.names.result import NameHit, NameSearch

__all__ = ["DEFAULT_THRESHOLD", "NameComparison", "NameHit", "NameIndex", "NameSearch", "compare"]
