"""WCO messages that are no full declaration: what traders ask for, and what customs says of a declaration.

Which code is what stands in wco_dm.toml. Written against the messages that UK HMRC publishes for CDS.
"""

import hashlib
from datetime import datetime

import msgspec

from streams.declarations import repair
from streams.declarations.errors import Unscreenable
from streams.declarations.events import Event, EventKind, Ignored, Tree
from streams.declarations.formats.wco.values import MAP, SOURCE_SYSTEM, Invalid, text
from streams.declarations.xml_tree import Node, tree

MAX_REFERENCE = 100
"""Characters of an LRN or MRN; the law gives them 22 and 18."""
MAX_REASON = 500
"""Characters of a reason that are kept. An amendment of thirty places gives thirty."""

_id_of = msgspec.json.Encoder(order="deterministic")


DECIDES = "DMSREQ"
"""The notice whose status says whether a request was granted."""


def kind_of_ignored(root: Node) -> str | None:
    """What a message is that tells nothing of a declaration's life, from the name of its root; else None."""
    name = root.name.lower()
    return next((kind for start, kind in MAP["ignored"].items() if name.startswith(start)), None)


def request(declaration: Node, received: datetime) -> Event:
    """What a Declaration with FunctionCode 13 asks for.

    Raises Unscreenable: UNSUPPORTED_MESSAGE for a TypeCode not known, SCHEMA_VIOLATION for a message without reference.
    """
    code = (text(declaration, "TypeCode") or "")[:10]
    kind: EventKind | None = MAP["requests"].get(code.upper())
    if kind is None:
        raise Unscreenable(
            "UNSUPPORTED_MESSAGE",
            f"not an original declaration (FunctionCode 13, TypeCode {code or 'missing'})",
        )
    reasons = declaration.all("AdditionalInformation")
    return _event(
        declaration,
        declaration,
        kind=kind,
        at=received,
        timed=False,
        name=code.upper(),
        submitter=text(declaration, "Submitter", "ID") or text(declaration, "Declarant", "ID"),
        reason=(_codes(declaration, reasons), _texts(reasons)),
        delta=tree(declaration) if kind == "AMENDMENT_REQUESTED" else None,
    )


def notice(response: Node, received: datetime) -> Event | Ignored:
    """What customs says in a Response.

    Raises Unscreenable: UNSUPPORTED_MESSAGE for a FunctionCode not known, SCHEMA_VIOLATION for a message without
    reference; Invalid for a time or version that cannot be read.
    """
    code = (text(response, "FunctionCode") or "")[:10]
    known = MAP["notices"].get(code.zfill(2))
    if not isinstance(known, dict):
        raise Unscreenable(
            "UNSUPPORTED_MESSAGE", f"a notification by customs (Response {code or 'without FunctionCode'})"
        )
    kind: EventKind | None = known.get("kind")
    if kind is None:
        return Ignored(known["name"])
    if known["name"] == DECIDES:
        status = text(response, "Status", "NameCode")
        if status in MAP["decisions"]["granted"]:
            kind = "REQUEST_GRANTED"
        elif status in MAP["decisions"]["denied"]:
            kind = "REQUEST_DENIED"
    declarations = response.all("Declaration")
    about = declarations[0] if declarations else response
    reasons = response.all("AdditionalInformation")
    issued = _issued(response)
    return _event(
        response,
        about,
        kind=kind,
        at=issued or received,
        timed=issued is not None,
        name=known["name"],
        version_number=_version_number(about),
        reason=(_codes(response, reasons), _texts(reasons)),
        delta=_customs_delta(response, declarations[1:]) if kind == "AMENDED" else None,
    )


def _event(
    whole: Node,
    about: Node,
    *,
    kind: EventKind,
    at: datetime,
    timed: bool,
    name: str,
    reason: tuple[str | None, str | None],
    submitter: str | None = None,
    version_number: int | None = None,
    delta: Tree | None = None,
) -> Event:
    lrn, mrn = text(about, "FunctionalReferenceID"), text(about, "ID")
    if about.name != "Declaration" or (lrn is None and mrn is None):
        raise Unscreenable(
            "SCHEMA_VIOLATION", f"{name}: neither FunctionalReferenceID (LRN) nor ID (MRN) of a declaration"
        )
    for field, value in (("FunctionalReferenceID", lrn), ("ID", mrn)):
        if len(value or "") > MAX_REFERENCE:
            raise Unscreenable("SCHEMA_VIOLATION", f"{name}: {field} is over {MAX_REFERENCE} characters")
    return Event(
        id=hashlib.sha256(_id_of.encode(tree(whole))).hexdigest()[:32],
        kind=kind,
        at=at,
        timed=timed,
        source_system=SOURCE_SYSTEM,
        source_message_type=name,
        LRN=lrn,
        MRN=mrn,
        submitter=submitter,
        version_number=version_number,
        reason_code=reason[0],
        reason_text=reason[1],
        delta=delta,
    )


def _issued(response: Node) -> datetime | None:
    """When customs says it happened: format 304, with Z or an offset; without one it is UTC."""
    node = response.first("IssueDateTime")
    if node is None:
        return None
    node = next(iter(node.children), node)
    given = node.take()
    if given is None:
        return None
    try:
        return repair.time(given)
    except ValueError as error:
        raise Invalid(node, str(error)) from None


def _version_number(about: Node) -> int | None:
    node = about.first("VersionID")
    given = node.take() if node is not None else None
    if node is None or given is None:
        return None
    try:
        number = repair.whole(given)
    except ValueError as error:
        raise Invalid(node, str(error)) from None
    if not 1 <= number <= 99999:
        raise Invalid(node, "a version number is from 1 to 99999")
    return number


def _codes(message: Node, statements: list[Node]) -> str | None:
    """Reasons of change; where there are none the codes of the statements, or of the errors."""
    return (
        _joined([text(one, "ChangeReasonCode") for one in message.all("Amendment")], ",")
        or _joined([text(one, "StatementCode") for one in statements], ",")
        or _joined([text(one, "ValidationCode") for one in message.all("Error")], ",")
    )


def _texts(statements: list[Node]) -> str | None:
    return _joined([text(one, "StatementDescription") for one in statements], "; ")


def _joined(values: list[str | None], by: str) -> str | None:
    return by.join(dict.fromkeys(value for value in values if value))[:MAX_REASON] or None


def _customs_delta(response: Node, changed: list[Node]) -> Tree:
    """What customs changed, in the form of a trader's amendment: its pointers, and the nodes of the second Declaration."""
    nodes = response.all("Amendment") + [child for one in changed for child in one.children]
    return Tree("Declaration", children=tuple(tree(one) for one in nodes))
