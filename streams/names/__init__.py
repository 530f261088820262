"""Names: normalise, analyse, index, score, corroborate, explain. Plain values in and out, no I/O."""

from streams.names.index import DEFAULT_THRESHOLD, NameHit, NameIndex, NameSearch

__all__ = ["DEFAULT_THRESHOLD", "NameHit", "NameIndex", "NameSearch"]
