"""Descriptions read with a lexicon: words of concern under a harmless code, everyday words on a high-priority one, and words that
say nothing.

What a description names is its goods, not all that it mentions: 'battery for drones' is a battery, 'Drohnentasche' a bag, and a
book on night vision a book. So a mention knows whether it stands aside, and which everyday goods of the same description
explain it under a code of theirs.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from streams import tables
from streams.goods.clauses import Clauses, hidden
from streams.goods.terms import Place, Terms, Word, fold, whole, words_of
from streams.names.normalise import MAX_CHARS

ASIDE_FACTOR = 0.3
"""What is left of a term that says what the goods are for, come with or are an image of."""
INNOCENT = 0.6
"""Strength of everyday words on a high-priority code: a clerk's error as often as a disguise."""
MAX_READ = MAX_CHARS
"""Characters of a description that are read; UCC Annex B gives it an..512."""

_PACKAGE = "streams.goods"
_CONCERN = ("tables/lexicon.toml", "tables/lexicon_machines.toml")
_EVERYDAY = ("tables/ordinary.toml", "tables/ordinary_wares.toml")
_WORDING, _MODELS, _HAN = "tables/wording.toml", "tables/models.csv", "tables/han.toml"
_A_LETTER = re.compile(r"[^\W\d_]")
_SAYS_SOMETHING = re.compile(r"[^\W\d_]{2,}|[\u3400-\u9fff]")
"""A letter alone says nothing beside words that say nothing: n.e.s., 5 m"""


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of goods that words give away."""

    name: str
    says: str
    belongs: tuple[str, ...]
    """beginnings of the codes where such goods, or a mention of them, are ordinary"""
    terms: dict[str, str]
    """by language, comma-separated"""
    strength: float = 1.0
    filed_as: str = ""
    """name that its findings bear where it was once part of another group"""
    telling: bool = False
    """whether the words make a listed code that holds harmless goods too count in full"""
    names_goods: bool = True
    """whether the words say what the goods are, so that they accuse a high-priority code"""
    holds: bool = False
    """what goods are carried in"""
    tells_of: bool = False
    """what may tell of other goods anywhere in its description: a book"""
    pretends: bool = False
    """an image of goods: a toy, a souvenir"""
    technical: bool = False
    """words that leave a high-priority code in peace"""

    @property
    def filed(self) -> str:
        return self.filed_as or self.name

    def at_home(self, code: str) -> bool:
        return code.startswith(self.belongs)


class _GroupsFile(tables.Sourced, frozen=True):
    group: tuple[Group, ...]


class _Wording(tables.Sourced, frozen=True):
    before: str
    after: str
    joins: str
    softened: dict[str, dict[str, str]]
    vague: dict[str, str]
    look_alikes: dict[str, str]


class Mention(Struct, frozen=True):
    """A group that a description names."""

    group: Group
    words: str
    strength: float
    explained_by: tuple[Group, ...] = ()
    """everyday goods that the description names too, and that explain it under a code of theirs"""

    def under(self, code: str) -> float:
        """Strength under a code, 0 where the goods belong there."""
        if not code:
            return self.strength
        if self.group.at_home(code):
            return 0.0
        explained = any(group.at_home(code) for group in self.explained_by)
        return self.strength * ASIDE_FACTOR if explained else self.strength


class Reading(Struct, frozen=True):
    """What a description says."""

    concern: tuple[Mention, ...] = ()
    """goods of concern, each group once at its strongest"""
    everyday: tuple[Mention, ...] = ()
    """everyday goods, where they alone are what the description names"""
    vague: bool = False
    """whether it has words, and none says anything"""

    @property
    def telling(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.concern if mention.group.telling)

    def misplaced(self, code: str) -> Iterator[Mention]:
        """The goods of concern that do not belong under a code, at their strength there; all where it is empty."""
        for mention in self.concern:
            strength = mention.under(code)
            if strength:
                yield Mention(mention.group, mention.words, strength)

    def innocent(self, code: str) -> Mention | None:
        """Everyday goods that have no business under a high-priority code."""
        if any(mention.group.at_home(code) for mention in (*self.concern, *self.everyday)):
            return None
        return next(iter(self.everyday), None)


class _Marks:
    """What stands where in a text, before it is judged."""

    def __init__(self) -> None:
        self.concern: list[tuple[Group, float, Place]] = []
        self.everyday: list[tuple[Group, Place]] = []
        self.words: dict[str, list[Place]] = {
            "look_alike": [],
            "vague": [],
            "before": [],
            "after": [],
            "joins": [],
        }


class Lexicon:
    """The lexicon, ready to read descriptions with. Answers are remembered: descriptions repeat."""

    def __init__(
        self,
        concern: Iterable[Group],
        everyday: Iterable[Group],
        wording: _Wording,
        models: Iterable[tuple[str, str, float]],
        version: str,
    ) -> None:
        self.version = version
        groups = {group.name: group for group in concern}
        terms: list[tuple[str, tuple[str, Group | None, float]]] = []
        for group in groups.values():
            terms += ((term, ("concern", group, group.strength)) for term in _listed(group.terms, wording))
        everyday = tuple(everyday)
        # What things are made of comes late in the table: a cotton dress is clothing.
        self._order = {group.name: place for place, group in enumerate(everyday)}
        for group in everyday:
            terms += ((term, ("everyday", group, 1.0)) for term in _listed(group.terms, wording))
        terms += ((term, ("concern", groups[name], strength)) for term, name, strength in models)
        for kind, texts in (
            ("look_alike", wording.look_alikes),
            ("vague", wording.vague),
            ("before", {"": wording.before}),
            ("after", {"": wording.after}),
            ("joins", {"": wording.joins}),
        ):
            terms += ((term, (kind, None, 0.0)) for term in _listed(texts, wording))
        self._terms = Terms(terms)
        self.read = lru_cache(maxsize=20_000)(self._read)

    def _read(self, text: str) -> Reading:
        """What a text says."""
        text = text[:MAX_READ]
        folded = fold(text)
        words = words_of(folded)
        if not words:
            return Reading()
        marks = self._marks(folded, words)
        said = marks.words
        if not (marks.concern or marks.everyday):
            return Reading(vague=_says_nothing(folded, words, said))
        clauses = Clauses(
            folded, tuple(words), tuple(said["before"]), tuple(said["after"]), tuple(said["joins"])
        )
        aside = clauses.aside()
        everyday = [
            (group, place)
            for group, place in marks.everyday
            if not (hidden(place, said["look_alike"]) or clauses.stands_aside(place, aside))
        ]
        shown = text if len(text) == len(folded) else folded
        found: dict[str, Mention] = {}
        for group, strength, place in marks.concern:
            if hidden(place, said["look_alike"]):
                continue
            spoken = _spoken(shown, place, words)
            if clauses.stands_aside(place, aside):
                _keep(found, Mention(group, spoken, strength * ASIDE_FACTOR))
            else:
                _keep(found, _mention(Mention(group, spoken, strength), place, everyday, clauses))
        named: tuple[Mention, ...] = ()
        if not any(group.technical for group, _ in everyday):
            named = tuple(
                Mention(group, _spoken(shown, place, words), INNOCENT)
                for group, place in sorted(everyday, key=lambda known: self._order[known[0].name])
                if group.names_goods
            )
        vague = not found and _says_nothing(folded, words, said)
        return Reading(tuple(found.values()), named, vague)

    def _marks(self, folded: str, words: list[Word]) -> _Marks:
        marks = _Marks()
        for (kind, group, strength), place in self._terms.find(words):
            if group is None:
                marks.words[kind].append(place)
            elif kind == "concern":
                marks.concern.append((group, strength, place))
            else:
                marks.everyday.append((group, place))
        return marks


def _mention(
    mention: Mention, place: Place, everyday: list[tuple[Group, Place]], clauses: Clauses
) -> Mention:
    """The mention beside everyday goods of the same description: weaker where they are its head, explained where they may be."""
    explained: dict[str, Group] = {}
    for group, other in everyday:
        apart = other.end <= place.start or place.end <= other.start
        if group.technical or not apart:
            continue
        first, listed = other.end <= place.start, clauses.apart(other, place)
        # 'Drone, toy' is a toy; of 'toys, drones' the second is none.
        pretends = group.pretends and not (first and listed)
        if pretends or (group.holds and clauses.heads(other, place)):
            return Mention(mention.group, mention.words, mention.strength * ASIDE_FACTOR)
        if group.tells_of or (not listed and (first or not group.holds)):
            explained[group.name] = group
    return Mention(mention.group, mention.words, mention.strength, tuple(explained.values()))


def _spoken(text: str, place: Place, words: list[Word]) -> str:
    place = whole(place, words)
    return text[place.start : place.end]


def _keep(found: dict[str, Mention], mention: Mention) -> None:
    """At its strongest, and of two alike the one that less explains: 'bulletproof vests' are not explained by vests."""
    known = found.get(mention.group.name)
    if known is None or _weight(known) < _weight(mention):
        found[mention.group.name] = mention


def _weight(mention: Mention) -> tuple[float, int]:
    return mention.strength, -len(mention.explained_by)


def _says_nothing(folded: str, words: list[Word], said: dict[str, list[Place]]) -> bool:
    """Whether no word is left where those that say nothing are taken out."""
    if not said["vague"]:
        return _A_LETTER.search(folded) is None
    left = list(folded)
    for place in (*said["vague"], *said["before"]):
        place = whole(place, words)
        left[place.start : place.end] = " " * (place.end - place.start)
    return _SAYS_SOMETHING.search("".join(left)) is None


def _listed(terms: dict[str, str], wording: _Wording) -> Iterator[str]:
    """Each term, and its stem as it is before a vowel: Turkish 'tüfek*' is 'tüfeği' too."""
    for language, text in terms.items():
        softened = wording.softened.get(language, {})
        for term in filter(None, map(str.strip, text.split(","))):
            yield term
            if term.endswith("*") and term[-2:-1] in softened:
                yield f"{term[:-2]}{softened[term[-2]]}*"


@cache
def lexicon() -> Lexicon:
    """The bundled lexicon."""
    concern, everyday = (
        [group for name in names for group in tables.load(_PACKAGE, name, _GroupsFile).group]
        for names in (_CONCERN, _EVERYDAY)
    )
    wording = tables.load(_PACKAGE, _WORDING, _Wording)
    rows = csv.DictReader(tables.text(_PACKAGE, _MODELS).splitlines())
    models = [(row["pattern"], row["group"], float(row["strength"])) for row in rows]
    files = (*_CONCERN, *_EVERYDAY, _WORDING, _MODELS, _HAN)
    return Lexicon(concern, everyday, wording, models, tables.version(wording.version, _PACKAGE, *files))
