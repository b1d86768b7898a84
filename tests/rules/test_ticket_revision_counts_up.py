"""What a calendar has to hear of makes a visit's number higher, however it was written; nothing makes it lower."""

from datetime import datetime, timedelta

import pytest

from tests.conftest import PEOPLE, TESS_VISITS_PAT, become, refused

LATER = "2031-03-04 18:00+00"


@pytest.fixture
def booked(admin, signer, visit):
    """A visit of Tess's that was booked a while ago, by somebody at the desk."""
    become(admin, signer, "office")
    ticket = visit(admin)
    later = datetime.now().astimezone() + timedelta(minutes=1)
    admin.execute("select set_config('app.now', %s, true)", (later.isoformat(),))
    return ticket


def revision(admin, ticket) -> int:
    return admin.execute("select revision from crm.ticket where id = %s", (ticket.id,)).fetchone().revision


def test_a_visit_begins_at_nothing_with_all_who_come(admin, booked):
    assert revision(admin, booked) == 0


@pytest.mark.parametrize(
    "change",
    [
        f"starts_at = '{LATER}', ends_at = '{LATER}'::timestamptz + interval '1 hour'",
        "ends_at = ends_at + interval '15 minutes'",
        "address_id = null",
        "confirmation = 'confirmed'",
        "status = 'in_progress', clocked_in_at = internal.now()",
        "status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'rain'",
    ],
)
def test_time_place_state_and_answer_count(admin, booked, change):
    admin.execute(f"update crm.ticket set {change} where id = %s", (booked.id,))
    assert revision(admin, booked) == 1


@pytest.mark.parametrize("change", ["instructions = 'Ring twice.'", "note = 'A dog.'", "starts_at = starts_at"])
def test_words_do_not(admin, booked, change):
    admin.execute(f"update crm.ticket set {change} where id = %s", (booked.id,))
    assert revision(admin, booked) == 0


def test_who_comes_counts(admin, booked):
    admin.execute(
        "select api.ticket_move(%s, %s, %s, %s, %s)",
        (booked.id, booked.starts_at, booked.ends_at, PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id),
    )
    assert revision(admin, booked) > 0
    admin.execute("delete from crm.assignment where ticket_id = %s", (booked.id,))
    assert revision(admin, booked) > 1


def test_it_never_goes_back(admin, booked):
    admin.execute("update crm.ticket set ends_at = ends_at + interval '5 minutes' where id = %s", (booked.id,))
    admin.execute("update crm.ticket set revision = 0 where id = %s", (booked.id,))
    assert revision(admin, booked) == 2
    with refused("ticket_revision_counts_up"):
        admin.execute(
            "insert into crm.ticket (contact_id, starts_at, ends_at, busy_until, revision) "
            "select contact_id, starts_at, ends_at, busy_until, -1 from crm.ticket where id = %s",
            (TESS_VISITS_PAT,),
        )


def test_counting_is_no_change_of_its_own_in_the_audit(admin, booked):
    entries = "select count(*) from crm.audit_entry where row_id = %s"
    before = admin.execute(entries, (str(booked.id),)).fetchone().count
    admin.execute("update crm.ticket set revision = revision + 1 where id = %s", (booked.id,))
    assert admin.execute(entries, (str(booked.id),)).fetchone().count == before
    admin.execute("update crm.ticket set ends_at = ends_at + interval '5 minutes' where id = %s", (booked.id,))
    kept = admin.execute("select new from crm.audit_entry where row_id = %s order by id desc", (str(booked.id),))
    assert "revision" not in kept.fetchone().new
