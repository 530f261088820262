"""R14: what was changed after customs had announced an examination.

Only that is told. A change within hours of acceptance is ordinary trade, most of it honest, and what is known of one version
does not tell when it was accepted or presented.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from streams import tables
from streams.findings import NotEvaluable, Subject
from streams.lifecycle.changes import Change
from streams.lifecycle.concerns import Concern
from streams.rules.rule import FindingKind, Judged, Rule
from streams.rules.screened_version import ScreenedVersion
from streams.text import joined

SHOWN = 3
SHOWN_VALUE = 60
MAX_PATHS = 20

_WORDS: dict[Concern, str] = {
    "CONSIGNEE": "receiver",
    "DESTINATION": "destination",
    "COMMODITY": "goods",
    "ROUTING": "way",
    "VALUE": "value",
}


class _Strength(Struct, frozen=True, forbid_unknown_fields=True):
    concern: Concern
    strength: float
    reason: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    date: str
    strength: tuple[_Strength, ...]


def _strengths() -> dict[Concern, float]:
    table = tables.load("streams.rules", "r14_change_after_control.toml", _File)
    return {one.concern: one.strength for one in table.strength}


def judge(screened: ScreenedVersion) -> Judged:
    """One finding that names every change of concern (receiver, destination, goods, way, value) which was asked for when an
    examination had been announced, as strong as the strongest of them; whether it was granted makes no difference. It stays
    in later versions that leave the change as it is, and goes with one that puts it back.

    NOT_EVALUABLE where the version before is not known. Nothing where no examination was announced before.
    """
    life = screened.life
    if not life.follows:
        yield NotEvaluable(rule="R14", missing=("the version before",))
        return
    announced = life.control_notified_at
    if announced is None:
        return
    strengths = _strengths()
    late = sorted(
        ((change, change.concern) for change in life.since_control if change.concern is not None),
        key=lambda one: -strengths[one[1]],
    )
    if not late:
        return
    concerns = list(dict.fromkeys(concern for _, concern in late))
    asked = life.asked_at if any(change.concern for change in life.changes) else None
    yield AFTER_CONTROL.finding(
        "R14/after_control",
        Subject(kind="DECLARATION", label="change after control"),
        strength=strengths[concerns[0]],
        inputs={
            "concerns": concerns,
            "paths": [change.path for change, _ in late[:MAX_PATHS]],
            "controlNotifiedAt": announced.isoformat(),
        }
        | ({"askedAt": asked.isoformat()} if asked is not None else {}),
        announced=announced,
        asked=asked,
        late=late,
        granted=life.in_force,
    )


def _sentence(
    announced: datetime, asked: datetime | None, late: Sequence[tuple[Change, Concern]], granted: bool
) -> str:
    when = f" on {asked:%Y-%m-%d %H:%M} UTC" if asked is not None else " afterwards"
    words = [_WORDS[concern] for concern in dict.fromkeys(concern for _, concern in late)]
    standing = "" if granted else " It is asked for, and not granted so far."
    return (
        f"An examination was announced on {announced:%Y-%m-%d %H:%M} UTC; the change asked for{when} "
        f"concerns {joined(words)}: {_told(late)}.{standing}"
    )


def _told(late: Sequence[tuple[Change, Concern]]) -> str:
    """The first change of every concern, then others while there is room."""
    first: dict[Concern, Change] = {}
    for change, concern in late:
        first.setdefault(concern, change)
    shown = list(first.values())
    shown += [change for change, _ in late if change not in shown][: max(0, SHOWN - len(shown))]
    more = len(late) - len(shown)
    said = "; ".join(_said(change) for change in shown)
    return f"{said}; and {more} more" if more else said


def _said(change: Change) -> str:
    path = change.path.removeprefix("declaration.")
    if change.before is None:
        return f"{path} added: '{_short(change.after)}'"
    if change.after is None:
        return f"{path} removed: '{_short(change.before)}'"
    return f"{path} from '{_short(change.before)}' to '{_short(change.after)}'"


def _short(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if len(text) <= SHOWN_VALUE else text[: SHOWN_VALUE - 1] + "…"


AFTER_CONTROL = FindingKind(
    code="amendment.after_control",
    sentence=_sentence,
    cleared_by="Papers older than the announcement (contract, order, letter of credit, booking) that already say what the "
    "change says, and the word of the receiver first named that it gave up the goods.",
)
RULE = Rule("R14", judge, (AFTER_CONTROL,))
