"""What the matcher needs to know of a listed party; a watchlist entry is one."""

from typing import Protocol

from streams.names.analyse import NameType


class Listed(Protocol):
    """Read-only; names as published, the primary one first."""

    @property
    def list(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def weak_names(self) -> tuple[str, ...]: ...
    @property
    def type(self) -> NameType: ...
    @property
    def countries(self) -> tuple[str, ...]: ...
