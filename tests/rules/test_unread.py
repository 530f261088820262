"""Rules whose input could not be read say so, and everything else is screened: in all three formats, alone and in an alert."""

import json
import re
from typing import Any

import pytest
from msgspec import inspect

from streams.assessment.verdict import Verdict
from streams.cases.alerts import alert_of
from streams.cases.wording import render_alert
from streams.declarations import canonical
from streams.declarations.events import VersionsRecord
from streams.declarations.model import Declaration, DeclarationVersion
from streams.declarations.reading import Unreadable
from streams.rules.catalogue import catalogue
from streams.rules.unread import needs, with_unreadable
from tests.assessment.cases import verdict_on
from tests.factory import encoded, item, party

GOODS = {"G01", "G02", "G03", "G04", "R24"}


def judged(change: Any) -> Verdict:
    message = json.loads(
        encoded(
            parties=(
                party("EXPORTER", "A Ltd", country="DE"),
                party("CONSIGNEE", "OSOO KARGOLAYN", country="KG"),
            ),
            goods_items=(item(1, "901310", "sights", full="90131090"),),
        )
    )
    change(message["declaration"])
    return verdict_on(canonical.decode(json.dumps(message).encode()))


@pytest.mark.parametrize(
    ("change", "path", "wanted"),
    [
        (lambda d: d["goodsItems"][0].update(commodityCode={"hs6": "9013"}), "goodsItems[].commodityCode.hs6", GOODS),
        (lambda d: d.update(countryOfDestination="Kyrgyz Republic"), "countryOfDestination", {"D01", "D02", "D03", "R16"}),
        (lambda d: d["goodsItems"][0].update(netMassKg="41,250"), "goodsItems[].netMassKg", {"R15", "R19"}),
        (lambda d: d["parties"][1].update(role="grandmother"), "parties[].role", {"R12", "R26", "D03"}),
        (lambda d: d.update(documents=[{"type": "X002", "validityDate": "44756"}]), "documents[].validityDate", {"G05"}),
        (lambda d: d["parties"].append({"role": "BUYER", "name": {"en": "B"}}), "parties[]", {"R01"}),
    ],
)  # fmt: skip
def test_the_rules_that_needed_it_name_it_and_the_listed_party_is_found(
    change: Any, path: str, wanted: set[str]
) -> None:
    verdict = judged(change)
    assert verdict.lane == "RED"
    assert any(one.code == "list.name" for one in verdict.findings)
    named = {one.rule for one in verdict.not_evaluable if f"declaration.{path}" in one.unreadable}
    assert wanted <= named
    alert = alert_of([verdict])
    assert alert is not None and alert.unreadable == verdict.unreadable
    text = render_alert(alert)
    assert "What could not be read" in text
    assert verdict.unreadable[0].reason in text


def test_an_unreadable_code_is_no_code() -> None:
    verdict = judged(lambda d: d["goodsItems"][0].update(commodityCode={"hs6": "9013"}))
    assert [one.hs6 for one in verdict.screened.items] == [""]


def test_a_repaired_code_is_said() -> None:
    verdict = judged(lambda d: d["goodsItems"][0].update(commodityCode={"hs6": "1022100"}))
    assert [one.hs6 for one in verdict.screened.items] == ["010221"]
    (said,) = verdict.repaired
    assert (said.before, said.to) == ("1022100", "01022100")
    alert = alert_of([verdict])
    assert alert is not None and "'1022100' as 01022100" in render_alert(alert)


def test_what_is_read_says_nothing() -> None:
    verdict = judged(lambda d: None)
    assert (verdict.unreadable, verdict.repaired) == ((), ())
    assert all(one.unreadable == () for one in verdict.not_evaluable)


def test_the_table_names_rules_and_fields_that_are_there() -> None:
    assert needs().keys() <= {rule.id for rule in catalogue()}
    for paths in needs().values():
        for path in paths:
            kind: Any = inspect.type_info(Declaration)
            for step in path.split("."):
                name, many = re.sub(r"\[\]$", "", step), step.endswith("[]")
                kind = next(field.type for field in kind.fields if field.encode_name == name)
                kind = _bare(kind)
                if many:
                    kind = _bare(kind.item_type)


def _bare(kind: Any) -> Any:
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def test_every_rule_of_a_declaration_says_what_it_reads() -> None:
    """R14 reads two versions of any field, which the versions themselves say."""
    assert {rule.id for rule in catalogue()} - needs().keys() == {"R14"}


def test_a_path_is_met_from_above_and_from_below() -> None:
    def rules_of(path: str) -> set[str]:
        one = Unreadable(path=f"declaration.{path}", kind="part", reason="r")
        return {missing.rule for missing in with_unreadable((), (one,))}

    assert "G01" in rules_of("goodsItems[3]") and "G01" in rules_of("goodsItems[3].commodityCode.hs6")
    assert rules_of("countryOfDestinationX") == set()
    assert rules_of("envelope") == set()


def test_the_version_carries_it_through_customs_versions() -> None:
    version = canonical.decode(encoded().replace(b'"netMassKg":"100"', b'"netMassKg":"1,000"'))
    assert version.unreadable
    assert VersionsRecord.of(version).version == version
    assert isinstance(VersionsRecord.of(version).version, DeclarationVersion)
