"""Two rulesets over the same verdicts: what is gained, lost, moved, why, and what labels say of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from streams.assessment.ruleset import Ruleset, Weight, load_ruleset
from streams.assessment.scoring import assess
from streams.assessment.verdict import Verdict
from streams.backtest.comparison import Comparison
from streams.backtest.report import Both, Report, lines
from streams.declarations.labels import Label
from streams.findings import Finding, Subject
from tests.assessment.cases import verdict as screened

BUNDLED = load_ruleset()
START = datetime(2023, 1, 1, tzinfo=UTC)


def rules(**points: float) -> Ruleset:
    """The bundled lanes (30, 50, 75), and these weights alone: `a` is the code `x.a` of rule A."""
    weights = {f"x.{name}": Weight(f"x.{name}", value, "for this test") for name, value in points.items()}
    return replace(BUNDLED, id=f"test#{points}", weights=weights, combinations=(), reliefs=())


def said(key: str, *codes: str, day: int = 0, version: int = 1, event: str = "LODGED") -> Verdict:
    """A verdict with findings of these codes, weighed by no ruleset that is compared."""
    found = [
        Finding(
            key=code,
            rule=code.upper(),
            code=f"x.{code}",
            subject=Subject(kind="DECLARATION"),
            evidence="It was seen at Ala-Too Trade OsOO.",
        )
        for code in codes
    ]
    weighed = assess(found, rules(a=1, b=2, c=3))
    return replace(
        screened(declaration_key=key, version_number=version, event_type=event),
        event_date_time=START + timedelta(days=day),
        findings=weighed.findings,
        score=weighed.score,
        lane=weighed.lane,
    )


def report(*verdicts: Verdict, before: Ruleset, after: Ruleset, **more: Any) -> Report:
    comparison = Comparison(before, after, more.pop("since", None))
    for one in verdicts:
        comparison.add(one)
    return comparison.report(**more)


def label(key: str, case: str = "CASE-1") -> dict[str, Label]:
    return {key: Label(key, "CASE", case)}


def test_an_alert_is_gained_lost_or_moved_and_the_points_say_why() -> None:
    found = report(
        said("gained", "a"),
        said("lost", "b"),
        said("moved", "c"),
        said("same", "d"),
        said("clear"),
        before=rules(a=20, b=30, c=50, d=40),
        after=rules(a=35.5, b=29.9, c=75, d=40),
    )
    [gained], [lost], [moved] = found.gained, found.lost, found.moved
    assert (gained.declaration_key, gained.before.lane, gained.after.lane) == ("gained", "GREEN", "BLUE")
    assert [(one.rule, one.code, one.points) for one in gained.differences] == [("A", "x.a", Both(20, 35.5))]
    assert (lost.declaration_key, lost.before.lane, lost.after.lane) == ("lost", "BLUE", "GREEN")
    assert (moved.declaration_key, moved.before.lane, moved.after.lane) == ("moved", "YELLOW", "RED")
    assert {one.because for one in (gained, lost, moved)} == {("POINTS",)}
    totals = found.totals
    assert (totals.declarations, totals.gained, totals.lost, totals.moved) == (5, 1, 1, 1)
    assert (totals.alerts, totals.per_thousand) == (Both(3, 3), Both(600, 600))
    assert {row.rule: row.alerts for row in found.rules} == {
        "A": Both(0, 1),
        "B": Both(1, 0),
        "C": Both(1, 1),
        "D": Both(1, 1),
    }
    assert {row.lane: row.declarations for row in found.lanes} == {
        "RED": Both(0, 1),
        "YELLOW": Both(1, 0),
        "BLUE": Both(2, 2),
        "GREEN": Both(2, 2),
    }


def test_a_ruleset_against_itself_changes_nothing() -> None:
    same = rules(a=30, b=50)
    found = report(said("1", "a"), said("2", "b"), said("3"), before=same, after=same)
    assert found.gained == found.lost == found.moved == ()
    assert found.totals.alerts == Both(2, 2)


def test_combinations_and_points_together_the_greatest_first() -> None:
    lifted = rules(a=10, b=10)
    [combination] = [one for one in BUNDLED.combinations if one.id == "C03"]
    [member, _] = combination.members
    together = replace(
        combination,
        members=tuple(replace(member, codes=((code, 0.0),)) for code in ("x.a", "x.b")),
        points=25,
    )
    lifted = replace(lifted, combinations=(together,))
    # The verdict was given by the ruleset that has the combination: it must not be counted twice.
    one = said("1", "a", "b")
    one = replace(one, findings=assess(one.findings, lifted).findings)
    [gained] = report(one, before=rules(a=12, b=10), after=lifted).gained
    assert [(each.rule, each.points) for each in gained.differences] == [
        ("C03", Both(0, 25)),
        ("A", Both(12, 10)),
    ]
    assert (gained.before.score, gained.after.score) == (22, 45)


def test_a_lane_that_begins_elsewhere_is_a_cause_of_its_own() -> None:
    before = rules(a=40)
    after = replace(
        before,
        id="other",
        lanes=tuple(replace(lane, points=lane.points + (lane.lane == "BLUE") * 15) for lane in before.lanes),
    )
    [lost] = report(said("1", "a"), before=before, after=after).lost
    assert (lost.because, lost.differences, lost.before.score) == (("LANES",), (), 40)


def test_so_is_a_licence() -> None:
    before = rules(a=60, licence=-1)
    relief = replace(
        BUNDLED.reliefs[0],
        has=replace(BUNDLED.reliefs[0].has, codes=(("x.licence", 0.0),)),
        unless=frozenset(),
    )
    after = replace(before, id="other", reliefs=(relief,))
    [moved] = report(said("1", "a", "licence"), before=before, after=after).moved
    assert (moved.before.lane, moved.after.lane, moved.because) == ("YELLOW", "BLUE", ("RELIEF",))


def test_the_gravest_version_counts_whatever_the_order_and_however_often() -> None:
    versions = [said("1", "a"), said("1", "b", version=2, day=1), said("1", version=3, day=2)]
    before, after = rules(a=10, b=20), rules(a=80, b=40)
    [found] = {
        tuple(report(*order, before=before, after=after).gained)
        for order in (versions, versions[::-1], [*versions, *versions])
    }
    [gained] = found
    assert (gained.before.score, gained.before.version_number) == (20, 2)
    assert (gained.after.lane, gained.after.version_number, gained.version_number) == ("RED", 1, 1)
    assert gained.lodged == START
    rows = report(*versions, before=before, after=after).rules
    assert {row.rule: row.alerts for row in rows} == {"A": Both(0, 1), "B": Both(0, 1)}


def test_a_rule_is_named_by_what_it_adds_to_an_alert_in_any_version() -> None:
    """Not by points that speak for the declaration, nor by those of a version that was clear."""
    verdicts = (said("1", "a", "licence"), said("1", "b", version=2), said("1", "c", version=3))
    weights = rules(a=40, b=50, c=10, licence=-5)
    rows = report(*verdicts, before=weights, after=weights).rules
    assert {row.rule: row.alerts for row in rows} == {"A": Both(1, 1), "B": Both(1, 1)}


@pytest.mark.parametrize("event", ["INVALIDATED", "REJECTED"])
def test_a_version_that_ends_a_declaration_is_no_work_for_an_officer(event: str) -> None:
    verdicts = (said("1"), said("1", "a", version=2, event=event))
    assert report(*verdicts, before=rules(a=10), after=rules(a=90)).totals.alerts == Both(0, 0)


def test_what_was_lodged_before_is_a_past() -> None:
    verdicts = [said("old", "a"), said("old", "a", version=2, day=9), said("new", "a", day=9)]
    for order in (verdicts, verdicts[::-1]):
        found = report(
            *order,
            before=rules(a=10),
            after=rules(a=90),
            since=START + timedelta(days=9),
            labels=label("old") | label("new"),
        )
        assert [one.declaration_key for one in found.gained] == ["new"]
        assert (found.totals.declarations, found.totals.past) == (1, 1)
        assert found.totals.labelled is not None
        assert (found.totals.labelled.declarations, found.totals.labelled.elsewhere) == (1, 1)


def test_labels_give_precision_and_recall() -> None:
    """Two cases, of three declarations and of one; before: one of the first and an honest one; after: all of both."""
    labels = label("1") | label("2") | label("3") | label("4", "CASE-2")
    found = report(
        said("1", "a"),
        said("2", "b"),
        said("3", "b"),
        said("4", "b"),
        said("honest", "a"),
        said("other"),
        before=rules(a=30, b=29),
        after=rules(a=29, b=30),
        labels=labels,
    )
    told = found.totals.labelled
    assert told is not None
    assert (told.declarations, told.cases, told.elsewhere) == (4, 2, 0)
    assert (told.gained, told.lost, told.moved) == (3, 1, 0)
    assert told.precision == Both(0.5, 1)
    assert told.recall == Both(0.5, 1)
    assert told.recall_by_declaration == Both(0.25, 0.75)
    [typology] = found.typologies
    assert (typology.cases, typology.found, typology.alerted) == (2, Both(1, 2), Both(1, 3))
    assert {row.rule: row.labelled for row in found.rules} == {"A": Both(1, 0), "B": Both(0, 3)}
    assert {row.lane: row.labelled for row in found.lanes}["BLUE"] == Both(1, 3)
    assert {one.declaration_key: one.label and one.label.case for one in (*found.gained, *found.lost)} == {
        "1": "CASE-1",
        "2": "CASE-1",
        "3": "CASE-1",
        "4": "CASE-2",
        "honest": None,
    }


def test_of_nothing_nothing_is_said() -> None:
    found = report(before=rules(a=1), after=rules(a=2), labels=label("1"))
    assert found.totals.labelled is not None
    assert found.totals.labelled.precision == found.totals.labelled.recall == Both(None, None)
    assert (found.totals.alerts, found.totals.first) == (Both(0, 0), None)
    assert report(before=rules(a=1), after=rules(a=2)).totals.labelled is None


def test_lines_are_json_gravest_first_and_name_nobody() -> None:
    found = report(
        said("2", "a"),
        said("1", "a"),
        said("0", "b"),
        before=rules(a=1),
        after=rules(a=40, b=80),
        labels=label("2"),
    )
    told = list(lines(found))
    parsed = [json.loads(line) for line in told]
    assert [next(iter(line)) for line in parsed] == [
        *["totals"] + ["lane"] * 4 + ["rule"] * 2 + ["typology"] + ["gained"] * 3
    ]
    assert [line["gained"]["declarationKey"] for line in parsed if "gained" in line] == ["0", "1", "2"]
    assert parsed[-1]["gained"] == {
        "declarationKey": "2",
        "lodged": "2023-01-01T00:00:00Z",
        "versionNumber": 1,
        "before": {"lane": "GREEN", "score": 1.0, "versionNumber": 1},
        "after": {"lane": "BLUE", "score": 40.0, "versionNumber": 1},
        "because": ["POINTS"],
        "differences": [{"rule": "A", "code": "x.a", "points": {"before": 1.0, "after": 40.0}}],
        "label": {"typology": "CASE", "case": "CASE-1"},
    }
    assert b"Ala-Too" not in b"".join(told)
