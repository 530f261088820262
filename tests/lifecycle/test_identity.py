"""Events find their declaration: by LRN, by MRN, late, twice, in any order, and never by a guess."""

import random
from collections import defaultdict, deque

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.lifecycle.identity import (
    MAX_WAITING,
    MAX_WAITING_BYTES,
    Holding,
    Missing,
    Patience,
    Result,
    Routed,
    RoutedMessage,
    due,
    step,
)
from streams.lifecycle.references import (
    Claim,
    Message,
    OwnerAnswer,
    OwnerQuestion,
    OwnerQuestionDropped,
    Release,
    Seek,
    Tick,
    claims,
    seek,
)
from tests.declarations.messages import event, original
from tests.declarations.strategies import STEADY
from tests.examples import tried

PATIENCE = Patience(base_wait=100.0, life=1000.0)
LONG = Patience(base_wait=100.0, life=1e9)
LRN, MRN = "lrn|uk.cds|L1", "mrn|uk.cds|M1"


def say(
    holding: Holding, *messages: Message, here: str = LRN, now: float = 0.0
) -> tuple[Holding, list[Result]]:
    """The holding after the last message, and what that led to."""
    results: list[Result] = []
    for message in messages:
        holding, results = step(here, holding, message, now, PATIENCE)
    return holding, results


NOTICE = Seek("n", b"notice", None, MRN, True)
REQUEST = Seek("r", b"request", "GB1", MRN)


def test_an_event_goes_to_the_declaration_that_claims_its_reference() -> None:
    holding, results = say(Holding(), Claim("k"), Seek("e", b"payload"))
    assert results == [Routed("k", "e", b"payload", 0.0)]
    assert holding == Holding((Claim("k"),))


def test_an_unknown_event_waits_asks_its_second_reference_and_goes_on_when_the_claim_comes() -> None:
    holding, results = say(Holding(), NOTICE)
    assert results == [RoutedMessage(MRN, OwnerQuestion("n", LRN))]
    holding, results = say(holding, Claim("k", ("GB1",)), now=5.0)
    assert results == [
        Routed("k", "n", b"notice", 5.0),
        RoutedMessage(MRN, Claim("k", ("GB1",))),
        RoutedMessage(MRN, OwnerQuestionDropped("n", LRN)),
    ]
    assert holding == Holding((Claim("k", ("GB1",), MRN),))


def test_a_second_reference_answers_when_it_knows() -> None:
    ask = OwnerQuestion("r", LRN, "GB1")
    holding, results = say(Holding(), ask, ask, here=MRN)
    assert results == [] and len(holding.asked) == 1
    holding, results = say(holding, Claim("k"), here=MRN)
    assert results == [RoutedMessage(LRN, OwnerAnswer("r", "k"))] and holding.asked == ()
    assert say(holding, ask, here=MRN)[1] == [RoutedMessage(LRN, OwnerAnswer("r", "k"))]
    waiting, _ = say(Holding(), REQUEST)
    holding, results = say(waiting, OwnerAnswer("r", "k"), now=2.0)
    assert (holding, results) == (Holding(), [Routed("k", "r", b"request", 2.0)])
    assert say(holding, OwnerAnswer("r", "k")) == (Holding(), [])


def test_a_question_that_needs_no_answer_is_dropped() -> None:
    assert say(Holding(), OwnerQuestion("r", LRN), OwnerQuestionDropped("r", LRN), here=MRN) == (
        Holding(),
        [],
    )


def test_claims_release_what_waits_in_the_order_in_which_it_came() -> None:
    seeks = [Seek(str(number), b"") for number in range(5)]
    _, results = say(Holding(), *seeks, Claim("k"))
    assert [result.id for result in results if isinstance(result, Routed)] == ["0", "1", "2", "3", "4"]


def test_one_lrn_of_two_declarants_is_decided_by_the_submitter_of_a_request() -> None:
    two = (Claim("k1", ("GB1",)), Claim("k2", ("GB2",)))
    _, results = say(Holding(two), REQUEST)
    assert results == [Routed("k1", "r", b"request", 0.0)]


def test_a_request_of_another_declarant_is_not_for_the_one_that_is_there() -> None:
    """The declaration that it is for has the same LRN, and comes later."""
    _, results = say(Holding(), Claim("k2", ("GB2",)), REQUEST)
    assert results == [RoutedMessage(MRN, OwnerQuestion("r", LRN, "GB1"))]


def test_one_lrn_of_two_declarants_is_decided_by_the_mrn_where_the_submitter_is_not_told() -> None:
    two = (Claim("k1", ("GB1",), MRN), Claim("k2", ("GB2",)))
    assert say(Holding(two), NOTICE)[1][0] == Routed("k1", "n", b"notice", 0.0)
    other = Seek("o", b"other", None, "mrn|uk.cds|M2", True)
    assert say(Holding(two), other)[1][0] == Routed("k2", "o", b"other", 0.0)  # k1 has another MRN


def test_what_an_answer_tells_of_one_mrn_decides_on_another_that_waits() -> None:
    other = Seek("o", b"other", None, "mrn|uk.cds|M2", True)
    holding, _ = say(Holding(), Claim("k1", ("GB1",)), Claim("k2", ("GB2",)), NOTICE, other)
    _, results = say(holding, OwnerAnswer("n", "k1"))
    assert [(one.key, one.id) for one in results if isinstance(one, Routed)] == [("k1", "n"), ("k2", "o")]


def test_an_mrn_is_one_declarations_whoever_sends_the_request() -> None:
    """An agent may send it, or a declarant by another number of his."""
    _, results = say(Holding(), Claim("k", ("GB1",)), OwnerQuestion("r", LRN, "XI1"), here=MRN)
    assert results == [RoutedMessage(LRN, OwnerAnswer("r", "k"))]


def test_where_nothing_decides_between_two_it_waits_and_the_dead_letter_says_why() -> None:
    two = (Claim("k1", ("GB1",)), Claim("k2", ("GB2",)))
    holding, results = say(Holding(two), NOTICE)
    assert results == [RoutedMessage(MRN, OwnerQuestion("n", LRN))]
    _, results = say(holding, Tick(), now=100.0)
    assert results == [Missing("n", b"notice", "ambiguous")]
    _, results = say(holding, OwnerAnswer("n", "k2"))
    assert results[0] == Routed("k2", "n", b"notice", 0.0)


def test_what_waited_too_long_is_told_once_and_is_still_taken_up() -> None:
    holding, _ = say(Holding(), Seek("e", b"payload"), now=7.0)
    assert due(holding, PATIENCE) == 107.0
    assert say(holding, Tick(), now=106.9) == (holding, [])
    holding, results = say(holding, Tick(), now=107.0)
    assert results == [Missing("e", b"payload", "unknown")]
    assert due(holding, PATIENCE) == 1007.0
    assert say(holding, Tick(), now=900.0) == (holding, [])
    assert say(holding, Claim("k"), now=900.0)[1] == [Routed("k", "e", b"payload", 893.0)]
    assert say(holding, Tick(), now=1007.0) == (Holding(), [])


def test_questions_are_forgotten_at_last() -> None:
    holding, _ = say(Holding(), OwnerQuestion("r", LRN), here=MRN)
    assert due(holding, PATIENCE) == 1000.0
    assert say(holding, Tick(), here=MRN, now=1000.0) == (Holding(), [])


def test_the_same_message_again_changes_nothing_and_asks_again() -> None:
    """The worker may have died with the question."""
    holding, _ = say(Holding(), NOTICE)
    assert say(holding, NOTICE, now=50.0) == (holding, [RoutedMessage(MRN, OwnerQuestion("n", LRN))])


def test_a_message_sent_again_after_its_dead_letter_waits_anew() -> None:
    holding, _ = say(Holding(), Seek("e", b"first"))
    holding, _ = say(holding, Tick(), now=100.0)
    assert say(holding, Seek("e", b"first"), now=150.0)[0] == holding  # only read again
    holding, _ = say(holding, Seek("e", b"again"), now=200.0)
    assert say(holding, Tick(), now=299.0)[1] == []
    assert say(holding, Tick(), now=300.0)[1] == [Missing("e", b"again", "unknown")]


def test_more_than_a_reference_holds_is_given_up_oldest_first() -> None:
    holding = Holding()
    for number in range(MAX_WAITING):
        holding, results = say(holding, Seek(str(number), b"x", None, MRN))
    assert results == [RoutedMessage(MRN, OwnerQuestion(str(number), LRN))]
    holding, results = say(holding, Seek("last", b"x", None, MRN))
    assert results[1:] == [Missing("0", b"x", "crowded"), RoutedMessage(MRN, OwnerQuestionDropped("0", LRN))]
    holding, results = say(holding, Seek("large", b"x" * (MAX_WAITING_BYTES - 1)))
    assert len([one for one in results if isinstance(one, Missing)]) == MAX_WAITING - 1
    assert [one.seek.id for one in holding.waiting] == ["last", "large"]
    _, results = say(Holding(), Seek("huge", b"x" * (MAX_WAITING_BYTES + 1)))
    assert [(one.id, one.why) for one in results if isinstance(one, Missing)] == [("huge", "crowded")]


def test_a_forgotten_declaration_gives_back_the_references_it_is_known_to_have() -> None:
    holding, results = say(Holding(), Claim("k"), NOTICE, Release("k"))
    assert (holding, results) == (Holding(), [RoutedMessage(MRN, Release("k"))])


class Partitions:
    """References over partitions: each keeps its order, and nothing orders one against another. Every message may come
    twice, at once or much later, as after a crash."""

    def __init__(self, chance: random.Random, count: int) -> None:
        self.chance = chance
        self.holdings: dict[str, Holding] = {}
        self.queues: list[deque[tuple[str, Message]]] = [deque() for _ in range(count)]
        self.history: list[list[tuple[str, Message]]] = [[] for _ in range(count)]
        self.routed: dict[str, set[str]] = defaultdict(set)
        self.missing: list[str] = []
        self.now = 0.0

    def send(self, reference: str, message: Message) -> None:
        number = sum(reference.encode()) % len(self.queues)
        self.queues[number].append((reference, message))
        self.history[number].append((reference, message))

    def run(self, replays: int) -> None:
        while any(self.queues):
            queue = self.chance.choice([queue for queue in self.queues if queue])
            self.handle(*queue.popleft())
            if replays and self.chance.random() < 0.1:
                replays -= 1
                number = self.chance.randrange(len(self.queues))
                again = self.history[number][-self.chance.randint(1, 6) :]
                self.queues[number].extendleft(reversed(again))

    def handle(self, reference: str, message: Message) -> None:
        self.now += self.chance.choice([0.0, 1.0, 30.0])
        before = self.holdings.get(reference, Holding())
        self.holdings[reference], results = step(reference, before, message, self.now, LONG)
        for result in results:
            if isinstance(result, RoutedMessage):
                self.send(result.reference, result.message)
            elif isinstance(result, Routed):
                self.routed[result.id].add(result.key)
            else:
                self.missing.append(result.id)

    def tick(self, seconds: float) -> None:
        self.now += seconds
        for reference in list(self.holdings):
            self.send(reference, Tick())

    def held(self) -> set[str]:
        return {one.seek.id for holding in self.holdings.values() for one in holding.waiting}


FORMS = st.sampled_from(["lrn", "both", "mrn", "request"])


@settings(STEADY, max_examples=tried(400))
@given(
    st.lists(st.tuples(st.integers(0, 3), FORMS), max_size=12),
    st.sets(st.integers(0, 3)),
    st.integers(1, 4),
    st.integers(0, 8),
    st.randoms(use_true_random=False),
)
def test_in_any_order_and_any_number_of_times_every_event_comes_to_its_declaration_or_waits(
    told: list[tuple[int, str]], lodged: set[int], partitions: int, replays: int, chance: random.Random
) -> None:
    """Declarations 0 and 1 belong to one declarant, 2 and 3 to another. Each has been accepted, so that its MRN can be
    known; only some have been lodged here."""
    world = Partitions(chance, partitions)
    said: list[tuple[str, Message]] = []
    wanted: dict[str, str] = {}

    def tell(which: int, form: str) -> None:
        declarant = f"GB{which // 2}"
        lrn, mrn = f"L{which}", f"M{which}"
        one = {
            "lrn": lambda id: event(id, lrn),
            "both": lambda id: event(id, lrn, mrn),
            "mrn": lambda id: event(id, None, mrn),
            "request": lambda id: event(
                id, f"own-{declarant}", mrn, kind="AMENDMENT_REQUESTED", submitter=declarant
            ),
        }[form](f"{len(wanted)}")
        wanted[one.id] = f"uk.cds|{declarant}|{lrn}"
        said.append(seek(one, one.id.encode()))

    for which in range(4):
        tell(which, "both")
    for which, form in told:
        tell(which, form)
    for which in lodged:
        said += claims(original(f"GB{which // 2}", f"L{which}"))
    chance.shuffle(said)
    for one in said:
        world.send(*one)
    world.run(replays)
    keys = {f"uk.cds|GB{which // 2}|L{which}" for which in lodged}
    for id, key in wanted.items():
        if key in keys:
            assert world.routed[id] == {key}
        else:
            assert world.routed[id] == set() and id in world.held()
    world.tick(200.0)
    world.run(0)
    assert set(world.missing) >= {id for id, key in wanted.items() if key not in keys}
    for which in range(4):
        for one in claims(original(f"GB{which // 2}", f"L{which}")):
            world.send(*one)
    world.run(replays)
    assert {id: {key} for id, key in wanted.items()} == world.routed
    assert world.held() == set()


@settings(STEADY, max_examples=tried(200))
@given(st.integers(1, 4), st.integers(0, 8), st.randoms(use_true_random=False))
def test_declarants_who_chose_one_lrn_never_get_each_others_requests(
    partitions: int, replays: int, chance: random.Random
) -> None:
    world = Partitions(chance, partitions)
    said: list[tuple[str, Message]] = []
    for number in range(4):
        said += claims(original(f"GB{number}", "SAME", f"M{number}"))
        for mrn in (None, f"M{number}"):
            one = event(f"{number}{mrn}", "SAME", mrn, "INVALIDATION_REQUESTED", submitter=f"GB{number}")
            said.append(seek(one, b""))
        said.append(seek(event(f"{number}n", "SAME", f"M{number}"), b""))
    chance.shuffle(said)
    for one in said:
        world.send(*one)
    world.run(replays)
    for id, keys in world.routed.items():
        assert keys == {f"uk.cds|GB{id[0]}|SAME"}
    assert len(world.routed) == 12 and world.held() == set()
