"""R09 by a register: a firm of this spring, an old one, one that nobody knows."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from streams.assessment.screening import Rulebook
from streams.cli.screen import Screening, engine
from streams.message_files import FileMessage
from streams.settings import Settings
from streams.watchlists.index import WatchlistIndex
from tests.commands import torugart

pytestmark = pytest.mark.R09


def chips_for(**buyer: str) -> bytes:
    return json.dumps(
        {
            "envelope": {
                "declarationKey": "test|1",
                "versionNumber": 1,
                "eventType": "LODGED",
                "eventDateTime": "2022-06-15T10:00:00Z",
            },
            "declaration": {
                "regime": "EXPORT",
                "countryOfDestination": "KG",
                "parties": [{"role": "CONSIGNEE", "address": {"country": "KG"}, **buyer}],
                "goodsItems": [
                    {
                        "goodsItemNumber": 1,
                        "commodityCode": {"hs6": "854231", "hsVersion": "2022"},
                        "descriptionOfGoods": "microcontrollers",
                        "statisticalValue": "90000",
                    }
                ],
            },
        }
    ).encode()


def screened(declaration: bytes, register: Path | None) -> Any:
    """The verdict of the core that stream and files share."""
    rules = Rulebook.load(registry=register)
    screening = Screening(engine(Settings(), WatchlistIndex.build([]), rules))
    (line,) = screening.take(FileMessage("test", 1, declaration), datetime(2022, 7, 1, tzinfo=UTC))
    assert isinstance(line, bytes)
    return json.loads(line)


def register(folder: Path, founded: str) -> Path:
    path = folder / "register.csv"
    path.write_text(f"country,number,incorporated,name\nKG,01979511742705,{founded},Ala-Too Trade\n")
    return path


@pytest.mark.parametrize("buyer", [{"identificationNumber": "01979511742705"}, {"name": "ALA-TOO TRADE"}])
@pytest.mark.parametrize(("founded", "young"), [("2022-04-11", True), ("2009-04-11", False)])
def test_a_firm_that_the_register_has_of_this_spring(
    tmp_path: Path, buyer: dict[str, str], founded: str, young: bool
) -> None:
    verdict = screened(chips_for(**buyer), register(tmp_path, founded))
    found = [one for one in verdict["findings"] if one["rule"] == "R09"]
    assert bool(found) == young
    if young:
        assert "the register has it incorporated on 2022-04-11, 65 days before" in found[0]["evidence"]
    assert "R09" not in {one["rule"] for one in verdict["notEvaluable"]}
    assert verdict["versions"]["tables"]["registry"].startswith("register.csv#")


def test_without_a_register_and_of_a_firm_that_it_has_not_nothing_is_known(tmp_path: Path) -> None:
    path = register(tmp_path, "2022-04-11")
    for declaration, known in (
        (chips_for(name="Ala-Too Trade"), None),
        (chips_for(name="Jibek Joly"), path),
    ):
        verdict = screened(declaration, known)
        assert "R09" not in {one["rule"] for one in verdict["findings"]}
        assert "R09" in {one["rule"] for one in verdict["notEvaluable"]}


def test_what_the_declaration_brings_goes_first(tmp_path: Path) -> None:
    told = json.loads(chips_for(name="Ala-Too Trade"))
    told["declaration"]["parties"][0]["registry"] = {"incorporationDate": "2005-01-01"}
    verdict = screened(json.dumps(told).encode(), register(tmp_path, "2022-04-11"))
    assert "R09" not in {one["rule"] for one in verdict["findings"]}


def test_the_command_takes_one_and_refuses_what_is_none_in_one_line(tmp_path: Path) -> None:
    for founded, code in (("2022-04-11", 0), ("spring", 2)):
        table = register(tmp_path, founded)
        done = torugart("screen", "--registry", table, stdin=chips_for(name="Ala-Too Trade"))
        assert done.returncode == code
        assert (b'"rule":"R09","code":"firm.young"' in done.stdout) == (code == 0)
    [line] = [line for line in done.stderr.decode().splitlines() if "no --list given" not in line]
    assert "line 2: 'spring' is no date such as 2022-03-01" in line
