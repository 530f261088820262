"""A score in words an officer can read out."""

from collections.abc import Sequence

from streams.names.align import Pair
from streams.names.analyse import Analysed
from streams.names.corroborate import Agreement
from streams.text import joined


def explain(
    declared: Analysed,
    listed: Analysed,
    pairs: Sequence[Pair],
    country: Agreement = "unknown",
    significant: float = 0.2,
) -> str:
    """What the meeting of two names means, then which word met which and what is missing on either side."""
    if not pairs:
        return "No word of the two names agrees."
    details = _details(declared, listed, pairs, significant)
    return f"{_meaning(declared, listed, pairs, significant)}{_COUNTRY[country]}: {details}."


_COUNTRY = {"agrees": ", same country", "differs": ", other country", "unknown": ""}


def _meaning(declared: Analysed, listed: Analysed, pairs: Sequence[Pair], significant: float) -> str:
    ours = _unmet(declared, [pair.declared_mask for pair in pairs], significant)
    theirs = _unmet(listed, [pair.listed_mask for pair in pairs], significant)
    alike = all(pair.how in ("same", "glued") for pair in pairs)
    if declared.ideographs and listed.ideographs and declared.ideographs != listed.ideographs:
        return "Names that sound alike"
    if alike and not ours and not theirs:
        return "Same name"
    if any(pair.how == "initial" for pair in pairs):
        return "A name that the initials fit"
    if not ours and not theirs:
        return "Nearly the same name"
    if not ours:
        return "Part of the listed name"
    return "The listed name and more" if not theirs and alike else "Names with words in common"


def _details(declared: Analysed, listed: Analysed, pairs: Sequence[Pair], significant: float) -> str:
    said: list[str] = []
    same = sum(pair.how == "same" for pair in pairs)
    declared_rest = _unmet(declared, [pair.declared_mask for pair in pairs], significant)
    listed_rest = _unmet(listed, [pair.listed_mask for pair in pairs], significant)
    if declared.tokens == listed.tokens:
        said.append("every word agrees")
    elif same == len(pairs) and not declared_rest and not listed_rest:
        in_order = [pair.listed_mask for pair in sorted(pairs, key=lambda pair: pair.declared_mask)]
        every = "every word" if _all_met(declared, listed, pairs) else "every telling word"
        said.append(f"{every} agrees" + ("" if in_order == sorted(in_order) else ", in another order"))
    else:
        agreed = [_text(declared, pair.declared_mask) for pair in _in_order(pairs) if pair.how == "same"]
        if agreed:
            said.append(f"{joined(agreed)} {'agrees' if len(agreed) == 1 else 'agree'}")
        for pair in _in_order(pairs):
            if pair.how != "same":
                said.append(
                    _meeting(_text(declared, pair.declared_mask), _text(listed, pair.listed_mask), pair)
                )
        if listed_rest:
            said.append(f"{joined(listed_rest)} of the listed name {_is(listed_rest)} missing")
        if declared_rest:
            said.append(f"{joined(declared_rest)} {_is(declared_rest)} not in the listed name")
    if declared.legal and listed.legal and not declared.legal & listed.legal:
        said.append("the legal forms differ")
    if declared.ideographs and listed.ideographs and declared.ideographs != listed.ideographs:
        said.append("the Chinese characters differ")
    return "; ".join(said)


def _all_met(declared: Analysed, listed: Analysed, pairs: Sequence[Pair]) -> bool:
    ours = [pair.declared_mask for pair in pairs]
    theirs = [pair.listed_mask for pair in pairs]
    return not _unmet(declared, ours, 0.0) and not _unmet(listed, theirs, 0.0)


def _meeting(declared: str, listed: str, pair: Pair) -> str:
    if pair.how == "initial":
        return f"{declared} stands for {listed}"
    if pair.how == "cut":
        return f"{declared} is the beginning of {listed}"
    if pair.how == "glued":
        return f"{declared} is {listed} with other spaces"
    if not declared.strip("'").isalpha() and listed.strip("'").isalpha():
        return f"{declared} looks like {listed}"
    degree = "sounds like" if pair.likeness >= 0.9 else "resembles"
    return f"{declared} {degree} {listed}"


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: pair.declared_mask)


def _text(name: Analysed, mask: int) -> str:
    return "'" + " ".join(token for place, token in enumerate(name.tokens) if mask >> place & 1) + "'"


def _unmet(name: Analysed, masks: list[int], significant: float) -> list[str]:
    met = 0
    for mask in masks:
        met |= mask
    return [
        f"'{token}'"
        for place, token in enumerate(name.tokens)
        if not met >> place & 1 and name.factors[place] >= significant
    ]


def _is(texts: list[str]) -> str:
    return "is" if len(texts) == 1 else "are"
