"""How deep JSON may be nested is a bound of ours: Python reads 998 levels in 3.11, 9,999 in 3.13, and more in 3.14."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.declarations import canonical
from streams.declarations.errors import Unscreenable
from streams.declarations.limits import JSON_DEPTH
from tests.effort import processor_seconds
from tests.factory import encoded

MESSAGE = encoded()


def with_unknown(levels: int, opening: bytes, closing: bytes) -> bytes:
    """A good message with a field nobody knows, so that the whole is nested by so many levels."""
    inner = levels - 1
    return MESSAGE[:-1] + b',"unknown":' + opening * inner + b"1" + closing * inner + b"}"


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'{"\\"]}":', b"}")])
def test_same_bound_on_every_python(opening: bytes, closing: bytes) -> None:
    assert canonical.decode(with_unknown(JSON_DEPTH, opening, closing)) == canonical.decode(MESSAGE)
    for levels in (JSON_DEPTH + 1, 950, 5_000, 50_000):
        deep = with_unknown(levels, opening, closing)
        for read in (canonical.decode, canonical.plain_json):
            with pytest.raises(Unscreenable) as refused:
                read(deep)
            assert refused.value.reason == "NOT_JSON"
            assert f"more than {JSON_DEPTH} levels" in refused.value.detail


def test_brackets_in_a_text_are_no_levels() -> None:
    wide = json.dumps({"texts": ["[{" * 2_000, '\\"[[' * 2_000], "objects": [{}] * 2_000}).encode()
    assert canonical.json_depth(wide) == 3
    assert canonical.plain_json(wide)["objects"] == [{}] * 2_000


def depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(depth, inside), default=0)


TEXTS = st.text(st.sampled_from('"\\[]{}ab\nЖ'))
VALUES = st.recursive(
    st.none() | st.integers() | TEXTS, lambda part: st.lists(part) | st.dictionaries(TEXTS, part)
)


@given(VALUES, st.booleans())
def test_levels_are_those_of_the_value(value: Any, ascii: bool) -> None:
    assert canonical.json_depth(json.dumps(value, ensure_ascii=ascii).encode()) == depth(value)


@given(st.binary() | st.text(st.sampled_from('"\\[]{},:1')).map(str.encode))
def test_any_bytes_have_a_number(data: bytes) -> None:
    assert 0 <= canonical.json_depth(data) <= len(data)


@pytest.mark.parametrize("part", [b"[", b'"', b"\\", b'\\"', b'{"":', b"[]"])
def test_linear(part: bytes) -> None:
    def seconds(times: int) -> float:
        data = part * times
        return processor_seconds(lambda: canonical.json_depth(data), 5)

    assert seconds(400_000) <= 8 * seconds(100_000) + 0.01
