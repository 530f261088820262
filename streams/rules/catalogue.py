"""The rules in words, of catalogue.toml: what each looks for and needs, who published it, and how a headline says it."""

from functools import cache

from msgspec import Struct

from streams import tables


class KindInWords(Struct, frozen=True, forbid_unknown_fields=True):
    """One finding code of a rule, with how a headline says it."""

    code: str
    short: str


class RuleInWords(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. `source`: who published the red flag or the table behind it. `needs` says in words, `reads` in paths below
    `declaration`, what it takes from one; R14 has no paths, since it compares any field of two versions."""

    id: str
    title: str
    meaning: str
    needs: str
    clears: str
    source: str
    cases: tuple[KindInWords, ...]
    reads: tuple[str, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[RuleInWords, ...]


def catalogue() -> tuple[RuleInWords, ...]:
    """Every rule this version has, those of detectors too."""
    words: _File = tables.load("streams.rules", "catalogue.toml", _File)
    return words.rule


@cache
def in_short() -> dict[str, str]:
    """finding code -> a few words for a headline."""
    return {case.code: case.short for rule in catalogue() for case in rule.cases}


@cache
def rule_of() -> dict[str, str]:
    """finding code -> the rule that it is of."""
    return {case.code: rule.id for rule in catalogue() for case in rule.cases}
