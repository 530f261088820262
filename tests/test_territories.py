"""Countries as statistical offices write them: the right one, or none and why."""

import unicodedata

import msgspec
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.territories import USER_ASSIGNED, CountryReading, Why, statistics_country

COMTRADE = {
    # Reporters and partners of UN Comtrade that are written otherwise than in ISO 3166; the rest of its list is ISO's names.
    "Other Asia, nes": "TW",
    "Bolivia (Plurinational State of)": "BO",
    "Bonaire": "BQ",
    "Bosnia Herzegovina": "BA",
    "Br. Indian Ocean Terr.": "IO",
    "Br. Virgin Isds": "VG",
    "Brunei Darussalam": "BN",
    "Cabo Verde": "CV",
    "Cayman Isds": "KY",
    "Central African Rep.": "CF",
    "China": "CN",
    "China, Hong Kong SAR": "HK",
    "China, Macao SAR": "MO",
    "Christmas Isds": "CX",
    "Cocos Isds": "CC",
    "Congo": "CG",
    "Cook Isds": "CK",
    "Côte d'Ivoire": "CI",
    "Czech Rep.": "CZ",
    "Dem. People's Rep. of Korea": "KP",
    "Dem. Rep. of the Congo": "CD",
    "Dominican Rep.": "DO",
    "Faeroe Isds": "FO",
    "Falkland Isds (Malvinas)": "FK",
    "Fr. South Antarctic Terr.": "TF",
    "France, Monaco": "FR",
    "French Guiana (Overseas France)": "GF",
    "FS Micronesia": "FM",
    "Guadeloupe (Overseas France)": "GP",
    "Holy See (Vatican City State)": "VA",
    "Iran (Islamic Rep. of)": "IR",
    "Lao People's Dem. Rep.": "LA",
    "Marshall Isds": "MH",
    "Metropolitan France": "FR",
    "N. Mariana Isds": "MP",
    "Norfolk Isds": "NF",
    "Norway, Svalbard and Jan Mayen": "NO",
    "Norway, excluding Svalbard and Jan Mayen": "NO",
    "Rep. of Korea": "KR",
    "Rep. of Moldova": "MD",
    "Réunion (Overseas France)": "RE",
    "Saint Helena": "SH",
    "Saint Maarten": "SX",
    "Saint Martin (French part)": "MF",
    "Sao Tome and Principe": "ST",
    "Solomon Isds": "SB",
    "South Georgia and the South Sandwich Islands": "GS",
    "State of Palestine": "PS",
    "Svalbard and Jan Mayen Islands": "SJ",
    "Switzerland, Liechtenstein": "CH",
    "Syria": "SY",
    "TFYR of Macedonia": "MK",
    "Turks and Caicos Isds": "TC",
    "Türkiye": "TR",
    "United Rep. of Tanzania": "TZ",
    "US Virgin Isds": "VI",
    "USA": "US",
    "USA, Puerto Rico and US Virgin Islands": "US",
    "Venezuela": "VE",
    "Wallis and Futuna Isds": "WF",
}
DEVIATIONS = {
    # Comtrade's own numbers, and its letters where ISO 3166 has none
    "490": "TW",
    "842": "US",
    "251": "FR",
    "579": "NO",
    "757": "CH",
    "699": "IN",
    "381": "IT",
    "S19": "TW",
    "156": "CN",
    "4": "AF",
    "004": "AF",
    "417.0": "KG",
    "158": "TW",
}
OTHERS = {
    # Eurostat
    "XU": "GB",
    "XS": "RS",
    "XK": "XK",
    "XI": "XI",
    "XC": "ES",
    "XL": "ES",
    "EL": "GR",
    "UK": "GB",
    "United Kingdom (excluding Northern Ireland)": "GB",
    "United Kingdom (Northern Ireland)": "XI",
    "Spain (incl. Canary Islands 'XB' from 1997)": "ES",
    "Belgium (incl. Luxembourg 'LU' -> 1998)": "BE",
    "Germany (until 1990 former territory of the FRG)": "DE",
    "Kosovo (as defined by UNSCR 1244/99)": "XK",
    "Kosovo*": "XK",
    "Russian Federation (Russia)": "RU",
    "Korea, Republic of (South Korea)": "KR",
    "KG:Kyrgyzstan": "KG",
    "KG - Kyrgyzstan": "KG",
    "Kyrgyzstan [KG]": "KG",
    # WTO, IMF, World Bank
    "Chinese Taipei": "TW",
    "Hong Kong, China": "HK",
    "China, P.R.: Mainland": "CN",
    "Korea, Dem. People's Rep.": "KP",
    "Korea, Rep.": "KR",
    "Congo, Dem. Rep.": "CD",
    "Congo, Rep.": "CG",
    "Kyrgyz Republic": "KG",
    "Virgin Islands (U.S.)": "VI",
    "XKX": "XK",
    # national offices
    "Burma": "MM",
    "KOREA, SOUTH": "KR",
    "Congo (Kinshasa)": "CD",
    "КИРГИЗИЯ": "KG",
    "КОРЕЯ, РЕСПУБЛИКА": "KR",
    "Nordmazedonien": "MK",
    "Vereinigte Arabische Emirate": "AE",
    "Corée du Sud": "KR",
    "Birleşik Krallık": "GB",
    "St. Vincent & the Grenadines": "VC",
}
NO_COUNTRY = {
    **dict.fromkeys(("World", "0", "W00", "Total", "All countries of the world", "Rest of the world"), "sum"),
    **dict.fromkeys(("Areas, nes", "899", "_X", "Other Europe, nes", "Africa CAMEU region, nes"), "sum"),
    **dict.fromkeys(("Bunkers", "837", "Free Zones", "Special Categories", "QP", "QQ", "QV", "QZ"), "sum"),
    **dict.fromkeys(("Stores and provisions within the framework of extra-Union trade", "High seas"), "sum"),
    **dict.fromkeys(
        ("EU27_2020_EXTRA", "EXTRA_EU", "Extra-EU27 (from 2020)", "Intra-euro area", "EA20"), "sum"
    ),
    **dict.fromkeys(("Euro area - 20 countries (AT", "ASEAN", "Africa", "Channel Islands", "697"), "sum"),
    **dict.fromkeys(("EU", "EU27_2020", "EU-28", "97", "European Union - 27 countries (from 2020)"), "union"),
    **dict.fromkeys(("Sudan (...2011)", "USSR (...1990)", "Serbia and Montenegro", "AN", "810"), "former"),
    **dict.fromkeys(("492", "Kongo", "Georgia (USA)", "KG: Kazakhstan"), "ambiguous"),
    **dict.fromkeys(("Nowhere", "", "England", "Tehran", "GER", "A1", "999", "12345"), "unknown"),
}


@pytest.mark.parametrize(("text", "code"), [*COMTRADE.items(), *DEVIATIONS.items(), *OTHERS.items()])
def test_countries_as_offices_write_them(text: str, code: str) -> None:
    assert statistics_country(text) == CountryReading("country", code)


@pytest.mark.parametrize(("text", "why"), NO_COUNTRY.items())
def test_what_is_no_single_country_is_none(text: str, why: str) -> None:
    assert statistics_country(text) == CountryReading(msgspec.convert(why, Why))


def test_every_country_of_iso_3166_by_each_code_and_name() -> None:
    """So that no code of an office's own hides one of ISO's. 492 is Monaco or Comtrade's rest of the Union."""
    for country in pycountry.countries:
        texts = {country.alpha_2, country.alpha_3, country.numeric, country.name, country.name.upper()}
        texts |= {getattr(country, kind, country.name) for kind in ("official_name", "common_name")}
        for text in texts - {"492"}:
            assert statistics_country(text).code == country.alpha_2, text


@given(st.text(max_size=60))
def test_any_text_is_read_or_not_and_nothing_else(text: str) -> None:
    reading = statistics_country(text)
    assert (reading.code is not None) == (reading.why == "country")
    if reading.code is not None and reading.code not in USER_ASSIGNED:
        assert pycountry.countries.get(alpha_2=reading.code) is not None


@given(
    st.sampled_from(sorted(COMTRADE | OTHERS)), st.sampled_from([str.upper, str.lower, str.title, str.strip])
)
def test_case_accents_and_blanks_make_no_other_country(text: str, change: object) -> None:
    assert callable(change)
    if len(text) < 4 or ":" in text or "[" in text or " - " in text:
        return
    read = statistics_country(text)
    assert statistics_country(f"  {change(text)} ") == read
    if text.isascii() or all(
        unicodedata.name(sign, "").startswith("LATIN") or sign.isascii() for sign in text
    ):
        bare = "".join(s for s in unicodedata.normalize("NFKD", text) if not unicodedata.combining(s))
        assert statistics_country(bare) == read
