"""The customers: households, shops, a church, a landlord with three houses."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from crm.demo import words


def uuid7(at: datetime, chance: random.Random) -> UUID:
    """An id made at that moment: histories sort by id as they would had they happened."""
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | chance.getrandbits(12) << 64
    return UUID(int=value | 0x2 << 62 | chance.getrandbits(62))


@dataclass
class Place:
    id: UUID
    label: str | None
    street: str
    city: str
    postcode: str
    access_note: str | None = None


@dataclass
class Fact:
    """An attribute; with words it was confirmed from the note of a visit."""

    id: UUID
    key: str
    value: str
    at: datetime
    words: str | None = None
    visit_id: UUID | None = None


@dataclass
class Customer:
    id: UUID
    name: str
    made_at: datetime
    kind: str = "person"
    phone: str | None = None
    email: str | None = None
    preferred_method: str | None = None
    note: str | None = None
    archived_at: datetime | None = None
    preferred_time: str | None = None
    language: str | None = None
    referred_by: str | None = None
    consent: str = "not_asked"
    notes: list[tuple[datetime, str]] = field(default_factory=list)  # written down by the office
    places: list[Place] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    spoken: list[tuple[str, str, str]] = field(default_factory=list)  # facts still to be said in a note
    every: int | None = None  # days between visits; None for those who come once or never
    price: int | None = None  # of a storefront, in cents
    panes: int = 0
    inside: bool = False
    screens: int = 0
    skylights: int = 0
    technician: int = 0
    books_ahead: bool = False
    due: date | None = None  # when the next visit should be

    @property
    def phone_e164(self) -> str | None:
        return "+1" + re.sub(r"\D", "", self.phone)[-10:] if self.phone else None

    @property
    def is_shop(self) -> bool:
        return self.price is not None


def make(chance: random.Random, opened: datetime, now: datetime, count: int = 300) -> list[Customer]:
    """`count` customers; `opened` is when the history starts. The first is the one Marcus visits next."""
    maker = _Maker(chance, opened, now)
    customers = [maker.shah(), maker.landlord(), maker.twin()]
    customers += [maker.organisation(*shop) for shop in words.SHOPS]
    customers += [maker.institution(*place) for place in words.INSTITUTIONS]
    customers += [maker.household() for _ in range(count - len(customers))]
    return customers


class _Maker:
    def __init__(self, chance: random.Random, opened: datetime, now: datetime) -> None:
        self.chance, self.opened, self.now = chance, opened, now
        self.phones = self._phones()
        self.taken: set[str] = set()

    def _phones(self) -> Iterator[str]:
        """Only 555-0100 to 555-0199 are kept free for stories; so some people still have the number of another town."""
        formats = ("({}) 555-{}", "{}-555-{}", "{}.555.{}", "{} 555 {}", "+1 {} 555 {}", "{}555{}")
        for area in (256, 938, 205, 931):
            for line in self.chance.sample(range(100, 200), 100):
                if (area, line) not in ((256, 117), (256, 150)):
                    yield self.chance.choices(formats, (50, 22, 10, 8, 4, 6))[0].format(area, f"{line:04}")

    def _since(self) -> datetime:
        """When somebody became a customer: nearly half were there before the two years we show."""
        if self.chance.random() < 0.45:
            return self.opened - timedelta(minutes=self.chance.randint(2_000, 900_000))
        return self.opened + (self.now - self.opened) * self.chance.uniform(0, 0.97)

    def _street(
        self, places: tuple[tuple[str, str, tuple[str, ...]], ...], weights: tuple[int, ...] | None = None
    ) -> tuple[str, str, str]:
        city, postcode, streets = self.chance.choices(places, weights)[0]
        number = self.chance.randint(2, self.chance.choice((90, 700, 2_900)))
        return f"{number} {self.chance.choice(streets)}", city, postcode

    def _place(self, at: datetime, label: str | None, *, shop: bool = False, home: bool = False) -> Place:
        street = self._street(words.SHOP_PLACES) if shop else self._street(words.PLACES, words.PLACE_WEIGHTS)
        notes = words.ACCESS_NOTES if home else words.OFFICE_ACCESS_NOTES
        access_note = self.chance.choice(notes) if self.chance.random() < 0.35 else None
        return Place(uuid7(at, self.chance), label, *street, access_note)

    def _finish(self, customer: Customer) -> Customer:
        """What everybody may have: facts, a note, a favourite technician."""
        chance = self.chance
        customer.technician = chance.randrange(3)
        customer.preferred_method = chance.choices((None, "text", "call", "email"), (45, 30, 15, 10))[0]
        if customer.preferred_method == "email" and not customer.email:
            customer.preferred_method = "call"
        customer.preferred_time = chance.choices((None, "morning", "midday", "afternoon"), (60, 24, 6, 10))[0]
        customer.referred_by = chance.choice(words.REFERRALS) if chance.random() < 0.25 else None
        customer.consent = chance.choices(("not_asked", "given", "unsubscribed"), (60, 37, 3))[0]
        if chance.random() < 0.2:
            for body in chance.sample(words.NOTES, chance.choice((1, 1, 2))):
                at = max(customer.made_at, self.opened)
                customer.notes.append((at + (self.now - at) * chance.uniform(0.02, 0.98), body))
        home = customer.kind == "person"
        customer.note = chance.choice(words.CONTACT_NOTES) if home and chance.random() < 0.24 else None
        spoken = [fact for fact in words.SPOKEN if home or fact[0] not in words.HOME_FACTS]
        typed = [fact for fact in words.TYPED if home or fact[0] not in words.HOME_FACTS]
        if chance.random() < 0.36:
            keys: set[str] = set()
            for _ in range(chance.choices((1, 2, 3, 4), (45, 30, 17, 8))[0]):
                if customer.every and chance.random() < 0.5:
                    key, value, sentence = chance.choice(spoken)
                    if key not in keys:
                        customer.spoken.append((key, value, sentence))
                else:
                    key, value = chance.choice(typed)
                    if key not in keys:
                        customer.facts.append(Fact(uuid7(customer.made_at, chance), key, value, customer.made_at))
                keys.add(key)
        return customer

    def organisation(self, name: str, label: str, every: int, price: int) -> Customer:
        at = self._since()
        return self._finish(
            Customer(
                uuid7(at, self.chance), name, at, "organisation", next(self.phones), self._office(name, 0.8),
                places=[self._place(at, label, shop=True)], every=every, price=price, books_ahead=True,
            )
        )  # fmt: skip

    def institution(self, name: str, label: str, every: int) -> Customer:
        at, chance = self._since(), self.chance
        more = 2 if "Apartments" in name else chance.choice((0, 0, 1))
        labels = [label, "Building B", "Building C"][: 1 + more]
        return self._finish(
            Customer(
                uuid7(at, chance), name, at, "organisation", next(self.phones), self._office(name, 1),
                places=[self._place(at, each) for each in labels], every=every, panes=chance.randint(50, 130),
                inside=chance.random() < 0.3, skylights=chance.choice((0, 0, 4)), books_ahead=True,
            )
        )  # fmt: skip

    def household(self) -> Customer:
        chance, at = self.chance, self._since()
        firsts, lasts = chance.choices(words.FAMILIES, words.FAMILY_WEIGHTS)[0]
        while True:
            first, last = chance.choice(firsts), chance.choice(lasts)
            shape = chance.random()
            name = f"{first} {last}"
            if shape < 0.22:
                name = f"{first} & {chance.choice([other for other in firsts if other != first])} {last}"
            elif shape < 0.26:
                first = chance.choice(("Mrs.", "Dr.", "Mr."))
                name = f"{first} {last}"
            if name not in self.taken:
                self.taken.add(name)
                break
        labels = [None, *chance.sample(words.SECOND_PLACES, chance.choices((0, 1, 2), (86, 11, 3))[0])]
        if len(labels) > 1:
            labels[0] = "Home"
        customer = Customer(
            uuid7(at, chance), name, at, phone=next(self.phones) if chance.random() < 0.9 else None,
            places=[self._place(at, label, shop=label == "Shop", home=label != "Shop") for label in labels],
            every=chance.choices((91, 122, 152, 182, None), (26, 24, 16, 12, 22))[0],
            panes=chance.randint(12, 40), inside=chance.random() < 0.45, skylights=chance.choice((0, 0, 0, 0, 2, 3)),
            books_ahead=chance.random() < 0.65,
        )  # fmt: skip
        if firsts is words.FAMILIES[2][0] and at.second % 2:  # about half of them would rather read Spanish
            customer.language = "es"
        customer.screens = chance.randint(6, customer.panes) if chance.random() < 0.4 else 0
        if chance.random() < 0.55 or not customer.phone:
            address = re.sub(r"[^a-z]+", ".", f"{first} {last}".lower())
            customer.email = f"{address}{'' if chance.random() < 0.6 else chance.randint(2, 89)}@example.com"
        if customer.every and at < self.opened and chance.random() < 0.07:  # moved away since
            customer.archived_at = self.opened + (self.now - self.opened) * chance.uniform(0.3, 0.9)
        return self._finish(customer)

    def shah(self) -> Customer:
        at = self.opened + timedelta(days=11)
        home = Place(uuid7(at, self.chance), "Home", "412 Brookhollow Ln", "Madison", "35758",
                     "Side gate on the left, code 4471. Park on the street, the driveway is new.")  # fmt: skip
        customer = Customer(
            uuid7(at, self.chance), "Tom & Priya Shah", at, "person", "(256) 555-0117", "tom.shah@example.com", "text",
            "Retired, always home. Like a text the day before.", places=[home], every=122, panes=18, inside=True,
            screens=22, books_ahead=True,
        )  # fmt: skip
        customer.spoken = [
            ("gate code", "4471", "They have a lock on the side gate now, [gate code is 4471]."),
            ("screens", "22", "[22 screens], numbered them on the frame."),
        ]
        customer.preferred_time, customer.referred_by, customer.consent = "morning", "Harold Finch", "given"
        customer.notes = [
            (
                self.now - timedelta(days=9),
                "Rang to say the side gate sticks: lift it a little. Wants the skylights done in spring.",
            )
        ]
        customer.facts = [Fact(uuid7(at, self.chance), "pet", "spaniel", at), Fact(uuid7(at, self.chance), "tags", "VIP, reviews", at),
                          Fact(uuid7(at, self.chance), "prefers", "mornings, same technician", at)]  # fmt: skip
        return customer

    def landlord(self) -> Customer:
        at = self.opened - timedelta(days=200)
        labels = ("Home", "Rental, upstairs", "Rental, left side")
        customer = Customer(
            uuid7(at, self.chance), "Harold Finch", at, "person", "256.555.0150", "harold.finch@example.com", "email",
            "Owns two rentals. Invoices always to him, never to the tenants.", every=91, panes=18, technician=1,
            places=[self._place(at, label, home=True) for label in labels], books_ahead=True,
        )  # fmt: skip
        customer.places[1].access_note = "Tenant works nights, use the outside stairs."
        return customer

    def twin(self) -> Customer:
        """The landlord once more, written down in a hurry by somebody who did not look."""
        at = self.now - timedelta(days=6)
        return Customer(uuid7(at, self.chance), "Harold Finch", at, phone="256 555 0150", note="Rang about the gutters of the rentals.",
                        places=[Place(uuid7(at, self.chance), None, *self._street(words.PLACES, words.PLACE_WEIGHTS))])  # fmt: skip

    def _office(self, name: str, share: float) -> str | None:
        if self.chance.random() >= share:
            return None
        return f"{self.chance.choice(('hello', 'office', 'info'))}@{re.sub(r'[^a-z]', '', name.lower())}.example.com"
