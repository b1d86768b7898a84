"""What a phone sends is done once, as the one who sent it, with the time at which it happened."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import PAT, PEOPLE, TESS_VISITS_PAT, become, refused, savepoint

NOON = "2031-03-04 18:00+00"


def at(connection, when: str) -> None:
    connection.execute("select set_config('app.now', %s, true)", (when,))


def one(connection, call: str, *values):
    return connection.execute(f"select * from api.{call}", values).fetchone()


def test_note_that_comes_twice_is_written_once(psql):
    tess, action = psql("technician"), uuid.uuid4()
    notes = [one(tess, "note_add(null, 'Loose hook.', %s, %s)", TESS_VISITS_PAT, action) for _ in range(2)]
    assert notes[0] == notes[1]
    assert notes[0].id == action
    rows = tess.execute("select id from crm.note where body = 'Loose hook.'").fetchall()
    assert [row.id for row in rows] == [action]


def test_file_that_comes_twice_is_added_once(psql):
    tess, action = psql("technician"), uuid.uuid4()
    call = "file_add(%s, null, %s, 'document', 'key.pdf', 'application/pdf', 3, null, null, 'PDF', null, %s)"
    first = one(tess, call, uuid.uuid4(), TESS_VISITS_PAT, action)
    assert one(tess, call, uuid.uuid4(), TESS_VISITS_PAT, action).id is None
    assert [row.id for row in tess.execute("select id from crm.file where name = 'key.pdf'")] == [first.id]


def test_close_out_that_comes_twice_is_answered_as_the_first_time(psql, visit):
    """Each step, and the end, also when the visit is closed already: nothing changes, nothing is refused."""
    owner = psql("owner")
    at(owner, "2031-03-04 16:00+00")
    ticket = visit(owner)
    ids = {name: uuid.uuid4() for name in ("in", "work", "note", "next", "complete")}

    def everything() -> None:
        one(owner, "ticket_clock_in(%s, %s)", ticket.id, ids["in"])
        one(owner, "close_out_gap(%s, 'work', 'rain', %s)", ticket.id, ids["work"])
        one(owner, "close_out_note(%s, 'As usual.', %s)", ticket.id, ids["note"])
        one(owner, "close_out_next(%s, 'message', 6, null, %s)", ticket.id, ids["next"])
        one(owner, "ticket_complete(%s, '[]', %s)", ticket.id, ids["complete"])

    def state():
        return owner.execute(
            "select t, (select count(*) from crm.message m where m.ticket_id = t.id and m.kind = 'outreach') as messages, "
            "(select count(*) from crm.task k where k.ticket_id = t.id) as tasks from crm.ticket t where id = %s", (ticket.id,)
        ).fetchone()  # fmt: skip

    everything()
    before = state()
    at(owner, "2031-03-04 17:00+00")
    everything()
    assert state() == before
    assert before[1:] == (1, 1)


def test_an_older_answer_that_comes_again_does_not_replace_a_newer_one(psql, visit):
    owner, action = psql("owner"), uuid.uuid4()
    ticket = visit(owner, "in_progress")
    one(owner, "close_out_note(%s, 'From the dead spot.', %s)", ticket.id, action)
    one(owner, "close_out_note(%s, 'Corrected at the desk.')", ticket.id)
    assert (
        one(owner, "close_out_note(%s, 'From the dead spot.', %s)", ticket.id, action).note == "Corrected at the desk."
    )


@pytest.mark.parametrize("other", ["owner", "colleague"])
def test_the_id_of_another_member_is_refused(psql, signer, other):
    connection, action = psql("technician"), uuid.uuid4()
    one(connection, "note_add(null, 'Mine.', %s, %s)", TESS_VISITS_PAT, action)
    become(connection, signer, "owner")
    if other == "colleague":
        connection.execute("select api.ticket_update(t.id, t.address_id, t.starts_at, t.ends_at, %s::uuid[], null, 'Both go.') from crm.ticket t where id = %s",
                           ([PEOPLE[who].member_id for who in (other, "technician")], TESS_VISITS_PAT))  # fmt: skip
    become(connection, signer, other)
    with refused("done_action_is_ones_own"):
        one(connection, "note_add(null, 'Mine.', %s, %s)", TESS_VISITS_PAT, action)


def test_the_id_of_another_action_or_visit_is_refused(psql, visit):
    owner, action = psql("owner"), uuid.uuid4()
    ticket, other = visit(owner), visit(owner, at="2031-03-05 15:00+00")
    one(owner, "note_add(null, 'A note.', %s, %s)", ticket.id, action)
    for call, values in (
        ("ticket_clock_in(%s, %s)", (ticket.id, action)),
        ("note_add(null, 'A note.', %s, %s)", (other.id, action)),
        ("note_add(%s, 'A note.', null, %s)", (PAT, action)),
    ):
        with refused("done_action_is_ones_own"), savepoint(owner):
            one(owner, call, *values)


def test_two_businesses_may_use_the_same_id(psql):
    action = uuid.uuid4()
    one(psql("owner"), "note_add(%s, 'Ours.', null, %s)", PAT, action)
    stranger = psql("stranger")
    assert stranger.execute("select count(*) from crm.note where body = 'Ours.'").fetchone()[0] == 0
    row = stranger.execute("select id from crm.contact limit 1").fetchone()
    assert one(stranger, "note_add(%s, 'Theirs.', null, %s)", row.id, action).body == "Theirs."


def test_what_was_refused_may_be_sent_again(psql, visit):
    owner, action = psql("owner"), uuid.uuid4()
    ticket = visit(owner, "in_progress")
    with refused("ticket_note_is_given"), savepoint(owner):
        one(owner, "close_out_note(%s, '', %s)", ticket.id, action)
    assert one(owner, "close_out_note(%s, 'As usual.', %s)", ticket.id, action).note == "As usual."


def test_what_happened_at_nine_and_came_at_eleven_happened_at_nine(psql, visit):
    owner = psql("owner")
    at(owner, "2031-03-04 18:00+00")
    ticket = visit(owner)
    times = [datetime(2031, 3, 4, 15, minute, tzinfo=UTC) for minute in (2, 40, 41, 42, 44)]
    one(owner, "ticket_clock_in(%s, %s, %s)", ticket.id, uuid.uuid4(), times[0])
    line = owner.execute("select id from crm.line_item where ticket_id = %s", (ticket.id,)).fetchone().id
    one(owner, "close_out_work(%s, %s, %s, null, %s, %s, %s)", ticket.id, times[0], times[1],
        f'[{{"id": "{line}", "quantity": 24, "unit_price_minor": 400}}]', uuid.uuid4(), times[1])  # fmt: skip
    one(owner, "close_out_note(%s, 'As usual.', %s, %s)", ticket.id, uuid.uuid4(), times[2])
    one(owner, "close_out_next(%s, 'none', null, null, %s, %s)", ticket.id, uuid.uuid4(), times[3])
    done = one(owner, "ticket_complete(%s, '[]', %s, %s)", ticket.id, uuid.uuid4(), times[4])
    note = one(owner, "note_add(null, 'Rang later.', %s, %s, %s)", ticket.id, uuid.uuid4(), times[4])
    answers = owner.execute(
        "select work_answered_at, note_answered_at, next_answered_at from crm.close_out where ticket_id = %s",
        (ticket.id,),
    ).fetchone()
    assert [done.clocked_in_at, *answers, done.completed_at] == times
    assert done.clocked_out_at == times[1]
    assert done.clock_reason == "Sent later from the phone."
    assert note.created_at == times[4]


def test_a_reason_that_was_given_stays(psql, visit):
    owner = psql("owner")
    at(owner, NOON)
    ticket = visit(owner)
    started = datetime(2031, 3, 4, 15, tzinfo=UTC)
    one(owner, "ticket_clock_in(%s, %s, %s)", ticket.id, uuid.uuid4(), started)
    ticket = one(owner, "close_out_work(%s, %s, %s, 'The gate was locked.', '[]', %s, %s)", ticket.id, started - timedelta(minutes=20),
                 started + timedelta(minutes=30), uuid.uuid4(), started + timedelta(minutes=30))  # fmt: skip
    assert ticket.clock_reason == "The gate was locked."


def test_another_time_than_the_clock_s_needs_a_reason_from_a_phone_too(psql, visit):
    owner = psql("owner")
    at(owner, NOON)
    ticket = visit(owner)
    started = datetime(2031, 3, 4, 15, tzinfo=UTC)
    one(owner, "ticket_clock_in(%s, %s, %s)", ticket.id, uuid.uuid4(), started)
    with refused("ticket_clock_edit_has_a_reason"):
        one(owner, "close_out_work(%s, %s, %s, null, '[]', %s, %s)", ticket.id, started - timedelta(minutes=20),
            started + timedelta(minutes=30), uuid.uuid4(), started + timedelta(minutes=30))  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "rule"),
    [
        (6, "done_action_happened_at_is_not_ahead"),
        (60 * 24 * 365, "done_action_happened_at_is_not_ahead"),
        (-60 * 24 - 1, "done_action_happened_at_is_within_a_day"),
    ],
)
def test_a_time_ahead_or_more_than_a_day_ago_is_refused(psql, visit, minutes, rule):
    owner = psql("owner")
    at(owner, NOON)
    ticket = visit(owner)
    happened = datetime(2031, 3, 4, 18, tzinfo=UTC) + timedelta(minutes=minutes)
    with refused(rule):
        one(owner, "ticket_clock_in(%s, %s, %s)", ticket.id, uuid.uuid4(), happened)


@pytest.mark.parametrize(("minutes", "said"), [(4, None), (-1, None), (-3, "Sent later from the phone.")])
def test_some_minutes_are_the_clocks_of_phones(psql, visit, minutes, said):
    owner, now = psql("owner"), datetime(2031, 3, 4, 18, tzinfo=UTC)
    at(owner, NOON)
    ticket = visit(owner)
    ticket = one(owner, "ticket_clock_in(%s, %s, %s)", ticket.id, uuid.uuid4(), now + timedelta(minutes=minutes))
    assert ticket.clocked_in_at == min(now, now + timedelta(minutes=minutes))
    assert ticket.clock_reason == said


def test_a_time_without_an_id_is_refused(psql, visit):
    owner = psql("owner")
    at(owner, NOON)
    with refused("done_action_id_is_given"):
        one(owner, "ticket_clock_in(%s, null, %s)", visit(owner).id, NOON)


def test_sixty_days_later_it_is_thrown_away(psql, admin):
    """By those who come after it; what is younger stays."""
    owner = psql("owner")
    ids = [uuid.uuid4() for _ in range(3)]
    for when, action in zip(("2031-01-01", "2031-01-31", "2031-03-03"), ids, strict=True):
        at(owner, f"{when} 12:00+00")
        one(owner, "note_add(%s, 'A note.', null, %s)", PAT, action)
    owner.commit()
    rows = admin.execute("select id from crm.done_action where id = any(%s) order by happened_at", (ids,)).fetchall()
    assert [row.id for row in rows] == ids[1:]
