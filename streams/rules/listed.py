"""The declared party and the listed one in words: what rules on watchlists have in common."""

from msgspec import structs

from streams.declarations.model import Party
from streams.findings import Finding, Subject
from streams.text import in_words
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.index import other_programmes

MAX_PER_PARTY = 3
"""Findings of one kind for one party: a name on eleven lists is one fact for an officer; how many more is said."""


class Declared:
    """A party in words."""

    def __init__(self, number: int, party: Party) -> None:
        self.party = party
        self.number = number
        self.role = in_words(party.role)
        self.country = party.address.country if party.address else None
        self.name = party.name or party.name_original_script or ""
        self.subject = Subject(kind="PARTY", index=number, label=f"{party.role} {short(self.name)}".strip())

    def said(self, name: str | None = None, field: str = "name") -> str:
        shown = f'"{short(name or self.name)}"' if name or self.name else "(no name)"
        whose = f"contact of the {self.role}" if field == "contactName" else self.role
        return f"The {whose} {shown}" + (f" ({self.country})" if self.country else "")

    def key(self, rule: str, case: str, met: str) -> str:
        return f"{rule}/{case}/{self.party.role}/{met}"


def capped(findings: list[Finding]) -> list[Finding]:
    """The first few, which are the best; the last says how many more there are."""
    rest = len(findings) - MAX_PER_PARTY
    if rest <= 0:
        return findings
    kept = findings[:MAX_PER_PARTY]
    last = kept[-1]
    entries = "entry is" if rest == 1 else "entries are"
    kept[-1] = structs.replace(
        last,
        evidence=f"{last.evidence} {rest} more listed {entries} met as well.",
        inputs=last.inputs | {"moreEntries": rest},
    )
    return kept


def inputs(entry: WatchlistEntry) -> dict[str, object]:
    said: dict[str, object] = {"list": entry.list, "entry": entry.id, "programmes": list(entry.programmes)}
    return said | ({"ownership": list(entry.owned)} if entry.owned else {})


def reference(entry: WatchlistEntry) -> str:
    others = other_programmes(entry)
    programmes = f", {'; '.join(others[:2])}" if others else ""
    listed = f", listed {entry.listed_on}" if entry.listed_on else ""
    return f"entry {entry.id}{programmes}{listed}{_ownership(entry)}"


def _ownership(entry: WatchlistEntry) -> str:
    """The tree of owners on one line: an arrow leads from a firm to whoever holds it."""
    if not entry.owned:
        return ""
    first, *owners = entry.owned
    said, before = first.rpartition(": ")[2], -1
    for line in owners:
        owner = line.lstrip("│ ├└─")
        depth = len(line) - len(owner)
        said += f"{': ' if before < 0 else ' <- ' if depth > before else '; '}{owner}"
        before = depth
    return f", {said}"


def short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
