"""Mails about visits, over random lives of a visit: never two for one cause, none after the end, none at night, none forgotten."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from psycopg.rows import namedtuple_row

from tests.conftest import PANES, PEOPLE, become

EPOCH = datetime(2031, 3, 3, 15, 7, tzinfo=UTC)  # a week before American clocks change
ZONES = ("America/Chicago", "Europe/London", "Pacific/Auckland", "Asia/Kolkata")
STEPS = some.one_of(
    some.tuples(some.just("pass"), some.integers(1, 60 * 60)),  # minutes
    some.tuples(some.just("pass"), some.sampled_from([1, 30, 24 * 60, 48 * 60])),
    some.tuples(some.just("move"), some.integers(-100, 400)),  # hours from now
    some.tuples(some.sampled_from(["ask", "cancel", "start", "way", "send", "stop", "give"]), some.just(0)),
    some.tuples(some.sampled_from(["confirmed", "declined", "reschedule_requested"]), some.just(0)),
)


class Life:
    """A visit, its customer, the clock, and the worker with its mail server."""

    def __init__(self, connection: psycopg.Connection[Any], signer: Any, zone: str) -> None:
        self.connection, self.signer, self.zone = connection, signer, ZoneInfo(zone)
        self.now, self.mails = EPOCH, []
        connection.execute("update internal.job_queue set run_at = '2100-01-01'")  # what other tests left
        self.act("owner")
        connection.execute(
            "update crm.business set time_zone = %s where business_id = internal.current_business()", (zone,)
        )

    def act(self, who: str) -> None:
        become(self.connection, self.signer, who)
        self.connection.execute("select set_config('app.now', %s, true)", (self.now.isoformat(),))

    def one(self, statement: str, *values: Any) -> Any:
        return self.connection.execute(statement, values).fetchone()  # type: ignore[arg-type]

    def tries(self, who: str, statement: str, *values: Any) -> bool:
        """Whether the rules let it happen."""
        self.act(who)
        try:
            with self.connection.transaction():
                self.connection.execute(statement, values)  # type: ignore[arg-type]
        except (psycopg.errors.CheckViolation, psycopg.errors.NoDataFound):
            return False
        return True

    def book(self, email: str | None, hours: int) -> None:
        self.act("office")
        contact = self.one("select id from api.contact_create('person', 'Cleo', null, %s)", email).id
        starts_at = self.now + timedelta(hours=hours)
        self.ticket_id = self.one(
            "select id from api.ticket_create(%s, null, %s, %s, %s::uuid[], %s::uuid[])", contact, starts_at,
            starts_at + timedelta(hours=1), [PEOPLE["technician"].member_id], [PANES],
        ).id  # fmt: skip

    @property
    def ticket(self) -> Any:
        return self.one(
            "select t.*, c.email from crm.ticket t join crm.contact c on c.id = t.contact_id where t.id = %s",
            self.ticket_id,
        )

    def step(self, name: str, value: int) -> None:
        ticket = self.ticket
        if name == "pass":
            self.now += timedelta(minutes=value)
        elif name == "move":
            at = self.now + timedelta(hours=value)
            self.tries("office", "select api.ticket_update(%s, null, %s, %s, %s::uuid[], null, 'a test')", ticket.id, at,
                       at + timedelta(hours=1), [PEOPLE["technician"].member_id])  # fmt: skip
        elif name == "ask":
            asked = self.tries("office", "select api.ticket_confirmation_ask(%s)", ticket.id)
            assert not asked or (ticket.email and ticket.status == "scheduled" and ticket.confirmation == "pending")
        elif name == "cancel":
            self.tries("office", "select api.ticket_cancel(%s, 'rain')", ticket.id)
        elif name == "start":
            self.tries("technician", "select api.ticket_clock_in(%s)", ticket.id)
        elif name == "way":
            self.tries("technician", "select api.ticket_on_my_way(%s)", ticket.id)
        elif name in ("send", "stop"):
            waiting = self.one(
                "select id from crm.message where ticket_id = %s and status = 'pending' order by send_at limit 1",
                ticket.id,
            )
            if waiting:
                self.tries("office", f"select api.message_{'send' if name == 'send' else 'cancel'}(%s)", waiting.id)
        elif name == "give":
            self.act("office")
            self.connection.execute(
                "update crm.contact set email = 'cleo@example.com' where id = %s and email is null",
                (ticket.contact_id,),
            )
        else:
            self.tries("office", "select api.ticket_confirmation_set(%s, %s)", ticket.id, name)

    def work(self, server: str = "up") -> None:
        """What is due is done, as the worker does it; the mail server may be away, the worker may die while it sends."""
        self.act("worker")
        while job := self.one(
            "select q.job_id, j.payload from internal.job_queue q join crm.job j on j.business_id = q.business_id and j.id = q.job_id "
            "where j.kind = 'message' and q.run_at <= %s order by q.run_at limit 1", self.now,
        ):  # fmt: skip
            message_id, send_at = job.payload["message_id"], job.payload["send_at"]
            words = str(job.job_id).encode()[-32:]
            mail = self.one("select * from api.message_begin(%s, %s, %s, 'https://link')", message_id, send_at, words)
            if mail and server == "up":
                self.mails.append(
                    (self.now, self.one("select * from crm.message where id = %s", message_id), self.ticket, mail)
                )
                self.one("select api.message_sent(%s, %s)", message_id, send_at)
            elif mail:
                if server == "away":
                    self.one("select api.message_not_sent(%s, %s, 'away')", message_id, send_at)
                self.connection.execute(
                    "update internal.job_queue set run_at = %s where job_id = %s",
                    (self.now + timedelta(minutes=7), job.job_id),
                )
                self.connection.execute("delete from crm.ticket_link where message_id = %s", (message_id,))
                continue
            self.connection.execute("delete from internal.job_queue where job_id = %s", (job.job_id,))
            self.connection.execute(
                "update crm.job set state = 'done', finished_at = now() where id = %s", (job.job_id,)
            )

    def check(self) -> None:
        causes = Counter((m.kind, m.ticket_starts_at, m.asked) for _, m, _, _ in self.mails)
        assert set(causes.values()) <= {1}, causes
        for at, message, ticket, mail in self.mails:
            local = at.astimezone(self.zone)
            expected = "cancelled" if message.kind == "cancellation" else "scheduled"
            assert ticket.status == expected, (message.kind, ticket.status)
            assert message.ticket_starts_at == ticket.starts_at
            assert mail.email == "cleo@example.com"
            assert message.body.replace("(a link for them alone)", "https://link") == mail.body
            if message.kind == "on_my_way":
                continue
            assert time(8) <= local.time() < time(20), (message.kind, local)
            assert at < ticket.starts_at, message.kind
            if message.kind == "cancellation":
                assert ticket.confirmation != "declined"
            elif message.kind == "reminder":
                assert ticket.confirmation in ("pending", "confirmed")
            else:
                assert ticket.confirmation == "pending", message.kind
            if message.kind == "confirmation_follow_up":
                assert at <= ticket.starts_at - timedelta(hours=24)

    def reminder_at(self) -> datetime:
        day = self.ticket.starts_at.astimezone(self.zone).date() - timedelta(days=1)
        return datetime.combine(day, time(17), self.zone).astimezone(UTC)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(zone=some.sampled_from(ZONES), email=some.sampled_from(["cleo@example.com", "cleo@example.com", None]), hours=some.integers(1, 400),
       steps=some.lists(some.tuples(STEPS, some.booleans(), some.sampled_from(["up", "up", "away", "dies"])), max_size=14))  # fmt: skip
def test_never_two_never_after_the_end_never_at_night(home, signer, zone, email, hours, steps):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, zone)
        life.book(email, hours)
        for (name, value), worker_is_up, server in steps:
            life.step(name, value)
            if worker_is_up:
                life.work(server)
            life.check()
        for _ in range(30):  # everything that can still come
            life.now += timedelta(hours=19)
            life.work()
        life.check()
        left = connection.execute(
            "select kind, status from crm.message where ticket_id = %s and status in ('pending', 'sending')",
            (life.ticket_id,),
        ).fetchall()
        assert left == [], "nothing waits for ever"
        connection.rollback()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(
    zone=some.sampled_from(ZONES), hours=some.integers(60, 400), moves=some.lists(some.integers(60, 400), max_size=3)
)
def test_a_reminder_goes_out_at_five_on_the_day_before_wherever_the_visit_was_moved(home, signer, zone, hours, moves):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, zone)
        life.book("cleo@example.com", hours)
        for each in moves:
            life.step("move", each)
        due = life.reminder_at()
        while life.now < due:
            life.now = min(life.now + timedelta(hours=1), due)
            life.work()
        life.now += timedelta(hours=40)
        life.work()
        assert [(at, message.kind) for at, message, _, _ in life.mails] == [(due, "reminder")]
        connection.rollback()


def test_asked_then_asked_once_more_two_days_later_then_reminded(home, signer):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24 * 6)
        life.step("ask", 0)
        life.step("ask", 0)  # a double tap
        for _ in range(24 * 7):
            life.work()
            life.now += timedelta(hours=1)
        sent = [(message.kind, at - EPOCH) for at, message, _, _ in life.mails]
        assert [kind for kind, _ in sent] == ["confirmation", "confirmation_follow_up", "reminder"]
        assert sent[0][1] == timedelta(0)
        assert timedelta(hours=48) <= sent[1][1] <= timedelta(hours=49)
        assert "No answer to the mail of Monday, March 3" in life.mails[1][1].reason
        connection.rollback()


def test_who_was_told_another_time_is_told_once_that_it_was_moved(home, signer):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24 * 6)
        life.step("move", 24 * 6 + 1)
        life.work()
        assert life.mails == [], "nobody had been told"
        life.step("ask", 0)
        life.work()
        life.step("confirmed", 0)
        life.now += timedelta(hours=1)
        life.step("move", 24 * 7)
        life.step("move", 24 * 8)  # a second thought
        life.now += timedelta(minutes=11)
        life.work()
        asked, told = (message for _, message, _, _ in life.mails)
        assert (told.kind, told.reason, told.asked) == ("confirmation", "The visit was moved.", asked.asked + 1)
        assert "The time of your visit has changed. We would now like to come on Tuesday, March 11" in told.body
        assert "another time" not in asked.body.partition("Please tell us")[0]
        life.step("move", 24 * 9)
        back = life.mails[-1][1].ticket_starts_at
        life.tries("office", "select api.ticket_update(%s, null, %s, %s, %s::uuid[], null, 'a test')", life.ticket_id, back,
                   back + timedelta(hours=1), [PEOPLE["technician"].member_id])  # fmt: skip
        life.now += timedelta(minutes=11)
        life.work()
        assert len(life.mails) == 2, "they know of that time already"
        connection.rollback()


@pytest.mark.parametrize("server", ["dies", "away"])
@pytest.mark.parametrize("kind", ["confirmation", "reminder"])
def test_a_mail_whose_visit_moved_between_two_tries_tells_the_new_time_once(home, signer, kind, server):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24 * 6)
        if kind == "confirmation":
            life.step("ask", 0)
        else:
            life.now = life.reminder_at()
        life.work(server)
        life.step("move", 24 * 8)
        for _ in range(24 * 9):
            life.now += timedelta(hours=1)
            life.work()
        life.check()
        # Who died may have told them of the old time, so they are asked; of a server that was away they heard nothing.
        asked = kind == "confirmation" or server == "dies"
        kinds = ["confirmation", "confirmation_follow_up", "reminder"] if asked else ["reminder"]
        assert [message.kind for _, message, _, _ in life.mails] == kinds
        connection.rollback()


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ([], False),
        (["ask"], True),
        (["ask", "confirmed"], True),
        (["ask", "declined"], False),
        (["confirmed"], True),
        (["start"], False),
    ],
)
def test_who_knows_of_a_visit_is_told_once_that_it_was_cancelled(home, signer, before, told):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24 * 6)
        for name in before:
            life.step(name, 0)
            life.work()
        life.mails.clear()
        life.step("cancel", 0)
        life.work()
        assert life.mails == [], "for ten minutes it can still be stopped"
        for _ in range(20):
            life.now += timedelta(minutes=11)
            life.work()
        assert [message.kind for _, message, _, _ in life.mails] == ["cancellation"] * told
        if told:
            assert "We are sorry to tell you that we do not come on Sunday, March 9, 10:07 am" in life.mails[0][3].body
        life.check()
        connection.rollback()


def test_a_cancellation_that_would_come_too_late_is_nobody_s_mail(home, signer):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24)
        life.step("ask", 0)
        life.work()
        life.now = datetime(2031, 3, 4, 3, 0, tzinfo=UTC)  # nine in the evening; the visit is at 9:07
        life.step("cancel", 0)
        planned = life.one(
            "select send_at from crm.message where ticket_id = %s and kind = 'cancellation'", life.ticket_id
        )
        assert planned.send_at == datetime(2031, 3, 4, 14, 0, tzinfo=UTC), "nobody is written to at night"
        connection.rollback()
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24)
        life.step("ask", 0)
        life.work()
        life.now += timedelta(hours=23, minutes=55)
        life.step("cancel", 0)
        assert (
            life.one(
                "select count(*) as n from crm.message where ticket_id = %s and kind = 'cancellation'", life.ticket_id
            ).n
            == 0
        )
        connection.rollback()


def test_who_was_told_while_it_moved_is_told_again(home, signer):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24 * 6)
        life.step("ask", 0)
        life.work("dies")  # the mail server has it; nobody has said so yet
        message = life.one("select * from crm.message where ticket_id = %s and status = 'sending'", life.ticket_id)
        life.step("move", 24 * 8)
        life.act("worker")
        life.one("select api.message_sent(%s, %s)", message.id, message.send_at)
        life.now += timedelta(minutes=11)
        life.work()
        (told,) = (mail for _, mail, _, _ in life.mails)
        assert (told.kind, told.reason, told.asked) == ("confirmation", "The visit was moved.", message.asked + 1)
        assert told.ticket_starts_at == life.ticket.starts_at
        connection.rollback()


def test_what_is_asked_for_at_night_waits_for_the_morning_and_is_not_asked_too_late(home, signer):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        life = Life(connection, signer, "America/Chicago")
        life.book("cleo@example.com", 24)
        life.now = datetime(2031, 3, 3, 23, 30, tzinfo=UTC)
        life.work()
        assert [message.kind for _, message, _, _ in life.mails] == ["reminder"]
        life.mails.clear()
        life.now = datetime(2031, 3, 4, 4, 30, tzinfo=UTC)  # half past ten in the evening; the visit is at 9:07
        life.step("ask", 0)
        life.work()
        assert life.mails == []
        life.now = datetime(2031, 3, 4, 14, 0, tzinfo=UTC)
        life.work()
        assert [message.kind for _, message, _, _ in life.mails] == ["confirmation"]
        life.step("move", 19)  # to the next morning at three
        life.now = datetime(2031, 3, 5, 3, 0, tzinfo=UTC)
        assert not life.tries("office", "select api.ticket_confirmation_ask(%s)", life.ticket_id)
        connection.rollback()
