"""Every route, every role, and a stranger: who gets in, who gets 403, who is told there is nothing here.

A route that is not in this table fails the suite.
"""

import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from tests.conftest import PEOPLE

ALL, DESK, OWNER, NOBODY = {"owner", "office", "technician"}, {"owner", "office"}, {"owner"}, set()
SOON = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M}"
DAYS = count()
VISIT = {"starts_at": SOON, "hours": "1:00"}
MEMBER = {"name": "Mia", "email": "mia@tidy.test", "role": "technician"}
SERVICE = {"name": "Skylights", "kind": "service", "pricing": "fixed", "price": "10", "duration_minutes": "10"}
PUBLIC = {
    "static.show", "static.favicon", "static.worker", "health.live", "health.ready", "health.show", "metrics.show", "outbox.index",
    "sign_in.new", "sign_in.new_business", "sign_in.create", "sign_in.create_business", "sign_in.code", "sign_in.verify",
    "sign_in.spend", "feed.show", "customer.show", "customer.answer", "customer.calendar", "customer.edit_unsubscribe", "customer.unsubscribe",
    "customer.choose_language", "waitlist_link.show", "waitlist_link.answer", "waitlist_link.calendar",
}  # fmt: skip


@dataclass
class Route:
    """Who may, at which address, with what in the form."""

    roles: set[str]
    form: dict[str, str] = field(default_factory=dict)
    query: str = ""


MATRIX = {
    "home.index": Route(ALL),
    "session.edit": Route(ALL),
    "session.update": Route(ALL, {"business_id": "{business_id}"}),
    "session.destroy": Route(ALL),
    "session.destroy_all": Route(ALL),
    "feed.index": Route(ALL),
    "feed.create": Route(ALL),
    "feed.create_for_business": Route(DESK),
    "feed.destroy": Route(ALL),
    "feed.destroy_for_business": Route(DESK),
    "offline.show": Route(ALL),
    "offline.index": Route(ALL),
    "offline.token": Route(ALL),
    "day.show": Route(ALL),
    "calendar.day": Route(DESK),
    "calendar.sheet": Route(DESK),
    "calendar.week": Route(DESK),
    "calendar.month": Route(DESK),
    "calendar.version": Route(DESK),
    "working_hours.index": Route(DESK),
    "working_hours.edit": Route(DESK),
    "working_hours.update": Route(DESK),
    "working_hours.edit_member": Route(DESK),
    "working_hours.update_member": Route(DESK, {"shared": "1"}),
    "time_off.new": Route(DESK),
    "time_off.create": Route(DESK, {"first_on": "2031-01-01"}),
    "time_off.destroy": Route(DESK),
    "free_slot.index": Route(DESK, query="?hours=1:00"),
    "move.edit": Route(DESK),
    "move.update": Route(DESK, {"date": SOON[:10], "time": "04:00"}),
    "move.undo": Route(DESK, {"change_set_id": "{move_id}"}),
    "contact.index": Route(ALL),
    "saved_list.new": Route(DESK, query="?place=35758"),
    "saved_list.create": Route(DESK, {"name": "The matrix's", "query": "place=35758"}),
    "saved_list.destroy": Route(DESK),
    "search.index": Route(ALL),
    "duplicate.index": Route(DESK),
    "duplicate.review": Route(DESK),
    "not_duplicate.create": Route(DESK, {"other_id": "{twin_id}"}),
    "not_duplicate.destroy": Route(DESK),
    "merge.who": Route(DESK),
    "merge.new": Route(DESK),
    "merge.create": Route(DESK, {"other_id": "{twin_id}"}),
    "merge.show": Route(DESK),
    "merge.undo": Route(DESK),
    "contact.show": Route(ALL),
    "contact.new": Route(DESK),
    "contact.create": Route(DESK, {"name": "Cleo", "kind": "person"}),
    "contact.edit": Route(DESK),
    "contact.update": Route(DESK, {"name": "Cleo", "kind": "person"}),
    "contact.archive": Route(DESK),
    "contact_import.index": Route(DESK),
    "contact_import.new": Route(DESK),
    "contact_import.create": Route(DESK),
    "contact_import.sample": Route(ALL),
    "contact_import.show": Route(DESK),
    "contact_import.update": Route(DESK, {"column-0": "name", "duplicates": "skip"}),
    "contact_import.start": Route(DESK, {"column-0": "name", "duplicates": "skip"}),
    "contact_import.cancel": Route(DESK),
    "contact_import.new_undo": Route(DESK),
    "contact_import.undo": Route(DESK),
    "contact_import.failures": Route(DESK),
    "address.new": Route(DESK),
    "address.create": Route(DESK, {"street": "7 Elm St"}),
    "address.edit": Route(DESK),
    "address.update": Route(DESK, {"street": "7 Elm St"}),
    "attribute.new": Route(ALL),
    "attribute.create": Route(ALL, {"key": "pet", "value": "a parrot"}),
    "attribute.edit": Route(ALL),
    "attribute.show": Route(DESK),
    "attribute.destroy": Route(DESK),
    "attribute_key.index": Route(DESK),
    "attribute_key.edit": Route(DESK),
    "attribute_key.update": Route(DESK, {"key": "gate matrix", "kind": "text", "section": "access"}),
    "note.who": Route(ALL),
    "note.new": Route(ALL),
    "note.create": Route(ALL, {"body": "Rang about the spring."}),
    "note.new_for_ticket": Route(ALL),
    "note.create_for_ticket": Route(ALL, {"body": "Left the ladder."}),
    "note.edit": Route(ALL),
    "note.update": Route(ALL, {"body": "Rang about the summer."}),
    "note.destroy": Route(ALL),
    "timeline.index": Route(ALL),
    "data_export.index": Route(OWNER),
    "data_export.create": Route(OWNER),
    "data_export.show": Route(OWNER),
    "data_export.download": Route(OWNER),
    "data_export.destroy": Route(OWNER),
    "privacy.show": Route(DESK),
    "privacy.export": Route(DESK),
    "privacy.erase": Route(OWNER, {"name": "somebody else"}),
    "file.index": Route(ALL),
    "file.create": Route(ALL),
    "file.create_for_ticket": Route(ALL),
    "file.show": Route(ALL),
    "file.thumbnail": Route(ALL),
    "file.edit": Route(ALL),
    "file.destroy": Route(ALL),
    "contact.edit_consent": Route(DESK),
    "contact.update_consent": Route(DESK, {"consent": "given"}),
    "ticket.new": Route(DESK, query="?contact={contact_id}"),
    "ticket.create": Route(DESK, {"contact_id": "{contact_id}", **VISIT}, "?contact={contact_id}"),
    "ticket.show": Route(ALL),
    "ticket.edit": Route(DESK),
    "ticket.update": Route(DESK, VISIT),
    "ticket.new_cancellation": Route(DESK),
    "ticket.cancel": Route(DESK, {"reason": "rain"}),
    "ticket.clock_in": Route(ALL),
    "ticket.clock_out": Route(ALL),
    "confirmation.update": Route(ALL, {"confirmation": "confirmed"}),
    "confirmation.ask": Route(DESK),
    "confirmation.on_my_way": Route(ALL),
    "confirmation.withdraw": Route(DESK),
    "series.show": Route(DESK),
    "series.edit": Route(DESK),
    "series.preview": Route(DESK, {**VISIT, "scope": "all", "unit": "week"}),
    "series.update": Route(DESK, {**VISIT, "scope": "all", "unit": "week"}),
    "series.pause": Route(DESK, {"paused_from": "2030-01-01"}),
    "series.resume": Route(DESK),
    "series.end": Route(DESK, {"ended_on": "2030-01-01"}),
    "series.skip": Route(DESK),
    "series.show_change": Route(DESK),
    "series.undo": Route(DESK),
    "waitlist.index": Route(DESK),
    "waitlist.new": Route(DESK, query="?contact={contact_id}"),
    "waitlist.create": Route(DESK, {"contact_id": "{contact_id}", "day_part": "any"}, "?contact={contact_id}"),
    "waitlist.edit": Route(DESK),
    "waitlist.update": Route(DESK, {"day_part": "morning"}),
    "waitlist.end": Route(DESK, {"reason": "They rang"}),
    "waitlist.offer": Route(DESK, {"waitlist_entry_id": "{waitlist_entry_id}"}),
    "waitlist.withdraw": Route(DESK),
    "waitlist.update_slot": Route(DESK, {"offers_next": "1"}),
    "line_item.new": Route(ALL),
    "line_item.create": Route(ALL, {"service_id": "{service_id}", "quantity": "2"}),
    "line_item.edit": Route(ALL),
    "line_item.update": Route(ALL, {"quantity": "2", "price": "4"}),
    "line_item.destroy": Route(ALL),
    "close_out.work": Route(ALL),
    "close_out.save_work": Route(ALL, {"gap_reason": "rain"}),
    "close_out.note": Route(ALL),
    "close_out.save_note": Route(ALL, {"gap_reason": "rain"}),
    "close_out.next_step": Route(ALL),
    "close_out.save_next": Route(ALL, {"follow_up": "none"}),
    "close_out.confirm": Route(ALL),
    "close_out.complete": Route(ALL),
    "close_out.done": Route(ALL),
    "invoice.index": Route(DESK),
    "invoice.show": Route(ALL),
    "invoice.create": Route(ALL),
    "invoice.issue": Route(DESK),
    "invoice.new_void": Route(DESK),
    "invoice.void": Route(DESK, {"reason": "wrong house"}),
    "invoice.new_payment": Route(DESK),
    "invoice.create_payment": Route(DESK, {"amount": "1", "method": "cash", "paid_on": "2026-11-23"}),
    "service.index": Route(ALL),
    "service.new": Route(DESK),
    "service.create": Route(DESK, SERVICE),
    "service.edit": Route(DESK),
    "service.update": Route(DESK, SERVICE),
    "service.archive": Route(DESK),
    "task.create": Route(DESK),
    "message.index": Route(DESK),
    "message.show": Route(DESK),
    "message.send": Route(DESK),
    "message.cancel": Route(DESK),
    "member.index": Route(DESK),
    "member.new": Route(OWNER),
    "member.create": Route(OWNER, MEMBER),
    "member.edit": Route(OWNER),
    "member.update": Route(OWNER, MEMBER),
    "member.disable": Route(OWNER),
    "business.edit": Route(OWNER),
    "business.update": Route(OWNER, {"name": "Tidy Windows", "time_zone": "America/Chicago", "tax": "8.25", "payment_terms_days": "14", "travel_buffer_minutes": "0", "language": "en"}),
}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def things(app, run) -> dict[str, Any]:
    """One of everything in Tidy, belonging to a visit of Tess's."""
    contact = await run(
        "owner",
        "contact_create",
        kind="person",
        name="Maya Matrix",
        phone=None,
        email="maya@example.com",
        preferred_method=None,
        note=None,
        phone_e164=None,
        other_phone=None,
        other_e164=None,
        preferred_time=None,
        language=None,
        referred_by=None,
    )
    address = await run(
        "owner",
        "address_create",
        contact_id=contact.id,
        label=None,
        street="1 Elm St",
        city=None,
        region=None,
        postcode=None,
        access_note=None,
    )
    fact = await run("owner", "attribute_set", contact_id=contact.id, key="gate matrix", value="code 1", kind=None)
    keys = {key.key: key.id for key in await run("owner", "attribute_key_list")}
    service = await run(
        "owner",
        "service_create",
        kind="service",
        name=f"Matrix clean {uuid.uuid4().hex[:6]}",
        pricing="fixed",
        price_minor=1000,
        unit_label=None,
        duration_minutes=30,
        tax_basis_points=None,
    )
    made = {}
    for number in range(2):
        at = datetime.now(UTC) + timedelta(days=2 + number)
        ticket = await run(
            "owner", "ticket_create", contact_id=contact.id, address_id=address.id, starts_at=at, ends_at=at + timedelta(hours=1),
            member_ids=[PEOPLE["technician"].member_id], service_ids=[service.id], instructions=None, book_anyway_reason="the matrix", arrival_minutes=None,
        )  # fmt: skip
        made[number] = ticket.id
    soon = datetime.now(UTC) + timedelta(days=2, minutes=5)
    await run(
        "owner", "ticket_move", ticket_id=made[0], starts_at=soon, ends_at=soon + timedelta(hours=1), from_member_id=None, to_member_id=None,
        book_anyway_reason="the matrix",
    )  # fmt: skip
    (move,) = await run("owner", "ticket_move_last", ticket_id=made[0])
    lines = await run("owner", "ticket_lines", ticket_id=made[0])
    await run("technician", "ticket_clock_in", ticket_id=made[1])
    for step in ("work", "note"):
        await run("technician", "close_out_gap", ticket_id=made[1], step=step, reason="rain")
    await run("technician", "close_out_next", ticket_id=made[1], follow_up="message", months=2, starts_at=None)
    await run("technician", "ticket_complete", ticket_id=made[1], decisions="[]")
    invoice = await run("technician", "invoice_create", ticket_id=made[1])
    series = await run(
        "owner", "series_create", contact_id=contact.id, address_id=address.id, on=(datetime.now(UTC) + timedelta(days=4)).date(), starts_at="20:00",
        minutes=30, unit="month", every=1, weekdays=None, monthly_by=None, nth=None, until_on=None, count=None, rrule=None, member_ids=[],
        services="[]", instructions=None, arrival_minutes=None,
    )  # fmt: skip
    change = await run("owner", "series_pause", series_id=series.id, from_on="2030-01-01", until_on=None)
    at = datetime.now(UTC) + timedelta(days=30 + next(DAYS))
    given_up = await run(
        "owner", "ticket_create", contact_id=contact.id, address_id=None, starts_at=at, ends_at=at + timedelta(hours=1),
        member_ids=[PEOPLE["technician"].member_id], service_ids=[], instructions=None, book_anyway_reason="the matrix", arrival_minutes=None,
    )  # fmt: skip
    await run("owner", "ticket_cancel", ticket_id=given_up.id, reason="rain")
    slots = await run("owner", "freed_slot_list", ticket_id=given_up.id)
    entry = await run(
        "owner", "waitlist_entry_create", contact_id=contact.id, ticket_id=None, address_id=None, for_member_id=None, service_ids=[], minutes=30,
        from_on=None, until_on=None, weekdays=None, day_part="any", note=None,
    )  # fmt: skip
    offer = await run("owner", "waitlist_offer_make", freed_slot_id=slots[0].id, waitlist_entry_id=entry.id)
    saved = await run("owner", "saved_list_save", name="The matrix's", query="place=35758")
    tasks = await run("owner", "task_list")
    messages = await run("owner", "contact_messages", contact_id=contact.id)
    nobody = dict.fromkeys(
        (
            "phone",
            "email",
            "preferred_method",
            "note",
            "phone_e164",
            "other_phone",
            "other_e164",
            "preferred_time",
            "language",
            "referred_by",
        )
    )
    others = [await run("owner", "contact_create", kind="person", name="Yara Matrix", **nobody) for _ in range(4)]
    await run("owner", "not_duplicate_add", contact_id=contact.id, other_id=others[0].id)
    merged = await run("owner", "contact_merge", contact_id=others[2].id, other_id=others[3].id, take=[])
    moving = await run(
        "owner",
        "contact_import_create",
        file_name="matrix.csv",
        file_kind="csv",
        preset=None,
        columns=["Name"],
        mapping=["name"],
    )
    await run("owner", "contact_import_rows_add", contact_import_id=moving.id, first=1, rows='[["Mia Moving"]]')
    note = await run("technician", "note_add", contact_id=contact.id, body="Rang about the spring.", ticket_id=None)
    file = await run(
        "technician", "file_add", file_id=uuid.uuid4(), contact_id=contact.id, ticket_id=None, kind="photo", name="gate.jpg",
        media_type="image/jpeg", bytes=4, width=1, height=1, content=b"JPEG", thumbnail=b"JPEG",
    )  # fmt: skip
    off = await run(
        "owner",
        "time_off_add",
        for_member_id=None,
        starts_at=datetime(2031, 2, 1, tzinfo=UTC),
        ends_at=datetime(2031, 2, 2, tzinfo=UTC),
        reason=None,
    )
    for running in await run("owner", "data_export_list"):
        await run("owner", "data_export_remove", data_export_id=running.id)
    export = await run("owner", "data_export_create")
    return {
        "time_off_id": off.id, "data_export_id": export.id, "file_id": file.id, "contact_id": contact.id, "address_id": address.id, "attribute_id": fact.id, "attribute_key_id": keys["gate matrix"], "note_id": note.id, "service_id": service.id,
        "other_id": others[0].id, "twin_id": others[1].id, "change_set_id": merged.change_set_id, "contact_import_id": moving.id,
        "ticket_id": made[0], "line_item_id": lines[0].id, "invoice_id": invoice.id, "task_id": tasks[0].id,
        "waitlist_entry_id": entry.id, "freed_slot_id": slots[0].id, "waitlist_offer_id": offer.id, "saved_list_id": saved.id, "series_id": series.id, "series_change_id": change.id, "move_id": move.change_set_id,
        "message_id": next(message.id for message in messages if message.kind == "outreach"), "member_id": PEOPLE["colleague"].member_id, "business_id": PEOPLE["owner"].business_id,
    }  # fmt: skip


def routes(app) -> list[tuple[str, str, str]]:
    """(endpoint, method, rule) of every route."""
    return [
        (rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    ]


def address_of(rule: str, route: Route, things: dict[str, Any]) -> tuple[str, dict[str, str]]:
    path = re.sub(r"<uuid:(\w+)>", lambda m: str(things[m[1]]), rule) + route.query.format(**things)
    return path, {name: value.format(**things) for name, value in route.form.items()}


async def ask(browser, method: str, path: str, form: dict[str, str]):
    return await (browser.get(path) if method == "GET" else browser.post(path, **form))


async def test_every_route_is_in_the_matrix(app):
    assert {endpoint for endpoint, _, _ in routes(app)} == MATRIX.keys() | PUBLIC


@pytest.mark.parametrize("role", sorted(ALL))
async def test_each_role_gets_in_exactly_where_it_may(app, browse, things, role):
    wrong = []
    for endpoint, method, rule in routes(app):
        if endpoint in PUBLIC or endpoint.startswith("session."):
            continue
        path, form = address_of(rule, MATRIX[endpoint], things)
        status = (await ask(await browse(role), method, path, form)).status_code
        may = role in MATRIX[endpoint].roles
        if (status == 403) is may or status in (401, 404, 405, 500) or (method == "GET" and may and status == 422):
            wrong.append((endpoint, role, "may" if may else "may not", status))
    assert not wrong


async def test_a_stranger_is_told_there_is_nothing_here_in_the_same_words_as_for_nothing(app, browse, things):
    nothing = {name: uuid.uuid4() for name in things}
    wrong = []
    for endpoint, method, rule in routes(app):
        if endpoint in PUBLIC or "<uuid:" not in rule:
            continue
        stranger = await browse("stranger")
        answers = []
        for ids in (things, nothing):
            answer = await ask(stranger, method, *address_of(rule, MATRIX[endpoint], ids))
            body = re.sub(r'(value="[^"]{60,}"|number [0-9a-f]+)', "", await answer.get_data(as_text=True))
            answers.append((answer.status_code, body))
        if answers[0][0] != 404 or answers[0] != answers[1]:
            wrong.append((endpoint, method, answers[0][0], answers[1][0]))
    assert not wrong


async def test_a_visitor_is_led_to_sign_in(app, browse, things):
    visitor = await browse()
    for endpoint, method, rule in routes(app):
        if endpoint in PUBLIC:
            continue
        path, form = address_of(rule, MATRIX[endpoint], things)
        answer = await ask(visitor, method, path, form)
        assert answer.status_code == 303, endpoint
        assert answer.location.startswith("/login"), endpoint


async def test_a_get_changes_nothing(app, browse, things, home):
    """Every GET as the owner, then the audit: not one entry more."""
    import psycopg

    def entries() -> Any:
        with psycopg.connect(home.admin_url) as connection:
            return connection.execute("select count(*), max(id::text) from crm.audit_entry").fetchone()

    owner = await browse("owner")
    before = entries()
    for endpoint, method, rule in routes(app):
        if method == "GET" and endpoint not in PUBLIC:
            await owner.get(address_of(rule, MATRIX[endpoint], things)[0])
    assert entries() == before


async def test_the_wrong_method_is_refused(app, browse):
    owner = await browse("owner")
    for path in ("/auth/logout", "/tickets/" + str(uuid.uuid4()) + "/clock-in"):
        assert (await owner.get(path)).status_code == 405
