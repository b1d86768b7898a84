"""Who unsubscribed is sent nothing unasked: what was planned is cancelled, and nothing more can be planned."""

from tests.conftest import PAT, refused, savepoint

PLAN = "insert into crm.message (contact_id, kind, send_at, reason) values (%s, 'outreach', now() + interval '1 month', 'It is time again.')"


def test_unsubscribing_cancels_what_was_planned(psql, admin, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute(PLAN, (PAT,))
    admin.execute("select api.contact_consent(%s, 'unsubscribed')", (PAT,))
    rows = admin.execute(
        "select status, cancelled_at from crm.message where contact_id = %s and reason like 'It is%%'", (PAT,)
    ).fetchall()
    assert [(row.status, row.cancelled_at is not None) for row in rows] == [("cancelled", True)]


def test_nothing_can_be_planned_for_who_unsubscribed(admin, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("select api.contact_consent(%s, 'unsubscribed')", (PAT,))
    with refused("message_outreach_is_welcome"), savepoint(admin):
        admin.execute(PLAN, (PAT,))
    admin.execute("select api.contact_consent(%s, 'given')", (PAT,))
    admin.execute(PLAN, (PAT,))


def test_it_is_said_when_it_is_chosen(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    owner.execute("select api.contact_consent(%s, 'unsubscribed')", (PAT,))
    with refused("message_outreach_is_welcome"), savepoint(owner):
        owner.execute("select api.close_out_next(%s, 'message', 3)", (ticket.id,))
    owner.execute("select api.close_out_next(%s, 'none')", (ticket.id,))


def test_consent_says_when_and_keeps_its_time(admin, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("select set_config('app.now', '2026-01-02 03:04:05+00', true)")
    admin.execute("select api.contact_consent(%s, 'given')", (PAT,))
    admin.execute("select set_config('app.now', '2026-02-02 03:04:05+00', true)")
    again = admin.execute("select consent_at from api.contact_consent(%s, 'given')", (PAT,)).fetchone()
    assert again.consent_at.month == 1
    back = admin.execute("select consent_at from api.contact_consent(%s, 'not_asked')", (PAT,)).fetchone()
    assert back.consent_at is None
