"""The demo is written past the triggers. So every rule is asked again of what was written, and the day is looked at."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm import cli, demo, schema
from crm.demo import diary, large, people
from crm.run import Home
from tests.conftest import refused

ZONE = ZoneInfo("America/Chicago")
MOMENTS = {
    "a working day": datetime(2026, 6, 17, 14, 7, 31, tzinfo=ZONE),
    "a minute to midnight": datetime(2026, 1, 4, 23, 59, 12, tzinfo=ZONE),
}

# Each finds rows that break a rule which a trigger or a function keeps elsewhere.
BROKEN = {
    "line_amounts": "select from crm.line_item l join crm.business b using (business_id) cross join lateral "
    "internal.line_amounts(l.quantity, l.unit_price_minor, l.tax_basis_points, b.prices_include_tax) a "
    "where (l.net_minor, l.tax_minor, l.total_minor) is distinct from (a.net_minor, a.tax_minor, a.total_minor)",
    "line_item_is_of_the_catalogue": "select from crm.line_item l join crm.service s on s.business_id = l.business_id and s.id = l.service_id "
    "join crm.business b on b.business_id = l.business_id where (l.name, l.pricing, l.unit_label, l.tax_basis_points) "
    "is distinct from (s.name, s.pricing, s.unit_label, coalesce(s.tax_basis_points, b.tax_basis_points))",
    "line_item_estimate_is_confirmed": "select from crm.line_item l left join crm.ticket t on t.business_id = l.business_id and t.id = l.ticket_id "
    "where not l.price_confirmed and (t.id is null or t.status = 'completed' or l.pricing <> 'flexible')",
    "invoice_totals": "select from crm.invoice i left join lateral (select sum(net_minor) net, sum(tax_minor) tax, sum(total_minor) total "
    "from crm.line_item l where l.business_id = i.business_id and l.invoice_id = i.id) s on true "
    "where (i.net_minor, i.tax_minor, i.total_minor) is distinct from (s.net, s.tax, s.total)",
    "invoice_lines_are_the_visits": "select business_id, ticket_id, service_id, position, quantity, unit_price_minor, total_minor from crm.line_item "
    "where ticket_id in (select ticket_id from crm.invoice) except all select l.business_id, i.ticket_id, l.service_id, l.position, l.quantity, "
    "l.unit_price_minor, l.total_minor from crm.line_item l join crm.invoice i on i.id = l.invoice_id where i.status <> 'void'",
    "invoice_paid": "select from crm.invoice i left join lateral (select coalesce(sum(amount_minor), 0) paid from crm.payment p "
    "where p.business_id = i.business_id and p.invoice_id = i.id) p on true where i.paid_minor <> p.paid or i.status is distinct from case "
    "when i.number is null then 'draft' when i.voided_at is not null then 'void' when p.paid >= i.total_minor then 'paid' "
    "when p.paid > 0 then 'partial' else 'sent' end",
    "invoice_number_has_no_gap": "select from crm.counter c where c.value <> (select count(*) from crm.invoice i where i.business_id = c.business_id "
    "and i.number between 1 and c.value)",
    "invoice_number_follows_the_day": "select from (select issued_on, lag(issued_on) over (partition by business_id order by number) as before "
    "from crm.invoice where number is not null) i where issued_on < before",
    "invoice_due": "select from crm.invoice i join crm.business b using (business_id) where i.due_on <> i.issued_on + b.payment_terms_days",
    "invoice_is_for_a_completed_visit": "select from crm.invoice i join crm.ticket t on t.business_id = i.business_id and t.id = i.ticket_id "
    "where t.status <> 'completed' or t.contact_id <> i.contact_id or i.created_at < t.completed_at",
    "membership": "select business_id, id, account_id, role, disabled_at is null from crm.member "
    "except select business_id, member_id, account_id, role, active from internal.membership",
    "member_email_is_the_accounts": "select from crm.member m join crm.account a using (account_id) where m.email <> a.email",
    "ticket_buffer": "select from crm.ticket t join crm.business b using (business_id) "
    "where t.busy_until <> t.ends_at + make_interval(mins => b.travel_buffer_minutes)",
    "ticket_is_worked_by_its_technicians": "select from crm.ticket t where t.status = 'completed' and not exists (select from crm.assignment a "
    "where a.business_id = t.business_id and a.ticket_id = t.id and a.member_id = t.completed_by)",
    "ticket_completed_is_clocked": "select from crm.ticket where status = 'completed' "
    "and (clocked_out_at is null or completed_at < clocked_out_at or created_at > clocked_in_at)",
    "ticket_has_work": "select from crm.ticket t where not exists (select from crm.line_item l where l.business_id = t.business_id and l.ticket_id = t.id)",
    "nobody_is_in_two_places": "select from crm.assignment a join crm.assignment b using (business_id, member_id) "
    "where a.ticket_id <> b.ticket_id and a.blocks_time and b.blocks_time and a.starts_at < b.busy_until and b.starts_at < a.busy_until",
    "notes_are_redacted": "select from crm.ticket t, crm.contact c, crm.address a where c.id = t.contact_id and a.id = t.address_id and "
    "concat_ws('|', t.note, c.note, a.access_note, t.instructions, t.cancel_reason) <> internal.redact(concat_ws('|', t.note, c.note, a.access_note, "
    "t.instructions, t.cancel_reason))",
    "nothing_is_made_tomorrow": "select from crm.ticket t where greatest(created_at, updated_at, completed_at, cancelled_at) > internal.now() "
    "union all select from crm.invoice where greatest(created_at, updated_at) > internal.now() "
    "union all select from crm.contact where greatest(created_at, archived_at) > internal.now() "
    "union all select from crm.payment where created_at > internal.now() or paid_on > internal.now()::date",
    "generated_columns": "select from crm.contact where name_key <> lower(name) or phone_digits is distinct from regexp_replace(phone, '\\D', '', 'g')",
}
# What only the demo business has beside.
BROKEN_DEMO = {
    "close_out_is_answered": "select from crm.ticket t left join crm.close_out c on c.business_id = t.business_id and c.ticket_id = t.id "
    "where (t.status in ('completed', 'in_progress')) <> (c.ticket_id is not null) or (t.status = 'completed' and (c.work_answered_at is null "
    "or c.next_answered_at is null or (c.note_answered_at is null or t.note is null) <> exists (select from crm.gap g where g.ticket_id = t.id and g.step = 'note')))",
    "gap_has_a_task": "select from crm.gap g where not exists (select from crm.task k where k.ticket_id = g.ticket_id and k.done_at is null)",
    "follow_up_is_carried_out": "select from crm.close_out c join crm.ticket t on t.id = c.ticket_id where "
    "(c.follow_up = 'message' and not exists (select from crm.message m where m.ticket_id = t.id)) or (c.follow_up = 'visit' and not exists "
    "(select from crm.ticket n where n.contact_id = t.contact_id and n.starts_at = c.follow_up_starts_at))",
    "weekly_series_are_on_tuesdays": "select from crm.series where unit = 'week' and extract(isodow from first_on) <> 2",
    "message_is_planned": "select from crm.message where (status = 'pending') <> (send_at >= internal.now() and cancelled_at is null)",
    "proposal_words_are_in_the_note": "select from crm.proposal p join crm.ticket t on t.id = p.ticket_id "
    "where substr(t.note, p.starts_at_char + 1, length(p.words)) <> p.words",
    "attribute_words_are_in_a_note": "select from crm.attribute a left join crm.ticket t on t.business_id = a.business_id and t.id = a.ticket_id "
    "and t.contact_id = a.contact_id and t.status = 'completed' where a.source = 'note' and coalesce(position(a.words in t.note), 0) = 0",
}  # fmt: skip


@dataclass
class World:
    """A database with nothing but the demo in it, filled at a moment."""

    url: str
    now: datetime
    connection: psycopg.Connection[Any]

    def rows(self, statement: str, *values: object) -> list[Any]:
        return self.connection.execute(statement, values).fetchall()  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def database(home: Home) -> Iterator[Callable[..., str]]:
    """database("x", now) is the URL of a new database whose clock stands still at that moment."""
    made: list[str] = []
    with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:

        def make(name: str, now: datetime, template: str = "demo_empty") -> str:
            connection.execute(f"create database {name} template {template}")
            made.append(name)
            return f"{home.url('postgres', name)}&options={quote(f'-c app.now={now.isoformat()}')}"

        url = make("demo_empty", datetime.now(UTC), "template0")
        schema.apply(url, context_key=home.secrets["context_key"].encode())
        with psycopg.connect(url) as clock:
            clock.execute("create or replace function internal.now() returns timestamptz language sql stable parallel safe "
                          "return current_setting('app.now')::timestamptz")  # fmt: skip
        yield make
        for name in made:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def worlds() -> Iterator[dict[str, World]]:
    filled: dict[str, World] = {}
    yield filled
    for world in filled.values():
        world.connection.close()


@pytest.fixture(params=MOMENTS)
def world(request: pytest.FixtureRequest, database: Callable[..., str], worlds: dict[str, World]) -> World:
    """The demo as it was filled at one of the moments; filled once."""
    moment = request.param
    if moment not in worlds:
        url = database(f"demo_{len(worlds)}", MOMENTS[moment])
        assert demo.is_missing(url)
        demo.fill(url)
        worlds[moment] = World(url, MOMENTS[moment], psycopg.connect(url, row_factory=namedtuple_row, autocommit=True))
    return worlds[moment]


def assert_constraints_hold(connection: psycopg.Connection[Any]) -> None:
    """Every check, foreign key and exclusion is made once more, which looks at each row again."""
    with connection.transaction(force_rollback=True):
        constraints = connection.execute(
            "select conrelid::regclass::text as name, pg_get_constraintdef(oid) as definition from pg_constraint where contype in ('c', 'f', 'x') "
            "and conparentid = 0 and connamespace in ('crm'::regnamespace, 'internal'::regnamespace)"
        ).fetchall()
        assert len(constraints) > 100
        for number, constraint in enumerate(constraints):
            connection.execute(f"alter table {constraint.name} add constraint again_{number} {constraint.definition}")  # type: ignore[call-overload]


def assert_rules_hold(connection: psycopg.Connection[Any], rules: dict[str, str]) -> None:
    broken = {name: len(connection.execute(rule).fetchall()) for name, rule in rules.items()}  # type: ignore[call-overload]
    assert not {name: rows for name, rows in broken.items() if rows}


def test_what_was_written_past_the_triggers_keeps_every_rule(world: World) -> None:
    assert_constraints_hold(world.connection)
    assert_rules_hold(world.connection, BROKEN | BROKEN_DEMO)
    assert not demo.is_missing(world.url)
    assert len(demo.sign_in_links(world.url, "http://localhost")) == 3


def test_two_years_with_a_few_problems(world: World) -> None:
    (have,) = world.rows("""
        select (select count(*) from crm.contact) as contacts, (select count(distinct contact_id) from crm.attribute) as known,
            (select count(*) from (select from crm.address group by contact_id having count(*) > 1) a) as with_more_addresses,
            (select count(*) from crm.ticket where status = 'completed') as done, (select min(starts_at) from crm.ticket) as first,
            (select count(*) from crm.ticket where status = 'cancelled') as cancelled,
            (select count(*) from crm.invoice where due_on < internal.now()::date and status in ('sent', 'partial')) as overdue,
            (select count(*) from crm.invoice where status = 'partial' and due_on < internal.now()::date) as overdue_in_part,
            (select count(*) from crm.invoice where status = 'draft') as drafts, (select count(*) from crm.invoice where status = 'void') as void,
            (select count(*) from crm.task where done_at is null) as tasks, (select count(*) from crm.message where status = 'pending') as planned,
            (select count(*) from crm.ticket where confirmation = 'reschedule_requested' and starts_at > internal.now()) as to_move,
            (select count(distinct method) from crm.payment) as methods, (select count(*) from crm.line_item where tax_minor > 0) as taxed""")
    assert have.contacts == 300
    assert 90 <= have.known <= 120
    assert have.with_more_addresses > 20
    assert have.done > 1800
    assert have.first < world.now - timedelta(days=720)
    assert have.cancelled > 30
    assert (have.overdue, have.overdue_in_part, have.drafts, have.void, have.tasks, have.to_move) == (5, 1, 3, 1, 3, 1)
    assert have.planned > 50
    assert have.methods == 4
    assert have.taxed > 0


def test_today_is_full_of_visits_around_now(world: World) -> None:
    visits = world.rows("""
        select m.name, t.id, t.status, t.starts_at, (t.starts_at at time zone 'America/Chicago')::date = (internal.now() at time zone 'America/Chicago')::date as today
        from crm.ticket t left join crm.assignment a on a.ticket_id = t.id left join crm.member m on m.id = a.member_id
        where t.starts_at between internal.now() - interval '9 hours' and internal.now() + interval '9 hours' order by t.starts_at""")
    (unassigned,) = [visit for visit in visits if visit.name is None]
    assert unassigned.today
    for name in ("Marcus Bell", "Elena Soto", "Tom Okafor"):
        theirs = [visit for visit in visits if visit.name == name]
        assert 4 <= sum(visit.today for visit in theirs) <= 6
        assert theirs[0].status == "completed"
        assert theirs[-1].status == "scheduled"
        under_way = [visit for visit in theirs if visit.status == "in_progress"]
        assert len(under_way) == (name == "Elena Soto")
        soon = [v for v in theirs if v.status == "in_progress" or abs(v.starts_at - world.now) <= timedelta(minutes=31)]
        assert soon


def test_marcus_can_start_his_next_visit_and_is_asked_for_the_price(world: World) -> None:
    with world.connection.transaction(force_rollback=True):
        world.rows(
            "select internal.act_as(%s, id, 'technician') from crm.member where email = 'technician@example.com'",
            demo.BUSINESS,
        )
        world.connection.execute("set local role crm_app")
        visit = world.rows("select * from crm.ticket where status = 'scheduled' order by starts_at limit 1")[0]
        lines = world.rows("select pricing, price_confirmed from crm.line_item where ticket_id = %s", visit.id)
        assert {(line.pricing, line.price_confirmed) for line in lines} == {("per_unit", True), ("flexible", False)}
        assert world.rows("select access_note from crm.address where id = %s", visit.address_id)[0].access_note
        assert len(world.rows("select from crm.attribute where contact_id = %s", visit.contact_id)) >= 3
        (visit,) = world.rows("select * from api.ticket_clock_in(%s)", visit.id)
        with refused("line_item_estimate_is_confirmed"):
            world.rows(
                "select api.close_out_work(%s, %s, internal.now() + interval '1 hour', null)",
                visit.id,
                visit.clocked_in_at,
            )


@pytest.mark.parametrize("hour", [0, 5, 10, 17, 23, 1 + 24 * 238])  # the last one: an hour that there is twice
def test_the_diary_is_in_order_at_any_hour(hour: int) -> None:
    now = datetime(2026, 3, 8, 0, 20, tzinfo=ZONE) + timedelta(hours=hour)
    chance = random.Random(hour)
    plan = diary.Diary(people.make(chance, now - timedelta(days=730), now), now, ZONE, chance)
    visits = [visit for visit in [*plan.past, *plan.today, *plan.ahead] if visit.status != "cancelled"]
    for technician in range(3):
        theirs = sorted((visit for visit in visits if technician in visit.crew), key=lambda visit: visit.starts_at)
        assert all(one.ends_at <= other.starts_at for one, other in pairwise(theirs))
        assert 4 <= sum(visit.starts_at.astimezone(ZONE).date() == now.date() for visit in theirs) <= 6
    assert len(plan.ahead) > 30


def test_large_data_keeps_every_rule_and_is_the_same_for_the_same_seed(
    database: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(large, "AT_ONCE", 40)
    seen = []
    for name in ("demo_large_1", "demo_large_2"):
        url = database(name, MOMENTS["a working day"])
        monkeypatch.setenv("CRM_DATABASE_ADMIN_URL", url)
        cli.main(["demo", "--contacts", "101", "--businesses", "4", "--seed", "7"])
        assert "101 of 101 contacts" in capsys.readouterr().out
        with psycopg.connect(url, row_factory=namedtuple_row, autocommit=True) as connection:
            if not seen:
                assert_constraints_hold(connection)
                assert_rules_hold(connection, BROKEN)
            shares = connection.execute(
                "select count(*) as n from crm.contact group by business_id order by business_id"
            ).fetchall()
            assert sorted(share.n for share in shares) == [20, 27, 27, 27]
            (count,) = connection.execute("select count(*) as visits, count(distinct contact_id) as contacts, "
                                          "count(*) filter (where status = 'scheduled') as ahead from crm.ticket").fetchall()  # fmt: skip
            assert (count.visits, count.contacts) == (150, 101)
            assert count.ahead > 0
            (count,) = connection.execute("select (select count(*) from crm.attribute where key = 'pet') as pets, count(*) as bills, "
                                          "count(*) filter (where status = 'sent') as open from crm.invoice").fetchall()  # fmt: skip
            assert count.pets > 20
            assert 0 < count.open < count.bills
            seen.append(connection.execute("select c, a, t, l from crm.contact c join crm.address a on a.contact_id = c.id "
                                           "join crm.ticket t on t.contact_id = c.id join crm.line_item l on l.ticket_id = t.id order by l.id").fetchall())  # fmt: skip
    assert seen[0] == seen[1]
    with pytest.raises(SystemExit, match="take another --seed"):
        cli.main(["demo", "--contacts", "101", "--businesses", "4", "--seed", "7"])


def test_large_data_lays_a_dozen_visits_a_day_and_no_more() -> None:
    """Every turn of a technician has a day and a place in it; none is laid twice."""
    for business in large._plan(1_000_000, 1_000, 1):
        technicians = sum(role == "technician" for *_, role in business.staff)
        assert technicians >= 2
        assert -(-business.visits // technicians) <= large.MOST
