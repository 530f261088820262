"""Months of trade on some corridors to Kyrgyzstan, in waves, for tests that compare a stream with a recount.

Steady trade, surges, new trades, a wave of new firms; amended, cancelled, late, said twice, out of order. Two episodes lose their
ground in the end. What a declaration is told does not hang on the order within a wave: each firm is in it once, no
price stands out, and its goods are of one month, or of a quarter of the first year, in which no corridor speaks. So a stream
can be told from a nearly exact one.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import msgspec

from tests.lives import Life

FIRST_YEAR, FIRST_MONTH = 2022, 4
"""Month 0. Goods have been diverted since February 2022: before, no firm would ask."""
END = 33
"""The last month: all episodes are over by then."""
STEADY = (("854231", "CN"), ("854232", "CN"), ("851762", "CN"), ("852691", "CN"), ("854239", "TR"))
SURGING, CANCELLED = STEADY[:3], STEADY[2]
"""Corridors that surge in the second year; of one, all trade of these months is cancelled when the surge is over."""
NEW = (("851769", "CN"), ("854233", "TR"), ("854239", "AE"))
UNDONE = NEW[2]
"""Corridors on which trade begins after two years; that of one is cancelled while it goes on."""
ORDINARY = (("610910", "CN"), ("392690", "CN"), ("040690", "DE"), ("870899", "DE"))

EUR_A_KG = 60
"""Usual for all goods: how many items a price is measured by hangs on the order within a wave, so that none stands out."""

QUIET_DAY = 27
"""Of a month; all that happens in a quiet wave, or is cancelled later, happens then: what is forgotten is so for all."""
LIFE_DAYS = 250
"""Setting of the streams that take these waves: cancellations and amendments come five months late. What came again after
that would be another declaration to them."""

Message = tuple[datetime, bytes | None, bytes]
"""Event time, key of the record, value"""


@dataclass(frozen=True)
class Item:
    hs6: str
    origin: str
    value: int
    kilograms: int


@dataclass(frozen=True)
class Image:
    """What a version says."""

    exporter: str
    consignee: str
    phone: str
    items: tuple[Item, ...]
    regime: str = "IMPORT"
    destination: str = "KG"

    def source(self, item: Item) -> str:
        """The country a good comes from: where it was made, or, when it leaves, that which sends it."""
        return item.origin if self.regime == "IMPORT" else "KG"


@dataclass
class Declared:
    """A declaration and its versions 1, 2 ...: event type, time, image."""

    key: str
    month: int
    """to which it counts"""
    versions: list[tuple[str, datetime, Image]]
    published: int = 0
    """of the versions"""

    @property
    def stands(self) -> bool:
        return self.versions[-1][0] != "INVALIDATED"

    @property
    def items(self) -> tuple[Item, ...]:
        return self.versions[-1][2].items

    @property
    def life(self) -> Life:
        """All that was published of it, in order."""
        said = self.versions[: self.published]
        return Life(self.key, [(at, self.message(number)) for number, (_, at, _) in enumerate(said, 1)])

    def say(self, event: str, at: datetime, image: Image) -> None:
        self.versions.append((event, at, image))

    def message(self, number: int) -> bytes:
        event, at, image = self.versions[number - 1]
        return _message(self.key, number, event, at, image)


@dataclass
class Wave:
    """What is published at once, in the order in which it comes in."""

    name: str
    messages: list[Message]
    told: list[Declared]
    """declarations of which something new is said"""


@dataclass
class Trade:
    """All waves of a seed; `scale` is their size."""

    seed: int = 1
    scale: int = 1
    declared: list[Declared] = field(default_factory=list)

    def waves(self) -> Iterator[Wave]:
        """Each is to be published when all has been made of the one before."""
        self._rng = random.Random(self.seed)
        self._numbers = count()
        plan: list[tuple[str, Callable[[], list[Declared]]]] = [
            ("first day", lambda: [self._trade(0, STEADY[n % 5], day=1) for n in range(40)]),
            *((f"quarter {month // 3}", partial(self._steady, month)) for month in (0, 3, 6, 9)),
            *((f"surge, month {month}", partial(self._surge, month)) for month in (12, 13, 14)),
            ("quiet months up to 18", partial(self._others, 18, QUIET_DAY)),
            ("a surge cancelled, month 18", partial(self._cancel, CANCELLED, (12, 13, 14), 18)),
            ("late trade and amendments of month 13", self._late),
            ("quiet months up to 24", partial(self._others, 24, QUIET_DAY)),
            *((f"new trades, month {month}", partial(self._new, month)) for month in (25, 26)),
            ("a new trade cancelled, month 26", partial(self._cancel, UNDONE, (25, 26), 26)),
            ("new trades, month 27", lambda: [self._trade(27, one) for one in NEW[:2] for _ in range(5)]),
            ("the end", partial(self._others, END, QUIET_DAY)),
        ]
        before: list[Message] = []
        for self._turn, (name, told) in enumerate(plan):
            self._firms = count()
            wave = self._wave(name, told(), before)
            before = wave.messages
            yield wave

    def _wave(self, name: str, told: list[Declared], before: list[Message]) -> Wave:
        """Some of its messages come twice, and some of the wave before once more."""
        messages: list[Message] = []
        for one in told:
            first, one.published = one.published + 1, len(one.versions)
            for number in range(first, one.published + 1):
                key = one.key.encode() if self._rng.random() < 0.5 else None
                messages.append((one.versions[number - 1][1], key, one.message(number)))
        remembered = max(at for at, _, _ in messages) - timedelta(days=LIFE_DAYS - 1)
        again = messages + [message for message in before if message[0] > remembered]
        messages += [message for message in again if self._rng.random() < 0.06]
        self._rng.shuffle(messages)
        return Wave(name, messages, told)

    # What is declared in a wave.

    def _steady(self, first: int) -> list[Declared]:
        quarter = range(first, first + 3)
        trade = [self._trade(month, one) for month in quarter for one in STEADY for _ in range(3)]
        return trade + self._others(first + 1)

    def _surge(self, month: int) -> list[Declared]:
        steady = [self._trade(month, one) for one in STEADY[3:] for _ in range(3)]
        surge = [self._trade(month, one) for one in SURGING for _ in range(24 * self.scale)]
        return steady + surge + [self._onward(month) for _ in range(4 * self.scale)] + self._others(month)

    def _new(self, month: int) -> list[Declared]:
        new = [self._trade(month, one, known=False) for one in NEW for _ in range(6 * self.scale)]
        return new + self._others(month)

    def _others(self, month: int, day: int | None = None) -> list[Declared]:
        return [self._trade(month, self._rng.choice(ORDINARY), day) for _ in range(60 * self.scale)]

    def _late(self) -> list[Declared]:
        amended = self._rng.sample(self._of(SURGING[0], (13,)), 5 * self.scale)
        for one in amended:
            self._amend(one, _moment(18, QUIET_DAY))
        # Of one version: so late, a detector has forgotten more when it is asked again.
        late = [self._image((self._item(*one),), known=True) for one in SURGING[:2] * 4 * self.scale]
        return amended + [self._lodge(13, None, image) for image in late]

    def _cancel(self, corridor: tuple[str, str], months: tuple[int, ...], at: int) -> list[Declared]:
        cancelled = self._of(corridor, months)
        for one in cancelled:
            one.say("INVALIDATED", _moment(at, QUIET_DAY), one.versions[-1][2])
        return cancelled

    def _of(self, corridor: tuple[str, str], months: tuple[int, ...]) -> list[Declared]:
        return [
            one
            for one in self.declared
            if one.month in months
            and one.stands
            and any((item.hs6, item.origin) == corridor for item in one.items)
        ]

    # One declaration.

    def _trade(
        self, month: int, corridor: tuple[str, str], day: int | None = None, known: bool = True
    ) -> Declared:
        return self._declare(month, day, self._image((self._item(*corridor),), known))

    def _onward(self, month: int) -> Declared:
        """A firm that may have got such goods a month before sends some to Russia."""
        firm, _ = self._firm(next(self._firms), self._turn - 1)
        buyer = f"Moskva Import {next(self._numbers)}"
        goods = (self._item(*self._rng.choice(SURGING)),)
        return self._declare(month, None, Image(firm, buyer, "", goods, "EXPORT", "RU"))

    def _declare(self, month: int, day: int | None, image: Image) -> Declared:
        """Half of them are amended, once or twice, and some of all cancelled."""
        one = self._lodge(month, day, image)
        _, at, _ = one.versions[0]
        for number in range(1, 1 + self._rng.choice((0, 0, 1, 2))):
            self._amend(one, at + timedelta(minutes=number))
        if self._rng.random() < 0.06:
            one.say("INVALIDATED", at + timedelta(minutes=9), one.versions[-1][2])
        return one

    def _lodge(self, month: int, day: int | None, image: Image) -> Declared:
        at = _moment(month, day or self._rng.randint(2, 26)) + timedelta(seconds=self._rng.randrange(36_000))
        key = f"test|waves|{self.seed}-{next(self._numbers):06d}"
        self.declared.append(Declared(key, month, [("LODGED", at, image)]))
        return self.declared[-1]

    def _amend(self, one: Declared, at: datetime) -> None:
        """To what it never said before."""
        rng, image = self._rng, one.versions[-1][2]
        item = image.items[0]
        kind = rng.choice(("value", "consignee", "origin", "more"))
        if kind == "consignee" and image.regime == "IMPORT":
            image = self._image(image.items, known=True)
        elif kind == "origin" and item.origin != "VN":
            image = replace(image, items=(replace(item, origin="VN"), *image.items[1:]))
        elif kind == "more" and len(image.items) == 1:
            image = replace(image, items=(item, self._item("854239", "MY")))
        else:
            items = (replace(item, value=item.value + rng.randint(1, 900)), *image.items[1:])
            image = replace(image, items=items)
        one.say("AMENDED", at, image)

    def _item(self, hs6: str, origin: str) -> Item:
        value = self._rng.randint(9_000, 21_000)
        return Item(hs6, origin, value, round(value / (EUR_A_KG * self._rng.randint(80, 125) / 100)))

    def _image(self, items: tuple[Item, ...], known: bool) -> Image:
        number = next(self._firms)
        firm, phone = self._firm(number, self._turn)
        if not known:
            firm = f"Jany Firma {next(self._numbers)} OsOO"
        return Image(f"Shenzhen Parts {self._turn % 2}{number} Ltd", firm, phone, items)

    def _firm(self, number: int, turn: int) -> tuple[str, str]:
        """Firms take turns, wave by wave; two of different turns share every third telephone."""
        own = f"{turn % 2}{number:06d}"
        return (
            f"Osh Sauda {own} OsOO",
            f"+996{0 if number % 3 else 1}{number if number % 3 == 0 else own}7777777",
        )


def _moment(month: int, day: int) -> datetime:
    year, number = divmod(FIRST_YEAR * 12 + FIRST_MONTH - 1 + month, 12)
    return datetime(year, number + 1, day, 6, tzinfo=UTC)


def month_number(month: int) -> int:
    """Of a month of the waves, since the year 0."""
    return FIRST_YEAR * 12 + FIRST_MONTH - 1 + month


def _message(key: str, number: int, event: str, at: datetime, image: Image) -> bytes:
    dispatch = image.items[0].origin if image.regime == "IMPORT" else "KG"
    return msgspec.json.encode(
        {
            "envelope": {
                "declarationKey": key,
                "versionNumber": number,
                "eventType": event,
                "eventDateTime": at,
            },
            "declaration": {
                "regime": image.regime,
                "countryOfDispatch": dispatch,
                "countryOfDestination": image.destination,
                "parties": [
                    {"role": "EXPORTER", "name": image.exporter, "address": {"country": dispatch}},
                    {
                        "role": "CONSIGNEE",
                        "name": image.consignee,
                        "address": {"country": image.destination, "city": "Osh"},
                        **({"phone": image.phone} if image.phone else {}),
                    },
                ],
                "goodsItems": [
                    {
                        "goodsItemNumber": n,
                        "commodityCode": {"hs6": item.hs6, "hsVersion": "2022"},
                        "descriptionOfGoods": "goods as in the code",
                        "countryOfOrigin": item.origin,
                        "netMassKg": str(item.kilograms),
                        "statisticalValue": str(item.value),
                        "statisticalValueCurrency": "EUR",
                    }
                    for n, item in enumerate(image.items, 1)
                ],
            },
        }
    )
