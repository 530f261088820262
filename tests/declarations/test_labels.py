"""Labels are read as `torugart simulate --labels` writes them; what is none is said by its line."""

import pytest

from streams.declarations.labels import Label, read_labels
from streams.errors import UserError

ONE = b'{"declarationKey":"kg|1","typology":"SPLIT","case":"SPLIT-1"}'


def test_a_label_a_line_blank_ones_and_repetitions_apart() -> None:
    assert read_labels([ONE, b"\n", ONE + b"\n"], "x") == {"kg|1": Label("kg|1", "SPLIT", "SPLIT-1")}


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (b"{", "x, line 2: no label"),
        (b'{"declarationKey":"kg|2","typology":"SPLIT"}', "missing required field `case`"),
        (b'{"declarationKey":"\xff"}', "x, line 2: no label"),
        (ONE.replace(b"SPLIT-1", b"SPLIT-2"), "x, line 2: kg|1 is labelled twice"),
    ],
)
def test_what_is_no_label_is_named_by_its_line(second: bytes, said: str) -> None:
    with pytest.raises(UserError) as raised:
        read_labels([ONE, second], "x")
    assert said in str(raised.value) and "\n" not in str(raised.value)
