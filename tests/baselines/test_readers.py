"""Files of trade statistics as their publishers lay them out."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.baselines.readers import Flow, Row, StatisticsError, StatisticsFile
from streams.destinations.corridors import parse_month

COMEXT = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,PRODUCT_BEC5,"
    "PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,QUANTITY_KG,QUANTITY_SUPPL_UNIT\n"
)
COMTRADE = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
    "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,"
    "mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,"
    "isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,"
    "legacyEstimationFlag,isReported,isAggregate\n"
)


def rows(text: str, flow: Flow = "export") -> list[Row]:
    return list(StatisticsFile(text.splitlines(keepends=True), "file.csv", flow).rows())


def comtrade(**cells: str) -> str:
    columns = COMTRADE.strip().split(",")
    known = {
        "period": "202207",
        "reporterISO": "DEU",
        "flowCode": "X",
        "partnerISO": "KGZ",
        "partner2Code": "0",
        "classificationCode": "H6",
        "cmdCode": "901310",
        "customsCode": "C00",
        "motCode": "0",
        "netWgt": "12.5",
        "primaryValue": "1053.0",
    }
    return COMTRADE + ",".join({**known, **cells}.get(column, "") for column in columns) + "\n"


def test_the_plain_form_names_countries_codes_and_euro() -> None:
    [row] = rows("reporter,partner,cn8,period,value_eur\nAustria,Kyrgyzstan,90131090,2022-05,14999\n")
    assert row == Row("AT", "KG", "901310", None, parse_month("2022-05"), 1_499_900, 0)


def test_the_plain_form_takes_six_digits_semicolons_and_any_order() -> None:
    [row] = rows("period;hs6;value;partner;reporter\n202205;901310;1,5\n".replace("1,5", "1.5;KG;AT"))
    assert (row.hs6, row.value, row.destination) == ("901310", 150, "KG")


def test_a_leading_zero_that_a_spreadsheet_took_comes_back() -> None:
    head = "reporter,partner,{},period,value\nAT,KG,{},2022-05,1\n"
    assert rows(head.format("cn8", "1012100"))[0].hs6 == "010121"
    assert rows(head.format("hs6", "10121"))[0].hs6 == "010121"


def test_comext_bulk_files_give_value_and_mass_of_the_wanted_flow() -> None:
    text = COMEXT + (
        "AT,KG,E,90131090,87148,2670,2670,410,210300,18,2,1,NO_SU,202205,14999,14999,37,0\n"
        "AT,KG,E,90131090,87148,2670,2670,410,210300,18,1,1,NO_SU,202205,5,5,1,0\n"
        "AT,KG,E,901310,87148,2670,2670,410,210300,18,2,1,NO_SU,202205,14999,14999,37,0\n"
        "AT,KG,E,9013SSSS,87148,2670,2670,410,210300,18,2,1,NO_SU,202205,14999,14999,37,0\n"
        "AT,QV,E,90131090,87148,2670,2670,410,210300,18,2,1,NO_SU,202205,14999,14999,37,0\n"
    )
    assert rows(text) == [Row("AT", "KG", "901310", None, parse_month("2022-05"), 1_499_900, 37_000)]
    [bought] = rows(text, "import")
    assert (bought.origin, bought.destination, bought.value) == ("KG", "AT", 500)


def test_older_comext_files_are_read_too() -> None:
    text = "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG\nEL,XS,90131090,2,202105,7,1\n"
    [row] = rows(text)
    assert (row.origin, row.destination, row.value, row.mass) == ("GR", "RS", 700, 1000)


def test_comtrade_dollars_become_euro_and_its_edition_is_kept() -> None:
    [row] = rows(comtrade())
    assert row == Row("DE", "KG", "901310", "2022", parse_month("2022-07"), 100_000, 12_500)


@pytest.mark.parametrize(
    "cells",
    [
        {"flowCode": "M"},
        {"partnerISO": "W00"},
        {"motCode": "1000"},
        {"customsCode": "C01"},
        {"partner2Code": "156"},
        {"cmdCode": "9013"},
        {"cmdCode": "TOTAL"},
    ],
)
def test_sums_breakdowns_and_other_flows_of_comtrade_are_not_counted_twice(cells: dict[str, str]) -> None:
    assert rows(comtrade(**cells)) == []


def test_the_union_as_reporter_is_one_and_as_partner_none() -> None:
    head = "reporter,partner,hs6,period,value\n"
    [row] = rows(head + "European Union - 27 countries (from 2020),KG,901310,2022-05,1\n")
    assert row.origin == "EU"
    assert rows(head + "KZ,EU27_2020,901310,2022-05,1\n") == []


def test_what_is_left_out_is_told() -> None:
    file = StatisticsFile(["reporter,partner,hs6,period,value\n", "AT,Nowhere,901310,2022-05,1\n"], "f")
    assert list(file.rows()) == []
    assert file.left_out == {"'Nowhere' is no country": 1}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("a,b,c\n1,2,3\n", "neither Comext nor Comtrade"),
        ("reporter,partner,period,value\nAT,KG,2022-05,1\n", "no column cn8 or hs6"),
        ("reporter,partner,hs6,period,value\nAT,KG,901310,2022,1\n", "line 2: period '2022' is no month"),
        ("reporter,partner,hs6,period,value\nAT,KG,901310,2022-13,1\n", "line 2: period"),
        (
            "reporter,partner,hs6,period,value\nAT,KG,901310,2022-05,much\n",
            "line 2: value 'much' is no amount",
        ),
        ("reporter,partner,hs6,period,value\nAT,KG,901310,2022-05,-5\n", "line 2: value"),
        ("reporter,partner,hs6,period,value\nAT,KG,901310,2022-05,nan\n", "line 2: value"),
        ("reporter,partner,hs6,period,value\nAT,KG,901310\n", "line 2: 3 columns"),
    ],
)
def test_bad_files_are_refused_with_their_line(text: str, told: str) -> None:
    with pytest.raises(StatisticsError, match=told):
        rows(text)


def test_dollars_of_a_year_without_a_rate_are_refused() -> None:
    with pytest.raises(StatisticsError, match="no rate of exchange for 1999"):
        rows(comtrade(period="199907"))


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_text_makes_the_reader_fail_otherwise(lines: Iterable[str]) -> None:
    for head in ("reporter,partner,hs6,period,value\n", COMEXT, COMTRADE, ""):
        with contextlib.suppress(StatisticsError):
            list(StatisticsFile([head, *lines] if head else lines, "f").rows())
