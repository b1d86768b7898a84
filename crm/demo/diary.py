"""The visits: two years behind, today around now, three weeks ahead. No technician is in two places."""

import calendar
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from crm.demo import words
from crm.demo.people import Customer, Fact, uuid7
from crm.demo.visit import QUARTER, Line, Visit, minutes_of, next_quarter, quarters

MARCUS, ELENA, TOM = range(3)
HOLIDAYS = ((1, 1), (7, 4), (12, 24), (12, 25))


class Diary:
    """`past`, `today` and `ahead` are lists of visits; customers get the facts that were said in notes."""

    def __init__(self, customers: Sequence[Customer], now: datetime, zone: ZoneInfo, chance: random.Random) -> None:
        self.customers, self.now, self.zone, self.chance = customers, now, zone, chance
        self.date = now.astimezone(zone).date()
        self.first = self.date - timedelta(days=730)
        self.raised = self.date - timedelta(days=140)  # when prices went up
        self.last: dict[UUID, Visit] = {}
        self.turns: dict[UUID, int] = {}
        self._start()
        self.past = [visit for day in self._days(self.first, self.date) for visit in self._day(day)]
        self.today = self._today()
        self.ahead = [visit for day in self._days(self.date + timedelta(days=1), self.date + timedelta(days=22))
                      for visit in self._day(day)]  # fmt: skip
        self._trouble()
        for visit in self.last.values():
            if visit.status == "completed" and visit.follow_up is None:
                self._reach_out(visit)
        for customer in customers:  # what was known but never said
            for key, value, _ in customer.spoken:
                customer.facts.append(Fact(uuid7(customer.made_at, chance), key, value, customer.made_at))

    def at(self, day: date, minutes: int) -> datetime:
        """So many minutes after midnight where the business is."""
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)

    # ---- any working day ----------------------------------------------------------------------------

    def _start(self) -> None:
        for customer in self.customers:
            start = max(self.first, customer.made_at.astimezone(self.zone).date() + timedelta(days=3))
            if customer.every:
                soon = customer.every if start == self.first else 12
                first = start + timedelta(days=self.chance.randrange(soon))
                # A shop keeps its day of the week, and that is never a weekend.
                customer.due = first - timedelta(days=2 * (customer.is_shop and first.weekday() > 4))
            elif self.chance.random() < 0.7 and start < self.date - timedelta(days=40):  # comes once
                customer.due = start + timedelta(days=self.chance.randrange(30))
        # The first customer is whom Marcus visits next: five visits, counted back from today.
        self.customers[0].due = self.date - timedelta(days=5 * (self.customers[0].every or 0))

    def _days(self, start: date, end: date) -> Iterator[date]:
        for number in range((end - start).days):
            day = start + timedelta(days=number)
            thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
            if day.weekday() < 6 and not thanksgiving and (day.month, day.day) not in HOLIDAYS:
                yield day

    def _day(self, day: date) -> Iterator[Visit]:
        ahead, saturday = day > self.date, day.weekday() == 5
        free = {day.toordinal() // 7 % 3: 8 * 60} if saturday else dict.fromkeys((MARCUS, ELENA, TOM), 7 * 60)
        wanted = [
            customer for customer in self.customers
            if customer.due and customer.due <= day
            and not (saturday and customer.kind == "organisation") and not (ahead and not customer.books_ahead)
        ]  # fmt: skip
        wanted.sort(key=lambda customer: (not customer.is_shop, customer.due))
        for customer in wanted:
            if customer.archived_at and customer.archived_at < self.at(day + timedelta(days=9), 0):
                customer.due = None
                continue
            lines = self._work(customer, day)
            length = minutes_of(customer, lines)
            crew = self._crew(customer, length, free, 13 * 60 if saturday else 17 * 60)
            if not crew:
                continue  # no room: tomorrow
            if len(crew) == 2:
                length = quarters(length / 2)
            start = max(0 if customer.is_shop else 8 * 60 + QUARTER, *(free[each] for each in crew))
            for each in crew:
                free[each] = quarters(start + length + self.chance.randint(12, 35))
            visit = self._visit(customer, crew, self.at(day, start), length, lines)
            if not ahead and self.chance.random() < 0.035:
                self._cancel(visit)
            elif not ahead:
                self._finish(visit)
            yield visit

    def _crew(self, customer: Customer, length: int, free: dict[int, int], closing: int) -> tuple[int, ...]:
        """The customer's usual technician if there is room, else the one who is free first; two for a big job."""
        order = sorted(
            free, key=lambda each: (each != customer.technician or free[each] + length > closing, free[each])
        )
        crew = tuple(order[:2]) if length > 240 and len(order) > 1 else (order[0],)
        fits = max(free[each] for each in crew) + length / len(crew) + 60 <= closing
        return crew if fits else ()

    def _visit(
        self, customer: Customer, crew: tuple[int, ...], start: datetime, length: int, lines: list[Line]
    ) -> Visit:
        turn = self.turns[customer.id] = self.turns.get(customer.id, -1) + 1
        day = start.astimezone(self.zone).date()
        made_at = self._made(customer, start)
        visit = Visit(
            uuid7(made_at, self.chance), customer, customer.places[turn % len(customer.places)], crew, start,
            start + timedelta(minutes=length), made_at, lines,
            confirmation="confirmed" if self.chance.random() < 0.7 else "pending",
            instructions=self.chance.choice(words.INSTRUCTIONS) if customer.kind == "person" and self.chance.random() < 0.2 else None,
        )  # fmt: skip
        self.last[customer.id] = visit
        planned, customer.due = customer.due or day, None
        if every := customer.every:
            if customer.is_shop:
                customer.due = planned + timedelta(days=every)
            else:
                stray = 0 if customer is self.customers[0] else self.chance.randint(-every // 12, every // 9)
                customer.due = day + timedelta(days=every + stray)
        return visit

    def _made(self, customer: Customer, start: datetime) -> datetime:
        """When the visit was booked: at the one before, after a message asked for it, or on the phone."""
        before = self.last.get(customer.id)
        phoned = min(
            start - timedelta(minutes=self.chance.randint(2_600, 13_000)),
            self.now - timedelta(minutes=self.chance.randint(40, 9_000)),
        )
        if before is None or before.closed_at is None:
            return max(phoned, customer.made_at)
        if before.status == "cancelled":
            again = before.closed_at + timedelta(minutes=self.chance.randint(15, 1_800))
            return max(before.closed_at, min(again, start - timedelta(minutes=20), self.now - timedelta(minutes=1)))
        if before.follow_up is None and customer.books_ahead:
            before.follow_up, before.next_at = "visit", start
            return before.closed_at
        if before.follow_up is None:
            self._reach_out(before)
            before.next_made_at = max(phoned, before.closed_at + timedelta(minutes=10))
            return before.next_made_at
        return max(phoned, before.closed_at)

    def _reach_out(self, visit: Visit) -> None:
        visit.follow_up = "message" if visit.customer.email and visit.customer.every else "none"
        visit.months = max(1, round((visit.customer.every or 0) / 30)) if visit.follow_up == "message" else None

    def message_at(self, visit: Visit) -> datetime:
        """Ten in the morning, that many months after the visit was closed."""
        assert visit.closed_at
        assert visit.months
        closed = visit.closed_at.astimezone(self.zone).date()
        years, month = divmod(closed.month - 1 + visit.months, 12)
        year, month = closed.year + years, month + 1
        return self.at(date(year, month, min(closed.day, calendar.monthrange(year, month)[1])), 10 * 60)

    # ---- how a visit went ---------------------------------------------------------------------------

    def _finish(self, visit: Visit) -> None:
        """Clock in, work, clock out, close; never later than now."""
        chance, customer = self.chance, visit.customer
        visit.status = "completed"
        for line in visit.lines:
            line.confirmed = True
        visit.clocked_in_at = visit.starts_at + timedelta(seconds=chance.randint(-400, 700))
        worked = timedelta(seconds=int(visit.minutes * 60 * chance.uniform(0.86, 1)) + chance.randint(-60, 400))
        visit.clocked_out_at = min(visit.starts_at + worked, self.now - timedelta(seconds=200))
        visit.closed_at = min(
            visit.clocked_out_at + timedelta(seconds=chance.randint(40, 240)), self.now - timedelta(seconds=60)
        )
        if chance.random() < 0.03:
            visit.clock_reason = chance.choice(
                ("Forgot to press start", "Phone was in the truck", "No signal at the house")
            )
        visit.note = chance.choice(words.HOME_NOTES if customer.kind == "person" else words.SHOP_NOTES)
        if customer.spoken and visit.starts_at.astimezone(self.zone).date() < self.date and chance.random() < 0.6:
            key, value, sentence = customer.spoken.pop(0)
            said = sentence[sentence.index("[") + 1 : sentence.index("]")]
            visit.note = f"{visit.note} {sentence.replace('[', '').replace(']', '')}"
            visit.facts.append(Fact(uuid7(visit.closed_at, chance), key, value, visit.closed_at, said, visit.id))
            customer.facts.append(visit.facts[-1])

    def _cancel(self, visit: Visit) -> None:
        visit.status, visit.cancel_reason = "cancelled", self.chance.choice(words.CANCEL_REASONS)
        visit.closed_at = max(visit.made_at, visit.starts_at - timedelta(minutes=self.chance.randint(10, 1_500)))
        visit.confirmation = self.chance.choice(("pending", "confirmed", "declined"))
        if visit.customer.every and not visit.customer.is_shop:
            visit.customer.due = visit.starts_at.date() + timedelta(days=self.chance.randint(4, 12))

    def _work(self, customer: Customer, day: date) -> list[Line]:
        chance, past = self.chance, day < self.date
        if customer.price is not None:
            stains = [Line("hard_water", 1, chance.randint(16, 28) * 500, past)] if chance.random() < 0.02 else []
            return [Line("storefront", 1, customer.price), *stains]
        if past and chance.random() < 0.006:
            return [Line("exterior", chance.randint(1, 3), 0)]  # streaks: done again for nothing
        main = "inside_out" if customer.inside else "exterior"
        lines = [Line(main, customer.panes, words.PRICE_BEFORE[main] if day < self.raised else None)]
        if customer.screens and (customer.inside or chance.random() < 0.5):
            lines.append(Line("screens", customer.screens))
        if customer.skylights:
            lines.append(Line("skylights", customer.skylights))
        if customer.kind == "person" and chance.random() < (0.3 if day.month in (4, 10, 11, 12) else 0.06):
            lines.append(Line("gutters", 1, chance.randint(20, 40) * 500, past))
        if customer.kind == "person" and chance.random() < (0.14 if day.month in (3, 4, 5) else 0.03):
            lines.append(Line("driveway", 1, chance.randint(28, 50) * 500, past))
        if chance.random() < 0.04:
            lines.append(Line("hard_water", 1, chance.randint(12, 26) * 500, past))
        if past and chance.random() < 0.025:
            lines.append(Line("kit", chance.choice((1, 1, 2))))
        return lines

    # ---- today --------------------------------------------------------------------------------------

    def _today(self) -> list[Visit]:
        """Around now, whatever the hour: five on today's date for each technician."""
        midnight, end = self.at(self.date, 0), self.at(self.date + timedelta(days=1), 0)
        coming, quarter = next_quarter(self.now), timedelta(minutes=QUARTER)
        soon = coming if coming < end else coming - quarter
        shah, *others = [customer for customer in self.customers if customer.due and not customer.archived_at]
        others.sort(key=lambda customer: customer.due or self.date)
        ready = [(customer, self._work(customer, self.date)) for customer in others]
        short = [(customer, lines) for customer, lines in ready if minutes_of(customer, lines) <= 105]
        homes, shops = ([item for item in short if item[0].is_shop is shop] for shop in (False, True))
        long = next(item for item in homes if minutes_of(*item) >= 75)
        homes.remove(long)
        short = [item for pair in zip(homes, shops, strict=False) for item in pair]

        def book(technician: int, start: datetime, customer: Customer, lines: list[Line]) -> Visit:
            visits.append(self._visit(customer, (technician,), start, minutes_of(customer, lines), lines))
            return visits[-1]

        def around(visit: Visit) -> None:
            early, late, today, sides = visit.starts_at, visit.ends_at, 1, set()
            for later in (False, True, False, True, True, False, False, True, True, False):
                length = timedelta(minutes=minutes_of(*short[0]))
                gap = self.chance.choice((quarter, quarter, 2 * quarter))
                start = late + gap if later else next_quarter(min(early - gap, self.now)) - quarter - length
                if later not in sides or (today < 5 and midnight <= start < end):
                    sides.add(later)
                    today += midnight <= start < end
                    other = book(visit.crew[0], start, *short.pop(0))
                    early, late = min(early, start), max(late, other.ends_at)
                    if not later:
                        self._finish(other)

        visits: list[Visit] = []
        gutters = Line("gutters", confirmed=False)
        first = book(MARCUS, soon, shah, [Line("inside_out", shah.panes), Line("screens", shah.screens), gutters])
        first.confirmation, first.place = "confirmed", shah.places[0]
        first.instructions = "They asked for the gutters too: look first, then agree the price with them."
        around(first)
        first = book(ELENA, max(midnight, coming - 4 * quarter), *long)
        first.status, first.confirmation = "in_progress", "confirmed"
        first.clocked_in_at = min(first.starts_at + timedelta(minutes=4), self.now - timedelta(seconds=20))
        around(first)
        around(book(TOM, soon + quarter if soon + quarter < end else soon, *short.pop(0)))
        new = max(
            (c for c in self.customers if c.id not in self.last and c.kind == "person" and not c.every),
            key=lambda c: c.made_at,
        )
        start = min(coming + 8 * quarter, end - 4 * quarter)
        visit = self._visit(new, (), start, 90, [Line("exterior", 20), gutters])
        visit.instructions = "First time here: count the panes. Called this morning, would like today."
        return [*visits, visit]

    def _trouble(self) -> None:
        """A visit closed without a note; one that the customer wants moved, one they declined."""
        done = [
            v
            for v in self.past
            if v.status == "completed" and v.crew == (TOM,) and not v.facts and not v.customer.is_shop
        ]
        done[-1].note, done[-1].gap = None, "Phone died on the roof, will tell the office"
        move, decline = [visit for visit in self.ahead if not visit.customer.is_shop][1:3]
        move.confirmation, decline.confirmation = "reschedule_requested", "declined"
