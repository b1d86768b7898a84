"""Several technicians on one visit: each has a clock of their own, the visit's runs from the first to the last."""

import pytest

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, become, refused

TESS, CARL = PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id
START = "2031-03-04 15:00+00"


class Visit:
    """A visit of Tess and Carl, the clock on the wall, and who acts."""

    def __init__(self, connection, signer, *members):
        self.connection, self.signer = connection, signer
        self.act("office", "14:00")
        self.id = self.one(
            "select id from api.ticket_create(%s, %s, %s::timestamptz, %s::timestamptz + interval '1 hour', %s::uuid[], %s::uuid[])",
            PAT, PATS_HOUSE, START, START, list(members), [PANES],
        ).id  # fmt: skip

    def act(self, who, at):
        become(self.connection, self.signer, who)
        self.connection.execute("select set_config('app.now', %s, true)", (f"2031-03-04 {at}+00",))

    def one(self, statement, *values):
        return self.connection.execute(statement, values).fetchone()

    def clock(self, who, at, way):
        self.act(who, at)
        return self.one(f"select * from api.ticket_clock_{way}(%s)", self.id)

    def clocks(self):
        rows = self.connection.execute(
            "select m.name, to_char(a.clocked_in_at at time zone 'UTC', 'HH24:MI') as i, to_char(a.clocked_out_at at time zone 'UTC', 'HH24:MI') as o "
            "from crm.assignment a join crm.member m on m.id = a.member_id where a.ticket_id = %s order by 1", (self.id,),
        ).fetchall()  # fmt: skip
        return {row.name: (row.i, row.o) for row in rows}

    def complete(self, who, at):
        self.act(who, at)
        for step in ("work", "note"):
            self.one("select api.close_out_gap(%s, %s, 'phone was wet')", self.id, step)
        self.one("select api.close_out_next(%s, 'none')", self.id)
        return self.one("select * from api.ticket_complete(%s)", self.id)


@pytest.fixture
def visit(admin, signer):
    return Visit(admin, signer, TESS, CARL)


def test_each_starts_and_stops_alone_and_the_visit_lasts_from_the_first_to_the_last(visit):
    visit.clock("technician", "15:00", "in")
    assert visit.clocks() == {"Carl": (None, None), "Tess": ("15:00", None)}
    visit.clock("colleague", "15:20", "in")
    visit.clock("colleague", "15:25", "in")  # a double tap
    first = visit.clock("technician", "15:50", "out")
    assert (first.status, first.clocked_out_at) == ("in_progress", None)
    last = visit.clock("colleague", "16:10", "out")
    assert (f"{last.clocked_in_at:%H:%M}", f"{last.clocked_out_at:%H:%M}") == ("15:00", "16:10")
    assert visit.clocks() == {"Carl": ("15:20", "16:10"), "Tess": ("15:00", "15:50")}


def test_who_is_not_on_it_starts_and_stops_it_for_all(visit):
    visit.clock("owner", "15:00", "in")
    assert visit.clocks() == {"Carl": ("15:00", None), "Tess": ("15:00", None)}
    assert visit.clock("owner", "15:30", "out").clocked_out_at
    assert visit.clocks() == {"Carl": ("15:00", "15:30"), "Tess": ("15:00", "15:30")}


def test_closing_it_stops_what_still_runs_and_leaves_who_never_started(visit):
    visit.clock("technician", "15:00", "in")
    assert visit.complete("technician", "16:00").status == "completed"
    assert visit.clocks() == {"Carl": (None, None), "Tess": ("15:00", "16:00")}
    with refused("assignment_of_a_closed_ticket_is_final"):
        visit.one("update crm.assignment set clocked_out_at = now() where ticket_id = %s", visit.id)


def test_psql_stops_them_too(visit, admin):
    visit.clock("technician", "15:00", "in")
    visit.act("owner", "16:00")
    visit.one("select api.close_out_gap(%s, 'work', 'x')", visit.id)
    visit.one("select api.close_out_gap(%s, 'note', 'x')", visit.id)
    visit.one("select api.close_out_next(%s, 'none')", visit.id)
    admin.execute(
        "update crm.ticket set status = 'completed', clocked_out_at = '2031-03-04 15:45+00', completed_at = internal.now(), completed_by = %s "
        "where id = %s", (TESS, visit.id),
    )  # fmt: skip
    assert visit.clocks()["Tess"] == ("15:00", "15:45")


def test_who_was_there_alone_was_there_as_long_as_the_visit(admin, signer):
    alone = Visit(admin, signer, TESS)
    alone.clock("technician", "15:00", "in")
    alone.act("technician", "16:00")
    alone.one(
        "select api.close_out_work(%s, '2031-03-04 15:05+00', '2031-03-04 15:55+00', 'late with the phone', "
        "(select jsonb_agg(jsonb_build_object('id', id, 'quantity', 1, 'unit_price_minor', 100, 'price_confirmed', true)) "
        "from crm.line_item where ticket_id = %s))", alone.id, alone.id,
    )  # fmt: skip
    assert alone.clocks() == {"Tess": ("15:05", "15:55")}


@pytest.mark.parametrize(
    ("times", "rule"),
    [
        ("clocked_in_at = '2031-03-04 15:00+00', clocked_out_at = '2031-03-04 15:00+00'", "assignment_clock_out_after_clock_in"),
        ("clocked_out_at = '2031-03-04 15:00+00'", "assignment_clock_out_needs_clock_in"),
        ("clocked_in_at = '-infinity'", "assignment_clock_times_are_sane"),
        ("clocked_in_at = '2031-03-04 16:06+00'", "ticket_clock_is_not_ahead"),
    ],
)  # fmt: skip
def test_no_clock_runs_backwards_or_ahead(visit, times, rule):
    visit.act("office", "16:00")
    with refused(rule, "23514"):
        visit.one(f"update crm.assignment set {times} where ticket_id = %s", visit.id)
