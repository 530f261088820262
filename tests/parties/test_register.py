"""The register file: what it answers, and how it is refused."""

from pathlib import Path

import pytest

from streams.declarations.model import Party
from streams.parties.register import RegistryError, load_registry
from tests.factory import party

pytestmark = pytest.mark.R09

LINES = """country,number,incorporated,name
KG,01979511742705,2022-04-11,ОсОО «Ала-Тоо Трейд»
kyrgyzstan,,2010-05-01,Manas Textile
KZ,327474514924,2021-12-01,Manas Textile
KG,111,2019-01-01,Twice Named
KG,222,2020-01-01,Twice Named
KG,333,,Never Dated
"""


def register(folder: Path, text: str | bytes = LINES) -> Path:
    path = folder / "register.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("who", "founded"),
    [
        (party(identification_number="01979511742705", country="KG"), "2022-04-11"),
        (party(identification_number="KG 0197-9511-742705"), "2022-04-11"),
        (party(identification_number="01979511742705", country="KZ"), None),
        (party(name="Ala-Too Treid OsOO", country="KG", identification_number="999"), "2022-04-11"),
        (party(name="OsOO Ala-Too Treid", country="KG"), "2022-04-11"),
        (party(name="Ala-Too Textile OsOO", country="KG"), None),
        (party(name="Manas Textile", country="KG"), "2010-05-01"),
        (party(name="Manas Textile", country="KZ"), "2021-12-01"),
        (party(name="Manas Textile", country="DE"), None),
        (party(name="Manas Textile"), None),
        (party(name="Twice Named", country="KG"), None),
        (party(name="Twice Named", country="KG", identification_number="222"), "2020-01-01"),
        (party(name="Never Dated", country="KG", identification_number="333"), None),
        # Where a placeholder stands for the name, the memory of firms took the other one and the register took none.
        (party(name="N/A", name_original_script="ОсОО Ала-Тоо Трейд", country="KG"), "2022-04-11"),
    ],
)
def test_by_number_and_country_else_by_name_and_country(
    tmp_path: Path, who: Party, founded: str | None
) -> None:
    assert load_registry(register(tmp_path)).founded(who) == founded


def test_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeff" + LINES.replace(",", ";")
    assert (
        load_registry(register(tmp_path, text)).founded(
            party(identification_number="327474514924", country="KZ")
        )
        == "2021-12-01"
    )


def test_its_version_tells_an_edited_file(tmp_path: Path) -> None:
    one = load_registry(register(tmp_path)).version
    assert one.startswith("register.csv#") and len(one) == len("register.csv#") + 12
    assert load_registry(register(tmp_path, LINES.replace("2010", "2011"))).version != one


HEAD = "country,number,incorporated\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column country and no column incorporated"),
        ("country,number,name\n", "has no column incorporated"),
        ("country,incorporated\n", "has no column number or name"),
        (HEAD, "has no firm with a date"),
        (HEAD + "KG,123,2022-13-01\n", "line 2: '2022-13-01' is no date such as 2022-03-01"),
        (HEAD + "KG,123,0101-01-01\n", "line 2: '0101-01-01' is no date"),
        (HEAD + "KG,123,2022-03-01\nXX,123,2022-03-01\n", "line 3: 'XX' is no country"),
        (HEAD + "KG,,2022-03-01\n", "line 2 has neither number nor name"),
        (HEAD + f"KG,{'1' * 3000},2022-03-01\n", "line 2 is too long"),
        (b"country,number,incorporated\nKG,\xff,2022-03-01\n", "is not UTF-8"),
        (HEAD + f"KG,{'1' * 200_000},2022-03-01\n", "is no CSV: field larger|line 2 is too long"),
    ],
)
def test_what_is_no_register_is_refused_in_one_sentence(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(RegistryError) as refused:
        load_registry(register(tmp_path, text))
    # How long a field csv takes is set for the whole process, by whoever read a long one before.
    assert any(one in str(refused.value) for one in said.split("|")) and "\n" not in str(refused.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="cannot be read: No such file"):
        load_registry(tmp_path / "none.csv")
