"""The 2026 US list, read and indexed once for all tests that measure on it."""

import pytest

from streams.names import NameIndex
from streams.watchlists.readers import ListFile, read_list
from tests.data import data


@pytest.fixture(scope="session")
def us_list() -> ListFile:
    return read_list(data("lists", "us_csl_2026_names", "us_csl_2026.targets.simple.csv"))


@pytest.fixture(scope="session")
def us_index(us_list: ListFile) -> NameIndex:
    return NameIndex.build(us_list.entries)
