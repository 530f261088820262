"""Editions as Kafka records: any interleaving, repetition or loss gives a complete edition or none."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.watchlists.assembler import EditionAssembler
from streams.watchlists.edition import EarlierEdition, Removal, edition_records, removal_record
from streams.watchlists.entry import WatchlistEntry
from streams.watchlists.readers import ListFile
from tests.examples import tried

Record = tuple[bytes, bytes | None]


def list_file(name: str = "un-sc", edition: str = "2026-01-01", entries: int = 5, mark: str = "") -> ListFile:
    return ListFile(
        list=name,
        edition=edition,
        sha256=f"{mark}{edition}".ljust(64, "0"),
        format="un-xml",
        entries=tuple(
            WatchlistEntry(list=name, id=f"{n}", names=(f"Name {mark} {n}", "Имя")) for n in range(entries)
        ),
    )


def records(file: ListFile, published: str = "") -> list[Record]:
    return list(edition_records(file, chunk_entries=2, published=published))


def assembled(stream: list[Record]) -> EditionAssembler:
    assembler = EditionAssembler()
    for key, value in stream:
        assembler.feed(key, value)
    return assembler


def test_records_are_chunks_then_manifest() -> None:
    made = records(list_file())
    assert [key for key, _ in made] == [
        b"un-sc|2026-01-01|0",
        b"un-sc|2026-01-01|1",
        b"un-sc|2026-01-01|2",
        b"un-sc|2026-01-01|manifest",
    ]
    manifest = msgspec.json.decode(made[-1][1] or b"")
    assert manifest["entries"] == 5
    assert len(manifest["chunks"]) == 3


def test_complete_edition_comes_back_as_it_was() -> None:
    file = list_file()
    edition = assembled(records(file)).complete()["un-sc"]
    assert (edition.edition, edition.sha256, edition.entries) == (file.edition, file.sha256, file.entries)
    assert len(edition.entries) == 5


def test_bar_in_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="may not contain"):
        list(edition_records(list_file(edition="a|b")))


@settings(max_examples=tried(150), deadline=None)
@given(st.data())
def test_any_stream_gives_complete_editions_or_none(data: st.DataObject) -> None:
    """Two editions of one list and one of another, records in any order, twice, and cut off anywhere."""
    sources = [
        list_file(edition="1", mark="a"),
        list_file(edition="2", mark="b", entries=7),
        list_file("eu", "1"),
    ]
    known = {(file.list, file.edition): file for file in sources}
    pool = [record for file in sources for record in records(file)]
    stream = data.draw(st.lists(st.sampled_from(pool), max_size=40))
    assembler = assembled(stream)
    for edition in assembler.complete().values():
        assert edition.entries == known[edition.list, edition.edition].entries
    present = {key for key, _ in stream}
    for name in {file.list for file in sources}:
        whole = [f for f in sources if f.list == name and {key for key, _ in records(f)} <= present]
        assert (name in assembler.complete()) == bool(whole)


@settings(max_examples=tried(100), deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_same_label_with_other_content_never_mixes(seed: int, cut: bool) -> None:
    old, new = list_file(mark="old"), list_file(mark="new", entries=6)
    stream = records(old) + records(new)
    random_ = random.Random(seed)
    stream += random_.sample(stream, random_.randrange(len(stream)))
    if cut:
        stream = stream[: random_.randrange(len(stream))]
    edition = assembled(stream).complete().get("un-sc")
    assert edition is None or edition.entries in (old.entries, new.entries)


def test_chunk_shared_by_two_contents_of_one_label_is_not_lost() -> None:
    old, new = list_file(entries=4), list_file(entries=6)
    new = msgspec.structs.replace(new, sha256="f" * 64)
    assert records(old)[0] == records(new)[0]
    edition = assembled(records(old) + records(new)).complete()["un-sc"]
    assert edition.entries == new.entries


def test_newest_is_the_last_published_and_duplicates_do_not_turn_it_back() -> None:
    first, second = records(list_file(edition="1")), records(list_file(edition="2"))
    assert assembled(first + second + first).complete()["un-sc"].edition == "2"


def test_older_edition_published_again_is_the_newest() -> None:
    first, second = list_file(edition="1"), list_file(edition="2")
    stream = (
        records(first, "2026-01-01T00:00:00Z")
        + records(second, "2026-02-01T00:00:00Z")
        + records(first, "2026-03-01T00:00:00Z")
    )
    assert assembled(stream).complete()["un-sc"].edition == "1"


def test_missing_or_changed_chunk_is_told() -> None:
    good, next_ = records(list_file(edition="1")), records(list_file(edition="2"))
    lost = assembled(good + next_[1:])
    assert lost.complete()["un-sc"].edition == "1"
    assert lost.faults() == {"un-sc": "edition 2 lacks 1 of 3 chunks"}
    assert next_[0][1] is not None
    changed = [(next_[0][0], next_[0][1].replace(b"Name", b"Mane")), *next_[1:]]
    assert assembled(good + changed).complete()["un-sc"].edition == "1"


def test_superseded_leaves_the_two_newest_and_tombstones_forget() -> None:
    stream = [record for n in range(4) for record in records(list_file(edition=str(n)))]
    half = records(list_file(edition="being published"))[:2]
    assembler = assembled(stream + half)
    keys = assembler.superseded("un-sc")
    assert {key.split(b"|")[1] for key in keys} == {b"0", b"1"}
    assert keys.index(b"un-sc|0|manifest") < keys.index(b"un-sc|0|0")
    after = assembled([(key, value) for key, value in stream if key not in keys])
    for key in keys:
        assembler.feed(key, None)
    assert assembler.complete()["un-sc"].edition == after.complete()["un-sc"].edition == "3"
    assert assembler.superseded("un-sc") == []


def test_an_abandoned_publication_is_removed_where_it_is_named() -> None:
    assembler = assembled(records(list_file(edition="1")) + records(list_file(edition="2"))[:2])
    assert assembler.superseded("un-sc") == []
    assert assembler.superseded("un-sc", {"2"}) == [b"un-sc|2|0", b"un-sc|2|1"]


END = removal_record(Removal(list="un-sc", removed="2026-02-01T00:00:00.000+00:00", reason="merged"))


@pytest.mark.parametrize("tombstones", [0, 1, 4])
def test_a_list_that_was_removed_has_no_edition_whether_its_records_are_gone_or_not(tombstones: int) -> None:
    assembler = assembled([*records(list_file(), "2026-01-01T00:00:00.000+00:00"), END])
    for key in assembler.keys("un-sc")[:tombstones]:
        assembler.feed(key, None)
    assert assembler.complete() == {} and assembler.removed()["un-sc"].reason == "merged"


def test_an_edition_published_after_the_removal_begins_the_list_anew() -> None:
    old = records(list_file(edition="1"), "2026-01-01T00:00:00.000+00:00")
    new = records(list_file(edition="2"), "2026-02-02T00:00:00.000+00:00")
    assembler = assembled([*old, END, *new])
    assert assembler.complete()["un-sc"].edition == "2" and assembler.removed() == {}
    removed = assembler.superseded("un-sc")
    assert {key.split(b"|")[1] for key in removed} == {b"1", b""}
    for key in removed:
        assembler.feed(key, None)
    assert assembler.complete()["un-sc"].edition == "2"


@pytest.mark.parametrize(
    "value", [b"", b"{}", b"\xff", END[1].replace(b"un-sc", b"other"), END[1].replace(b"2026", b"when")]
)
def test_what_is_no_removal_ends_no_list(value: bytes) -> None:
    assert set(assembled([*records(list_file()), (END[0], value)]).complete()) == {"un-sc"}


def test_a_manifest_names_the_fifty_editions_before_it() -> None:
    earlier = tuple(EarlierEdition(edition=str(n), sha256="", entries=n) for n in range(60))
    edition = assembled(list(edition_records(list_file(), earlier=earlier))).complete()["un-sc"]
    assert edition.earlier == earlier[10:]


def test_tombstoned_newest_gives_way_to_the_one_before() -> None:
    stream = records(list_file(edition="1")) + records(list_file(edition="2"))
    assembler = assembled([*stream, (b"un-sc|2|manifest", None)])
    assert assembler.complete()["un-sc"].edition == "1"


def test_abandoned_publications_do_not_fill_the_memory() -> None:
    assembler = EditionAssembler()
    for n in range(200):
        for key, value in records(list_file(edition=str(n)))[:-1]:
            assembler.feed(key, value)
    held = sum(len(state.chunks) for state in assembler._states.values())
    assert held <= 4 * 3


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"", b"x"), (b"a|b", b"x"), (b"a|b|c", b"x"), (b"a|b|-1", b"x"), (b"\xff|b|0", b"x"), (b"a|b|manifest", b"{")],
)  # fmt: skip
def test_foreign_records_are_ignored(key: bytes, value: bytes) -> None:
    assert assembled([(key, value), *records(list_file())]).complete().keys() == {"un-sc"}
