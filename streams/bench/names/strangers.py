"""Names of nobody on the list: near-misses, which resemble a listed name, and clean firms, which resemble none."""

import random
import re
from collections.abc import Callable, Collection, Sequence

from rapidfuzz.distance import OSA

from streams.bench.names.alterations import Random, put, spellings
from streams.bench.names.clean import same_telling_words
from streams.names.analyse import analyse, father, is_patronymic
from streams.names.similar import skeleton
from streams.names.tables import words

Maker = Callable[[Random, Sequence[str], Sequence[str]], str | None]
"""random, the listed names it resembles, other words or names -> a name, or None to try again"""


def telling(name: str) -> list[int]:
    """Places of the words that tell one name from another: not a legal form, a common word or a particle."""
    table = words()
    given = name.split()
    return [
        place
        for place, word in enumerate(given)
        if len(word) > 2
        and word.isalpha()
        and word.lower() not in table.factors
        and analyse(word, "organization").factors == (1.0,)
        and not _is_form(word)
    ]


def _word_of_another(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """One telling word replaced by a telling word of another name."""
    name, other = random_.choice(names), random_.choice(names)
    theirs = telling(other)
    return _told_otherwise(random_, name, lambda: other.split()[random_.choice(theirs)] if theirs else None)


def _told_otherwise(random_: Random, name: str, word: Callable[[], str | None]) -> str | None:
    """The name of several words with another one in place of a telling one."""
    words, mine = name.split(), telling(name)
    if not mine or len(words) < 2 or (other := word()) is None:
        return None
    return put(words, random_.choice(mine), other)


def _any_word_of_another(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """Any word, a common one too, replaced by any of another name; but no legal form, particle or title, without which
    the name is the same."""
    name, other = random_.choice(names).split(), random_.choice(names).split()
    mine = [place for place, word in enumerate(name) if _says_something(word)]
    theirs = [word for word in other if _says_something(word)]
    if not 2 <= len(name) <= 4 or not mine or not theirs:
        return None
    name[random_.choice(mine)] = random_.choice(theirs)
    return " ".join(name) if len(set(map(str.lower, name))) == len(name) else None


def _says_something(word: str) -> bool:
    factors = analyse(word, "organization").factors
    return len(word) > 2 and not _is_form(word) and any(factor >= 0.3 for factor in factors)


def _is_form(word: str) -> bool:
    """A legal form is known by its standing beside a name."""
    beside = analyse(f"Qarx {word}", "organization")
    return bool(beside.legal) or len(beside.tokens) < 2


def _given_and_family(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """The given names of one with the family name of another."""
    one, other = random_.choice(names).split(), random_.choice(names).split()
    if len(one) < 2 or len(other) < 2:
        return None
    return " ".join([*one[:-1], other[-1]])


def _other_given_name(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """The family name of a listed one with the given name of nobody listed."""
    name = random_.choice(names).split()
    stranger = random_.choice(others).split()
    if not stranger[0].isascii() or len(name) < 2:
        return None
    return f"{stranger[0]} {name[-1]}"


def _unlisted_word(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """One telling word replaced by a telling word of no list."""
    name, other = random_.choice(names), random_.choice(others)
    words = [word for word in other.split() if _says_something(word)]
    return _told_otherwise(random_, name, lambda: random_.choice(words) if words else None)


def _other_number(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    name = random_.choice(names)
    found = list(re.finditer(r"\d+", name))
    if not found:
        return None
    met = random_.choice(found)
    number = str(int(met.group()) + random_.randrange(1, 9))
    return name[: met.start()] + number + name[met.end() :]


def _two_words_of_another(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """The first half of one name with the second half of another."""
    one, other = random_.choice(names).split(), random_.choice(names).split()
    if not (2 <= len(one) <= 6 and 2 <= len(other) <= 6):
        return None
    made = " ".join([*one[: (len(one) + 1) // 2], *other[(len(other) + 1) // 2 :]])
    # The half that is a legal form or a common word makes no other firm.
    same = same_telling_words(analyse(made), analyse(" ".join(one)))
    return None if same or same_telling_words(analyse(made), analyse(" ".join(other))) else made


def _word_spelt_alike(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """One telling word replaced by another listed word two or three edits away (Marina, Martina, Karina)."""
    return _spelt_alike(random_, random_.choice(names), names)


def _stranger_spelt_alike(random_: Random, names: Sequence[str], others: Sequence[str]) -> str | None:
    """The same, by a word of a name that is not listed."""
    return _spelt_alike(random_, random_.choice(names), others)


def _spelt_alike(random_: Random, name: str, pool: Sequence[str]) -> str | None:
    given, mine = name.split(), telling(name)
    if not mine or len(given) < 2:
        return None
    place = random_.choice(mine)
    old = given[place].lower()
    words = [w for other in random_.sample(pool, min(400, len(pool))) for w in other.split()]
    alike = [w for w in words if w.isalpha() and w.isascii() and abs(len(w) - len(old)) < 3]
    near = [w for w in alike if 2 <= OSA.distance(old, w.lower(), score_cutoff=3) <= 3]
    if not near:
        return None
    chosen = random_.choice(near)
    return put(given, place, chosen) if _another_word(old, chosen.lower()) else None


def _another_word(first: str, second: str) -> bool:
    """Not the same one as another office spells it (Mykhailo, Mykhaylo; Hasan, Hassan), and no legal form."""
    if is_patronymic(first) and is_patronymic(second):
        first, second = father(first), father(second)
    # Mohamed, Muhammad: the same consonants are another spelling.
    return skeleton(first) != skeleton(second) and _says_something(second)


NEAR_PERSONS: dict[str, Maker] = {
    "one word of another": _word_of_another,
    "given and family name": _given_and_family,
    "any word of another": _any_word_of_another,
    "stranger's word": _stranger_spelt_alike,
}
NEAR_FIRMS: dict[str, Maker] = {
    "one word of another": _word_of_another,
    "any word of another": _any_word_of_another,
    "stranger's word": _stranger_spelt_alike,
    "other number": _other_number,
}
HELD_OUT_PERSONS: dict[str, Maker] = {
    "other given name": _other_given_name,
    "unlisted word": _unlisted_word,
    "word spelt alike": _word_spelt_alike,
}
HELD_OUT_FIRMS: dict[str, Maker] = {
    "unlisted word": _unlisted_word,
    "two halves": _two_words_of_another,
    "word spelt alike": _word_spelt_alike,
}


def near_misses(
    names: Sequence[str],
    others: Sequence[str],
    makers: dict[str, Maker],
    per_kind: int,
    seed: int,
    listed: Collection[str],
) -> list[tuple[str, str]]:
    """(kind, name); none has exactly the words of a listed name."""
    random_ = random.Random(seed)
    known = {_words(name) for name in listed}
    made: list[tuple[str, str]] = []
    for kind, make in makers.items():
        count = 0
        wanted = per_kind // 5 if make is _other_number else per_kind
        for _ in range(wanted * 40):
            name = make(random_, names, others)
            if name is None or _words(name) in known:
                continue
            made.append((kind, name))
            count += 1
            if count == wanted:
                break
    return made


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(analyse(name, "organization").tokens))


def clean_firms(names: Sequence[str], count: int, seed: int, listed: Collection[str]) -> list[str]:
    """Firms nobody listed: words of the bench's own, two telling ones or one with a place; legal forms around them."""
    random_ = random.Random(seed)
    table = spellings()["clean"]
    kinds, places, telling_words = (table[key].split() for key in ("kinds", "places", "words"))
    forms = spellings()["tuned"]["forms"] + spellings()["other"]["forms"]
    known = {_words(name) for name in listed}
    made: list[str] = []
    while len(made) < count:
        first = random_.choice(telling_words)
        second = random_.choice(telling_words + places)
        kind = random_.choice(kinds)
        body = random_.choice((f"{first} {second}", f"{first} {second} {kind}", f"{first} {kind} {second}"))
        form = random_.choice(forms)
        name = random_.choice((f"{body} {form}", f"{form} {body}", body))
        if first != second and _words(name) not in known:
            made.append(name)
    return made
