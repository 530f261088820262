"""The ruleset: the bundled one is whole and knows every code; a wrong one is refused in one sentence."""

import re
from pathlib import Path

import pytest

import streams
from streams.assessment.ruleset import RulesetError, load_ruleset
from streams.rules import RULES
from streams.rules.catalogue import catalogue, in_short

SOURCE = Path(streams.__file__).parent
CODE = re.compile(r"""\bcode ?= ?["']([a-z_]+\.[a-z_]+)["']""")
TEXT = re.compile(r"""["']([a-z_]+\.(?!toml)[a-z_]+)["']""")
RULE = re.compile(r"""rule=["']([A-Z]\d\d)["']""")

GOOD = """
name = "own"
version = "1"
date = "2026-11-23"
[[lane]]
lane = "RED"
from = 75
reason = "a reason that is long enough"
[[lane]]
lane = "YELLOW"
from = 50
reason = "a reason that is long enough"
[[lane]]
lane = "BLUE"
from = 30
reason = "a reason that is long enough"
[[weight]]
code = "list.name"
points = 85
reason = "a reason that is long enough"
[[weight]]
code = "goods.arms"
points = 35
reason = "a reason that is long enough"
"""
COMBINATION = """
[[combination]]
id = "C01"
all = ["list.name", "goods.arms>=0.5"]
points = 5
evidence = "Two things come together."
reason = "a reason that is long enough"
"""


def _file(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _emitted() -> set[str]:
    """Codes that stand in the source of rules and detectors and in their tables, and what looks like one that has a weight."""
    families = {code.partition(".")[0] for code in load_ruleset().weights}
    found: set[str] = set()
    for part in ("watchlists", "goods", "patterns", "rules"):
        for path in (SOURCE / part, *(SOURCE / part).rglob("*")):
            if path.suffix in (".py", ".toml") and path.name != "catalogue.toml":
                text = path.read_text(encoding="utf-8")
                found |= set(CODE.findall(text))
                found |= {code for code in TEXT.findall(text) if code.partition(".")[0] in families}
    return found


def test_every_code_that_is_emitted_has_a_weight_and_a_rule() -> None:
    weights, described = set(load_ruleset().weights), set(in_short())
    assert _emitted() == weights == described


def test_the_kinds_of_a_rule_are_its_own_in_the_catalogue() -> None:
    kinds = [(rule.id, kind) for rule in RULES for kind in rule.kinds]
    assert kinds and [kind.rule for _, kind in kinds] == [rule for rule, _ in kinds]


def test_every_rule_that_is_named_is_described() -> None:
    named: set[str] = set()
    for part in ("watchlists", "patterns", "rules"):
        for path in (SOURCE / part).rglob("*.py"):
            named |= set(RULE.findall(path.read_text(encoding="utf-8")))
    ids = [rule.id for rule in catalogue()]
    assert named | {rule.id for rule in RULES} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_bundled_ruleset_names_itself() -> None:
    assert re.fullmatch(r"default@2026-11#[0-9a-f]{12}", load_ruleset().id)


def test_a_changed_figure_is_another_ruleset(tmp_path: Path) -> None:
    first = load_ruleset(_file(tmp_path, GOOD)).id
    second = load_ruleset(_file(tmp_path, GOOD.replace("85", "84"))).id
    assert first.startswith("own@1#") and first != second


def test_lanes_begin_where_they_say(tmp_path: Path) -> None:
    ruleset = load_ruleset(_file(tmp_path, GOOD))
    assert [ruleset.lane(score) for score in (-5, 0, 29.9, 30, 49.9, 50, 74.9, 75, 100)] == [
        *["GREEN"] * 3,
        *["BLUE"] * 2,
        *["YELLOW"] * 2,
        *["RED"] * 2,
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD + "colour = 1\n", "unknown field"),
        (GOOD.replace('reason = "a reason that is long enough"\n', "", 1), "missing required field `reason`"),
        (GOOD.replace("a reason that is long enough", "because", 1), "length >= 10"),
        (GOOD.replace("goods.arms", "list.name"), "weight list.name is given twice"),
        (GOOD.replace('lane = "BLUE"', 'lane = "RED"'), "lane RED is given twice"),
        (GOOD.replace("from = 30", "from = 60"), "lanes must be RED, YELLOW and BLUE"),
        (GOOD.replace("from = 30", "from = 0"), "above 0"),
        (GOOD.replace("points = 85", "points = 850"), "<= 100"),
        (
            GOOD + COMBINATION.replace("list.name", "list.nmae"),
            "'list.nmae' is neither a code with a weight nor a group",
        ),
        (GOOD + COMBINATION.replace(">=0.5", ">=much"), "asks for a strength that is no number"),
        (GOOD + COMBINATION + COMBINATION, "combination C01 is given twice"),
        (GOOD + COMBINATION.replace("C01", "X1"), "matching regex"),
        (GOOD + '[groups]\n"list.name" = ["goods.arms"]\n', "is both a group and a code"),
        ("name = ", "is not TOML"),
        ("", "missing required field"),
    ],
)
def test_a_wrong_ruleset_is_refused_in_one_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(RulesetError) as refused:
        load_ruleset(_file(tmp_path, text))
    assert complaint in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "rules.toml" in str(refused.value)


def test_a_missing_ruleset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="cannot be read"):
        load_ruleset(tmp_path / "none.toml")
