"""Torugart: a streaming screener for customs declarations."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("torugart")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"
