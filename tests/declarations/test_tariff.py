"""Codes with a digit lost or added: read where the tariff leaves one reading, else refused; never read as another chapter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.declarations import tariff
from tests.declarations.strategies import STEADY

CODES = sorted(tariff.CODES)


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("901310", "901310"),
        ("9013.10.90", "90131090"),
        ("9013 1090 00", "9013109000"),
        ("690810", "690810"),  # of HS 2012: not in the table, left as it is declared
        ("99500000", "99500000"),  # a chapter of one country's own
        ("999999", "999999"),
    ],
)
def test_what_is_whole_stays(raw: str, digits: str) -> None:
    assert tariff.read(raw) == tariff.Code(digits)
    assert tariff.is_whole(digits)


@pytest.mark.parametrize(
    ("raw", "digits", "why"),
    [
        ("1022100", "01022100", "lost the zero in front"),
        ("102210000", "0102210000", "lost the zero in front"),
        ("10221", "010221", "lost the zero in front"),
        ("30219", "030219", "lost the zero in front"),
        ("8101000", "08101000", "lost the zero in front"),
        ("10221000", "01022100", "filled up"),
        ("1022100000", "0102210000", "filled up"),
        ("102219", "010221", "cut to its length"),
        ("90131", "901310", "lost a zero at its end"),
        ("8471300", "847130", "added at its end"),
        ("901310900", "90131090", "added at its end"),
        ("9013109000000", "901310900000", "added at its end"),
        ("090131090", "90131090", "added in front"),
        ("0090131090", "90131090", "added in front"),
        ("000090131090", "90131090", "added in front"),
        ("00010221", "010221", "added in front"),
        ("90131090.0", "90131090", "spreadsheet"),
    ],
)
def test_the_one_reading_that_the_tariff_leaves(raw: str, digits: str, why: str) -> None:
    code = tariff.read(raw)
    assert code.digits == digits
    assert why in (code.why or "")
    assert not (raw.isdigit() and tariff.is_whole(raw))


@pytest.mark.parametrize(
    "raw",
    [
        *("9013", "901", "", "90131O", "٩٠١٣١٠", "-901310", "9" * 15, "12345678901234", "9013/10"),
        *("901300", "90130000", "9013000000", "90000000", "00000000", "009013"),  # headings filled up
        *("1111111", "99999", "9999999"),  # nothing that it may be
    ],
)
def test_what_leaves_none_or_two_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="tariff") as refused:
        tariff.read(raw)
    assert not raw or raw not in str(refused.value)
    assert not tariff.is_whole(raw)


def test_two_readings_are_none() -> None:
    """0810.10 (strawberries) without its zero, or a code of heading 8101 that lost its end."""
    double = [code for code in CODES if code[0] == "0" and code[5] == "0" and f"{code[1:]}0" in tariff.CODES]
    for code in double:
        with pytest.raises(ValueError, match="two codes"):
            tariff.read(code[1:])


@settings(STEADY)
@given(st.sampled_from(CODES), st.sampled_from(("", "00", "10", "1000", "9015")))
def test_a_whole_code_is_never_changed(six: str, rest: str) -> None:
    assert tariff.read(six + rest) == tariff.Code(six + rest)


@settings(STEADY)
@given(st.sampled_from([code for code in CODES if code[0] == "0"]), st.sampled_from(("", "00", "10", "1000")))
def test_a_lost_zero_is_found_or_refused_and_never_another_chapter(six: str, rest: str) -> None:
    try:
        code = tariff.read((six + rest)[1:])
    except ValueError:
        return
    assert code.digits[:6] == six


@settings(STEADY)
@given(st.text(st.sampled_from("0123456789. x"), max_size=16))
def test_every_reading_is_a_code(raw: str) -> None:
    try:
        code = tariff.read(raw)
    except ValueError:
        return
    assert len(code.digits) in (6, 8, 10, 12)
    assert code.why is None or code.digits[:6] in tariff.CODES
