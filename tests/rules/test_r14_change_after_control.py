"""R14 on one version and what its life says of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from streams.assessment.ruleset import load_ruleset
from streams.findings import Finding
from streams.lifecycle.changes import Change
from streams.lifecycle.life import LifeVersion
from tests.factory import EVENT_TIME, declaration
from tests.rules.judged import judged

pytestmark = pytest.mark.R14

CONTROL = EVENT_TIME
LATER = EVENT_TIME + timedelta(hours=3, minutes=20)
RECEIVER = Change(
    path="declaration.parties[CONSIGNEE].name",
    before="Ala-Too Trade",
    after="Orda Import",
    concern="CONSIGNEE",
)
BORDER = Change(
    path="declaration.countriesOfRouting", before="DE, LT, KZ", after="DE, LT, BY, KZ", concern="ROUTING"
)
VALUE = Change(path="declaration.goodsItems[1].statisticalValue", before="5000", after="500", concern="VALUE")
PHONE = Change(path="declaration.parties[CONSIGNEE].phone", after="+996 312 555013")


def _life(
    *found: Change, asked: datetime | None = LATER, control: datetime | None = CONTROL, **more: Any
) -> LifeVersion:
    since = found if control is not None else ()
    return LifeVersion(
        declaration(version_number=2),
        changes=found,
        asked_at=asked,
        control_notified_at=control,
        **{"since_control": since} | more,
    )


def _finding(life: LifeVersion) -> Finding:
    (finding,), missing = judged(life, "R14")
    assert missing == []
    return finding


def test_an_officer_reads_what_was_announced_when_and_what_was_changed() -> None:
    assert _finding(_life(RECEIVER)).evidence == (
        "An examination was announced on 2022-06-15 10:00 UTC; the change asked for on 2022-06-15 13:20 UTC concerns "
        "receiver: parties[CONSIGNEE].name from 'Ala-Too Trade' to 'Orda Import'."
    )


def test_one_finding_names_all_concerns_the_gravest_first() -> None:
    finding = _finding(_life(VALUE, PHONE, BORDER, RECEIVER))
    assert finding.inputs["concerns"] == ["CONSIGNEE", "ROUTING", "VALUE"]
    assert "concerns receiver, way and value: parties[CONSIGNEE].name" in finding.evidence
    assert "phone" not in finding.evidence
    assert finding.strength == _finding(_life(RECEIVER)).strength > _finding(_life(BORDER)).strength


def test_many_changes_are_counted() -> None:
    items = [
        Change(path=f"declaration.goodsItems[{n}]", after="901310 sights", concern="COMMODITY")
        for n in range(1, 100)
    ]
    finding = _finding(_life(*items, BORDER))
    assert "goodsItems[1] added: '901310 sights'; countriesOfRouting" in finding.evidence
    assert "; and 97 more." in finding.evidence and len(finding.evidence) < 600
    assert len(finding.inputs["paths"]) == 20


def test_what_is_only_asked_for_is_said_so() -> None:
    assert _finding(_life(RECEIVER, in_force=False)).evidence.endswith(
        "'Orda Import'. It is asked for, and not granted so far."
    )


def test_the_finding_keeps_its_key_when_the_request_is_granted() -> None:
    assert _finding(_life(RECEIVER, in_force=False)).key == _finding(_life(RECEIVER, VALUE)).key


@pytest.mark.parametrize(
    "life",
    [
        _life(),
        _life(PHONE),
        _life(RECEIVER, control=None),
        _life(RECEIVER, since_control=(PHONE,)),
    ],
    ids=["nothing changed", "nothing of concern", "no control", "asked before, granted afterwards"],
)
def test_silent(life: LifeVersion) -> None:
    assert judged(life, "R14") == ([], [])


def test_asked_in_the_second_of_the_announcement_counts() -> None:
    assert _finding(_life(RECEIVER, asked=CONTROL))


def test_a_later_version_that_leaves_it_so_says_it_again() -> None:
    finding = _finding(_life(PHONE, since_control=(RECEIVER, PHONE)))
    assert (
        "; the change asked for afterwards concerns receiver: parties[CONSIGNEE].name from"
        in finding.evidence
    )
    assert finding.key == _finding(_life(RECEIVER)).key and "askedAt" not in finding.inputs


def test_without_the_version_before_it_cannot_be_told() -> None:
    findings, (missing,) = judged(_life(follows=False), "R14")
    assert findings == []
    assert (missing.rule, missing.missing) == ("R14", ("the version before",))


@pytest.mark.parametrize("concern", ["CONSIGNEE", "DESTINATION", "ROUTING", "COMMODITY", "VALUE"])
def test_every_concern_is_an_audit_at_least_another_receiver_or_destination_an_examination(
    concern: Any,
) -> None:
    finding = _finding(_life(Change(path="declaration.x", before="a", after="b", concern=concern)))
    ruleset = load_ruleset()
    lane = ruleset.lane(ruleset.weights[finding.code].points * finding.strength)
    assert lane == ("YELLOW" if concern in ("CONSIGNEE", "DESTINATION") else "BLUE")
