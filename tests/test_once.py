"""What is made of a thing once is kept with it."""

from msgspec import Struct
from msgspec.structs import replace

from streams.once import kept_with


class Thing(Struct, frozen=True, dict=True):
    name: str


def test_it_is_made_once_for_the_same_arguments_and_stays_with_the_very_thing() -> None:
    made: list[tuple[str, int]] = []

    @kept_with
    def of(thing: Thing, times: int) -> str:
        made.append((thing.name, times))
        return thing.name * times

    one, other = Thing("a"), Thing("a")
    assert [of(one, 2), of(one, 2), of(other, 2), of(one, 3), of(replace(one, name="b"), 3)] == [
        "aa",
        "aa",
        "aa",
        "aaa",
        "bbb",
    ]
    assert made == [("a", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert one == other and of(one, times=3) == "aaa"
