"""Files of trade statistics as their publishers lay them out."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.baselines.readers import Flow, StatisticsError, StatisticsFile, StatisticsRow
from streams.corridors.months import parse_month

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


def rows(text: str, flow: Flow = "export") -> list[StatisticsRow]:
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
        "primaryValue": "1017.9",
    }
    return COMTRADE + ",".join({**known, **cells}.get(column, "") for column in columns) + "\n"


def test_the_plain_form_names_countries_codes_and_euro() -> None:
    [row] = rows("reporter,partner,cn8,period,value_eur\nAustria,Kyrgyzstan,90131090,2022-05,14999\n")
    assert row == StatisticsRow("AT", "KG", "901310", None, parse_month("2022-05"), 1_499_900, 0)


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
    assert rows(text) == [
        StatisticsRow("AT", "KG", "901310", None, parse_month("2022-05"), 1_499_900, 37_000)
    ]
    [bought] = rows(text, "import")
    assert (bought.origin, bought.destination, bought.value) == ("KG", "AT", 500)


def test_older_comext_files_are_read_too() -> None:
    text = "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG\nEL,XS,90131090,2,202105,7,1\n"
    [row] = rows(text)
    assert (row.origin, row.destination, row.value, row.mass) == ("GR", "RS", 700, 1000)


def test_comtrade_dollars_become_euro_and_its_edition_is_kept() -> None:
    [row] = rows(comtrade())
    assert row == StatisticsRow("DE", "KG", "901310", "2022", parse_month("2022-07"), 100_000, 12_500)


@pytest.mark.parametrize(
    "cells",
    [
        {"flowCode": "M"},
        {"flowCode": "XIP"},
        {"partnerISO": "W00"},
        {"cmdCode": "9013"},
        {"cmdCode": "TOTAL"},
    ],
)
def test_sums_and_other_flows_of_comtrade_are_not_counted(cells: dict[str, str]) -> None:
    assert rows(comtrade(**cells)) == []


PARTS = [
    {"motCode": "1000"},
    {"customsCode": "C01"},
    {"partner2Code": "156"},
    {"flowCode": "RX"},
    {"motCode": "2100", "customsCode": "C04"},
]


@pytest.mark.parametrize("cells", PARTS)
@pytest.mark.parametrize("first", ["whole", "part"])
def test_a_breakdown_beside_its_whole_is_not_counted_twice(cells: dict[str, str], first: str) -> None:
    whole, part = {"primaryValue": "1017.9"}, {**cells, "primaryValue": "508.95"}
    [row] = rows(lines_of(whole, part) if first == "whole" else lines_of(part, whole))
    assert row.value == 100_000


def lines_of(*lines: dict[str, str]) -> str:
    return COMTRADE + "".join(comtrade(**cells).removeprefix(COMTRADE) for cells in lines)


def test_a_file_of_breakdowns_only_is_summed_and_says_so() -> None:
    text = lines_of(
        {"motCode": "1000", "primaryValue": "508.95", "netWgt": "1"},
        {"motCode": "2000", "primaryValue": "508.95", "netWgt": "2"},
        {"motCode": "2100", "primaryValue": "500", "netWgt": "2"},  # part of 2000
        {"motCode": "1000", "customsCode": "C01", "primaryValue": "508.95"},  # and again by procedure
        {"motCode": "1000", "primaryValue": "508.95", "netWgt": "1"},  # and a copy
    )
    file = StatisticsFile(text.splitlines(keepends=True), "f")
    [row] = file.rows()
    assert (row.value, row.mass) == (100_000, 3_000)
    assert file.summed == {"motcode": 1}
    assert file.left_out.lines == {"part of a whole that is there": 2, "the same as another line": 1}


def test_exports_told_only_by_their_parts_are_summed() -> None:
    file = StatisticsFile(
        lines_of(
            {"flowCode": "DX", "primaryValue": "1000"}, {"flowCode": "RX", "primaryValue": "17.9"}
        ).splitlines(keepends=True),
        "f",
    )
    assert [row.value for row in file.rows()] == [100_000]
    assert file.summed == {"flow": 1}


def test_re_exports_are_not_taken_for_all_exports_where_another_breakdown_is_there() -> None:
    by_transport = [{"motCode": "1000", "customsCode": "C04", "primaryValue": "1017.9"}]
    [row] = rows(lines_of({"flowCode": "RX", "primaryValue": "5000"}, *by_transport))
    assert row.value == 100_000


def test_two_figures_of_the_same_are_refused() -> None:
    with pytest.raises(StatisticsError, match="line 3: another line says another figure of the same"):
        rows(lines_of({"primaryValue": "1"}, {"primaryValue": "2"}))
    with pytest.raises(StatisticsError, match="two editions, H5 and H6"):
        rows(lines_of({"classificationCode": "H5"}, {"classificationCode": "H6", "cmdCode": "901390"}))


def test_comtrade_by_numbers_only() -> None:
    cells = {"reporterISO": "", "partnerISO": "", "reporterCode": "490", "partnerCode": "417.0"}
    [row] = rows(comtrade(**cells))
    assert (row.origin, row.destination) == ("TW", "KG")
    [row] = rows(comtrade(**{**cells, "cmdCode": "10121", "partnerCode": "842"}))
    assert (row.destination, row.hs6) == ("US", "010121")


def test_codes_and_names_that_contradict_each_other_are_no_country() -> None:
    file = StatisticsFile(comtrade(partnerISO="KGZ", partnerCode="398").splitlines(keepends=True), "f")
    assert list(file.rows()) == []
    assert file.left_out.names == {"codes or names that contradict each other": {"KGZ = 398": 1}}
    [row] = rows(comtrade(partnerISO="S19", partnerCode="490", partnerDesc='"Other Asia, nes"'))
    assert row.destination == "TW"


EXTRACTION = "REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR\n"


def test_eurostat_extractions_with_labels() -> None:
    text = (
        EXTRACTION
        + '"Spain (incl. Canary Islands \'XB\' from 1997)","Kyrgyzstan","90131090","EXPORT","Total","Aug. 2024","1,410"\n'
    )
    assert rows(text) == [StatisticsRow("ES", "KG", "901310", None, parse_month("2024-08"), 141_000, 0)]
    parts = [
        f'"DE","KG","90131090","EXPORT","{part}","2024M08",5\n' for part in ("NORMAL", "INWARD PROCESSING")
    ]
    assert [row.value for row in rows(EXTRACTION + "".join(parts))] == [1_000]
    whole = '"DE","KG","90131090","EXPORT","TOTAL","2024M08",10\n'
    assert [row.value for row in rows(EXTRACTION + "".join(parts) + whole)] == [1_000]


def test_eurostat_extractions_with_a_line_for_each_measure() -> None:
    text = (
        "DATAFLOW,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "X,M,DE,XU,90131090,2,VALUE_IN_EUROS,2024-08,1410,\n"
        "X,M,DE,XU,90131090,2,QUANTITY_IN_100KG,2024-08,0.5,\n"
        "X,M,DE,XU,90131090,2,SUPPLEMENTARY_QUANTITY,2024-08,7,\n"
        "X,M,DE,XU,90131090,2,VALUE_IN_EUROS,2024-09,:,c\n"
    )
    file = StatisticsFile(text.splitlines(keepends=True), "f")
    assert [(row.destination, row.value, row.mass) for row in file.rows()] == [
        ("GB", 141_000, 0),
        ("GB", 0, 50_000),
    ]
    assert file.left_out.lines == {"another measure": 1, "no figure": 1}


def test_a_line_of_the_plain_form_counts_once_and_a_flow_is_kept_apart() -> None:
    head = "reporter,partner,hs6,period,value\n"
    file = StatisticsFile([head, *["AT,KG,901310,2022-05,7\n"] * 2, "AT,KG,901310,2022-05,8\n"], "f")
    assert [row.value for row in file.rows()] == [700, 800]
    assert file.left_out.lines == {"the same as another line": 1}
    flows = "reporter,partner,hs6,period,value,flow\nAT,KG,901310,2022-05,7,X\nAT,KG,901310,2022-05,9,M\n"
    assert [row.value for row in rows(flows)] == [700]
    with pytest.raises(StatisticsError, match="901310 is there with 6 digits and with 8"):
        rows("reporter,partner,code,period,value\nAT,KG,901310,2022-05,7\nAT,KG,90131090,2022-05,7\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_files_with_any_delimiter(delimiter: str) -> None:
    head = '"sep=;"\n\n' if delimiter == ";" else ""
    lines = [["reporter", "partner", "hs6", "period", "value"], ["AT", "KG", "901310", "2022-05", "7.5"]]
    text = head.replace('"', "") + "".join(delimiter.join(line) + "\n" for line in lines)
    assert [row.value for row in rows(text)] == [750]


def test_the_union_as_reporter_is_one_and_as_partner_none() -> None:
    head = "reporter,partner,hs6,period,value\n"
    [row] = rows(head + "European Union - 27 countries (from 2020),KG,901310,2022-05,1\n")
    assert row.origin == "EU"
    assert rows(head + "KZ,EU27_2020,901310,2022-05,1\n") == []


def test_what_is_left_out_is_told() -> None:
    file = StatisticsFile(["reporter,partner,hs6,period,value\n", "AT,Nowhere,901310,2022-05,1\n"], "f")
    assert list(file.rows()) == []
    assert file.left_out.names == {"no country known here": {"Nowhere": 1}}


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
    with pytest.raises(StatisticsError, match="no rate of exchange for 1999-"):
        rows(comtrade(period="199907"))


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_text_makes_the_reader_fail_otherwise(lines: Iterable[str]) -> None:
    for head in ("reporter,partner,hs6,period,value\n", COMEXT, COMTRADE, ""):
        with contextlib.suppress(StatisticsError):
            list(StatisticsFile([head, *lines] if head else lines, "f").rows())
