"""What is known of declarations from elsewhere: which were bad cases. For judging, never for screening."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from streams.errors import UserError


class Label(Struct, frozen=True, rename="camel"):
    """What is known of a declaration that is part of a bad case."""

    declaration_key: str
    typology: str
    case: str
    """the case it belongs to: one pattern, one or several declarations"""


_decode = msgspec.json.Decoder(Label).decode


def read_labels(lines: Iterable[bytes], name: str) -> dict[str, Label]:
    """declarationKey -> its label, from JSON lines as `torugart simulate --labels` writes them; `name` is that of their file.

    Raises UserError with one clear line where a line is no label, or says something else than one before of its declaration.
    """
    labels: dict[str, Label] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            label = _decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise UserError(
                f"{name}, line {number}: no label with declarationKey, typology and case: {error}"
            ) from None
        if labels.setdefault(label.declaration_key, label) != label:
            raise UserError(f"{name}, line {number}: {label.declaration_key} is labelled twice")
    return labels
