"""Scoring: weights, one counting for many, combinations, and what a licence does, whatever the order."""

from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from streams.assessment.ruleset import Weight, load_ruleset
from streams.assessment.scoring import COUNTED_ONCE, NO_WEIGHT, again, assess
from streams.findings import LANES, Finding, Subject

RULES = load_ruleset()


def _finding(code: str, strength: float = 1.0, key: str = "") -> Finding:
    return Finding(
        key=key or code,
        rule="R00",
        code=code,
        subject=Subject(kind="DECLARATION"),
        evidence=f"{code} was seen.",
        strength=strength,
    )


def _assess(*codes: Any) -> Any:
    return assess([one if isinstance(one, Finding) else _finding(one) for one in codes], RULES)


def test_nothing_is_green() -> None:
    assert (_assess().score, _assess().lane) == (0, "GREEN")


def test_points_are_weight_times_strength() -> None:
    (finding,) = _assess(_finding("list.name", 0.9)).findings
    assert finding.points == 76.5
    assert finding.weight_reason == RULES.weights["list.name"].reason


def test_a_strong_name_alone_is_red_and_one_at_the_threshold_is_not() -> None:
    assert _assess(_finding("list.name", 0.9)).lane == "RED"
    assert _assess(_finding("list.name", 0.8)).lane == "YELLOW"
    assert _assess(_finding("list.similar", 0.75)).lane == "BLUE"
    assert _assess("list.identifier").lane == "RED"


def test_many_findings_of_one_kind_count_once() -> None:
    many = [_finding("goods.high_priority", 1.0 - n / 10, f"item:{n}") for n in range(5)]
    answer = assess(many, RULES)
    assert answer.score == 18
    assert [f.points for f in answer.findings] == [18, 0, 0, 0, 0]
    assert {f.weight_reason for f in answer.findings[1:]} == {COUNTED_ONCE}


def test_the_score_has_a_ceiling_and_a_floor() -> None:
    assert _assess("list.name", "list.identifier").score == 100
    assert _assess("goods.licence_presented").score == 0


def test_a_score_that_reaches_a_lane_is_in_it_in_whatever_order_it_is_summed() -> None:
    """As floats 16.3 + 24.7 + 29.4 + 4.6 is 74.99999999999999, and 75 the other way round."""
    points = {"a": 16.3, "b": 24.7, "c": 29.4, "d": 4.6}
    rules = replace(
        RULES, weights={code: Weight(code, value, "for this test") for code, value in points.items()}
    )
    lanes = {assess([_finding(code) for code in order], rules).lane for order in permutations(points)}
    assert lanes == {"RED"}


def test_weighing_a_verdict_again_is_screening_by_the_other_ruleset() -> None:
    found = [_finding(code) for code in ("goods.high_priority", "destination.embargoed", "firm.established")]
    first = assess(found, RULES)
    assert again(first.findings, RULES) == first
    other = replace(
        RULES, combinations=(), weights=RULES.weights | {"firm.established": RULES.weights["firm.new"]}
    )
    assert again(first.findings, other) == assess(found, other) != first
    assert again(assess(found, other).findings, RULES) == first


def test_a_code_that_the_ruleset_does_not_know_is_kept_without_points() -> None:
    (finding,) = _assess("new.code").findings
    assert (finding.points, finding.weight_reason) == (0, NO_WEIGHT)


def test_a_combination_names_what_came_together() -> None:
    answer = _assess("goods.high_priority", "destination.embargoed")
    combination = next(f for f in answer.findings if f.rule == "C03")
    assert combination.inputs["together"] == ["goods.high_priority", "destination.embargoed"]
    assert combination.points == 50 and answer.lane == "RED"


def test_a_combination_asks_for_strength() -> None:
    def has_c02(strength: float) -> bool:
        circle = _finding("destination.diversion", strength)
        return any(
            f.rule == "C02" for f in _assess("goods.high_priority", circle, "route.circuitous").findings
        )

    assert has_c02(0.6) and not has_c02(0.5)


def test_relief_lowers_but_never_hides() -> None:
    signs = ("goods.high_priority", "destination.diversion", "route.circuitous")
    assert _assess(*signs).lane == "YELLOW"
    assert _assess(*signs, "goods.licence_presented").lane == "BLUE"
    assert _assess(*signs, "goods.licence_presented", "list.similar").lane != "BLUE"
    assert _assess(*signs, "goods.licence_partial").lane == "YELLOW"


KNOWN = st.builds(
    _finding,
    st.sampled_from([*sorted(RULES.weights), "new.code"]),
    st.floats(0.05, 1.0).map(lambda value: round(value, 3)),
    st.text("abc", min_size=1, max_size=4),
)


@settings(derandomize=True, deadline=None)
@given(st.lists(KNOWN, max_size=12, unique_by=lambda f: (f.code, f.key)), st.randoms())
def test_the_order_of_findings_does_not_matter(findings: list[Finding], random: Any) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)
    one, other = assess(findings, RULES), assess(shuffled, RULES)
    assert (one.score, one.lane) == (other.score, other.lane)
    assert sorted((f.code, f.key, f.points) for f in one.findings) == sorted(
        (f.code, f.key, f.points) for f in other.findings
    )


@settings(derandomize=True, deadline=None)
@given(st.lists(KNOWN, max_size=12, unique_by=lambda f: (f.code, f.key)))
def test_no_finding_is_lost_and_the_score_is_the_sum(findings: list[Finding]) -> None:
    answer = assess(findings, RULES)
    assert {(f.code, f.key) for f in findings} <= {(f.code, f.key) for f in answer.findings}
    total = sum(f.points for f in answer.findings)
    assert abs(answer.score - min(max(total, 0), 100)) < 0.06


@settings(derandomize=True, deadline=None)
@given(
    st.lists(KNOWN, max_size=10, unique_by=lambda f: (f.code, f.key)), st.sampled_from(sorted(RULES.weights))
)
def test_another_sign_never_makes_it_milder(findings: list[Finding], code: str) -> None:
    """Except a licence, which is the only thing that may."""
    if RULES.weights[code].points < 0 or any(f.code == code for f in findings):
        return
    before, after = assess(findings, RULES), assess([*findings, _finding(code)], RULES)
    assert LANES.index(after.lane) <= LANES.index(before.lane)
