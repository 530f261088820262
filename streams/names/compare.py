"""Two names against each other, without a list."""

from msgspec import Struct

from streams.names.analyse import Analysed, NameType, analyse
from streams.names.corroborate import corroborated
from streams.names.evidence import is_firm
from streams.names.explain import explain
from streams.names.fields import names_of_field
from streams.names.figures import defaults
from streams.names.pairs import all_pairs
from streams.names.score import Scored, score

MAX_PARTS = 3
"""Names that one field may hold, on either side."""


class NameComparison(Struct, frozen=True, kw_only=True):
    score: float
    explanation: str
    evasion: tuple[str, ...] = ()
    """tricks found in either name"""
    degraded: bool = False
    """a name was longer than is read"""


def compare(name1: str, name2: str, type: NameType | None = None) -> NameComparison:
    """Scores two names, 0..1.

    Without a list no word is known to be rare: a word weighs by its length and by the tables of common words alone, so
    a score differs a little from that of a search. An empty name scores 0. Never raises for any string.
    """
    kind: NameType = type or "unknown"
    best: tuple[float, Analysed, Analysed, Scored] | None = None
    firsts, seconds = _analysed(name1, kind), _analysed(name2, kind)
    if kind == "unknown" and not any(
        is_firm(name) or name.sole or name.places for name in (*firsts, *seconds)
    ):
        # Nothing says that either is a firm: a second family name may be left out.
        firsts, seconds = _analysed(name1, "person"), _analysed(name2, "person")
    figures = defaults().score
    for place, declared in enumerate(firsts):
        for other, listed in enumerate(seconds):
            if not declared.tokens or not listed.tokens:
                continue
            ours, theirs = _weights(declared), _weights(listed)
            scored = score(declared, listed, ours, theirs, all_pairs(declared, listed, ours, theirs))
            value = corroborated(
                scored.score,
                firm=scored.firm,
                country="unknown",
                types=False,
                # A name compared with itself needs no one to vouch for it.
                slight=scored.needs_corroboration and scored.score < 1.0,
                weak=False,
                figures=figures,
            )
            if place or other:
                value = min(value, figures.not_the_same)
            if best is None or value > best[0]:
                best = (value, declared, listed, scored)
    evasion = tuple(
        dict.fromkeys(trick for side in (firsts[:1], seconds[:1]) for a in side for trick in a.evasion)
    )
    degraded = (
        any(analysed.degraded for analysed in (*firsts, *seconds)) or max(len(name1), len(name2)) > 2000
    )
    if best is None:
        return NameComparison(
            score=0.0, explanation="One of the names is empty.", evasion=evasion, degraded=degraded
        )
    value, declared, listed, scored = best
    return NameComparison(
        score=round(value, 4),
        explanation=explain(declared, listed, scored.pairs),
        evasion=evasion,
        degraded=degraded,
    )


def _analysed(text: str, kind: NameType) -> list[Analysed]:
    return [
        analyse(part.text, "person" if part.person else kind)
        for part in names_of_field(text[:2000])[:MAX_PARTS]
    ]


def _weights(name: Analysed) -> list[float]:
    return [
        factor * (0.55 + 0.06 * min(len(token), 8))
        for token, factor in zip(name.tokens, name.factors, strict=True)
    ]
