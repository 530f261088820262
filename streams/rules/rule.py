"""What a rule is: a file with a judge, the kinds of finding it makes and the sentence of each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from streams.findings import FULL, Finding, NotEvaluable, Subject
from streams.rules.catalogue import rule_of
from streams.rules.screened_version import ScreenedVersion

Judged = Iterator[Finding | NotEvaluable]
"""What a rule says of one version: its findings, and what it lacked. One may do both: of two parties only one has a name."""

Judge = Callable[[ScreenedVersion], Judged]

Sentence = str | Callable[..., str]
"""A template with names in braces: of the parameters, of the inputs, `subject` for its label; or, where that is not enough, a
function of the parameters."""


class FindingKind(Struct, frozen=True, kw_only=True):
    """One finding code of a rule, which catalogue.toml names. The sentence an officer reads is made here and from the parameters
    alone, so that it can be tested and, one day, translated."""

    code: str
    sentence: Sentence
    cleared_by: str = ""

    @property
    def rule(self) -> str:
        """Raises KeyError for a code that the catalogue has not."""
        return rule_of()[self.code]

    def finding(
        self,
        key: str,
        subject: Subject,
        *,
        inputs: Mapping[str, Any],
        strength: float = FULL,
        cleared_by: str | None = None,
        **parameters: Any,
    ) -> Finding:
        """A finding of this kind. `key` tells it from others of the same declaration and stays in later versions; `inputs` are
        the figures that a verdict publishes; `parameters` fill the sentence."""
        says = self.sentence
        if isinstance(says, str):
            evidence = says.format(**{"subject": subject.label, **inputs, **parameters})
        else:
            evidence = says(**parameters)
        return Finding(
            key=key,
            rule=self.rule,
            code=self.code,
            subject=subject,
            evidence=evidence,
            cleared_by=self.cleared_by if cleared_by is None else cleared_by,
            strength=strength,
            inputs=dict(inputs),
        )


class Rule(Struct, frozen=True):
    """A rule that needs no memory. Its words (title, meaning, source) stand in catalogue.toml, its weights in the ruleset."""

    id: str
    judge: Judge
    kinds: tuple[FindingKind, ...]
