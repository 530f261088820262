"""What is retained of declarations, judged again: their newest versions in force."""

from streams.assessment.judged_again import Difference, judged_again
from streams.assessment.screening import Rulebook
from streams.cases.alerts import decode_verdict
from streams.cases.declaration_record import life_of
from streams.cases.stored import DeclarationRecord

ENDED = frozenset({"INVALIDATED", "REJECTED"})
"""Statuses with which nothing is to be looked at any more."""


def judged_anew(case: DeclarationRecord, rulebook: Rulebook) -> Difference | None:
    """The difference to the verdict on the newest version in force that is kept; None where there is none.

    Raises what broken bytes make the code raise (`declaration_record.check`).
    """
    life = life_of(case)
    if life.summary.status in ENDED:
        return None
    answers = {answer.number: answer for answer in case.answers}
    for one in reversed(life.versions):
        number = one.version.envelope.version_number
        if one.in_force and number in answers:
            return judged_again(one, decode_verdict(answers[number].json()), rulebook)
    return None
