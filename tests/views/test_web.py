"""What surrounds every request: hosts, headers, cookies, limits, redirects, error pages, metrics."""

import json
import logging

import pytest

from crm import logs
from crm.app import create_app
from crm.auth.middleware import safe_next
from tests.conftest import PAT


async def test_another_host_is_not_served(browse):
    assert (await (await browse()).get("/login", headers={"Host": "evil.test"})).status_code == 400


async def test_every_answer_has_the_headers(browse):
    answer = await (await browse("office")).get(f"/contacts/{PAT}")
    assert "script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Server" not in answer.headers


async def test_the_sign_in_pages_send_no_referrer(browse):
    assert (await (await browse()).get("/auth/verify?token=x")).headers["Referrer-Policy"] == "no-referrer"


async def test_over_https_cookies_are_bound_to_the_host(settings):
    from dataclasses import replace

    app = create_app(replace(settings, public_url="https://crm.example.com"))
    app.config["OUTBOX"] = None  # not started: this page needs neither database nor Valkey
    answer = await app.test_client().get("/login", headers={"Host": "crm.example.com"}, scheme="https")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-browser=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("target", "lands"),
    [("/day", "/day"), ("/contacts?q=a", "/contacts?q=a"), ("//evil.test", "/"), ("https://evil.test", "/"), ("/\\evil.test", "/"),
     ("javascript:alert(1)", "/"), ("/a\nb", "/"), ("", "/"), (None, "/")],
)  # fmt: skip
def test_after_sign_in_only_our_own_paths_are_led_to(target, lands):
    assert safe_next(target) == lands


async def test_the_session_cookie_is_nowhere_in_valkey_in_the_clear(app, browse):
    browser = await browse("office")
    cookie = next(c.value for c in browser.client.cookie_jar if c.name == "session")
    keys = [key async for key in app.config["VALKEY"].scan_iter()]
    assert keys
    assert not [key for key in keys if cookie in key]


async def test_signing_out_everywhere_ends_every_browser_of_that_person(browse):
    first, second, other = await browse("colleague"), await browse("colleague"), await browse("technician")
    assert (await first.post("/auth/logout/everywhere")).status_code == 303
    assert (await second.get("/day")).location.startswith("/login")
    assert (await other.get("/day")).status_code == 200


async def test_a_member_who_is_shut_out_is_out_at_once(app, browse, run):
    from tests.conftest import PEOPLE

    victim = await browse("strange_technician")
    await run("stranger", "member_disable", id=PEOPLE["strange_technician"].member_id, disabled=True)
    try:
        assert (await victim.get("/day")).location.startswith("/login")
    finally:
        await run("stranger", "member_disable", id=PEOPLE["strange_technician"].member_id, disabled=False)


async def test_asking_for_too_many_codes_is_told_when_to_come_back(browse):
    visitor = await browse()
    for _ in range(5):
        await visitor.post("/auth/request", email="flood@nowhere.test")
    answer = await visitor.post("/auth/request", email="flood@nowhere.test")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Too many tries" in await answer.get_data(as_text=True)


async def test_another_business_is_entered_only_by_its_own_people(browse):
    from tests.conftest import RIVAL, TIDY

    office = await browse("office")
    assert (await office.post("/auth/business", business_id=str(RIVAL))).status_code == 404
    assert (await office.post("/auth/business", business_id=str(TIDY))).status_code == 303


async def test_an_error_page_says_what_to_do_and_has_a_number(browse):
    answer = await (await browse("owner")).get("/contacts/00000000-0000-7000-8000-00000000dead")
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in page
    assert "Traceback" not in page


async def test_a_database_that_is_down_is_a_503_that_says_nothing_was_saved(app, browse, monkeypatch):
    from crm import db
    from crm.errors import Unavailable

    async def down(*_: object, **__: object) -> None:
        raise Unavailable("The database")

    office = await browse("office")
    monkeypatch.setattr(db.database(), "run", down)
    answer = await office.post(f"/contacts/{PAT}", name="Lost", kind="person")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing was saved." in await answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/contacts", {"name": "a\0b", "kind": "person"}),
        ("/contacts", {"name": "x" * 5000, "kind": "person"}),
        ("/contacts", {"name": "Ann", "kind": "robot"}),
        ("/contacts", {"name": "Ann", "kind": "person", "email": "a@b.test, evil@x.test"}),
        ("/contacts", {"name": "‮" + "a" * 200, "kind": "person"}),
        ("/services", {"name": "S", "kind": "service", "pricing": "fixed", "price": "1e400", "duration_minutes": "1"}),
        ("/services", {"name": "S", "kind": "service", "pricing": "fixed", "price": "12.345", "duration_minutes": "1"}),
        (
            "/services",
            {"name": "S", "kind": "service", "pricing": "fixed", "price": "1", "duration_minutes": "99999999999"},
        ),
        (f"/tickets/new?contact={PAT}", {"contact_id": str(PAT), "starts_at": "infinity", "hours": "1:00"}),
        (f"/tickets/new?contact={PAT}", {"contact_id": str(PAT), "starts_at": "9999-12-31T23:59", "hours": "1:00"}),
        (f"/tickets/new?contact={PAT}", {"contact_id": str(PAT), "starts_at": "2031-01-01T10:00", "hours": "99:00"}),
        (f"/tickets/new?contact={PAT}", {"contact_id": "not-an-id", "starts_at": "2031-01-01T10:00", "hours": "1:00"}),
    ],
)
async def test_bad_input_is_refused_at_its_field_and_never_breaks(browse, path, form):
    answer = await (await browse("office")).post(path, **form)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'role="alert"' in page


async def test_logs_have_route_rules_and_no_personal_data(browse, caplog):
    with caplog.at_level(logging.INFO, logger="crm.request"):
        await (await browse("office")).get(f"/contacts/{PAT}?q=secret@person.test")
    lines = [json.loads(logs.Lines().format(record)) for record in caplog.records if record.name == "crm.request"]
    assert lines[-1]["route"] == "/contacts/<uuid:contact_id>"
    assert {"request_id", "status", "milliseconds", "role"} <= lines[-1].keys()
    assert "secret@person.test" not in json.dumps(lines)
    assert str(PAT) not in json.dumps(lines)


async def test_health_names_each_part_and_no_secret(app, browse, home):
    visitor = await browse()
    answer = await visitor.get("/health")
    parts = (await answer.get_json())["parts"]
    assert parts.keys() == {"database", "valkey"}
    text = await answer.get_data(as_text=True)
    assert not any(secret in text for secret in home.secrets.values())
    assert (await visitor.get("/health/ready")).status_code == (await visitor.get("/health/live")).status_code == 200


async def test_metrics_count_by_rule_and_are_for_this_machine_only(browse):
    office = await browse("office")
    await office.get(f"/contacts/{PAT}")
    page = await (await office.get("/metrics")).get_data(as_text=True)
    assert 'route="/contacts/<uuid:contact_id>"' in page
    assert 'crm_jobs{state="dead"}' in page
    assert (await office.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 404


async def test_odd_headers_break_nothing(browse):
    visitor, office = await browse(), await browse("office")
    answer = await visitor.post("/contacts", headers={"Referer": "http://["})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/")
    assert (await office.get("/contacts", headers={"Cookie": "toast=" + "%5B" * 5000})).status_code in (200, 303)


async def test_a_websocket_is_turned_away(app):
    from quart.testing.connections import WebsocketResponseError

    with pytest.raises(WebsocketResponseError) as refused:
        async with app.test_client().websocket("/login") as socket:
            await socket.receive()
    assert refused.value.response.status_code in (400, 404, 405)


async def test_metrics_keep_no_series_for_made_up_methods(app, browse):
    await app.test_client().open("/login", method="M0001")
    page = await (await (await browse("office")).get("/metrics")).get_data(as_text=True)
    assert "M0001" not in page
    assert 'method="other"' in page


async def test_metrics_are_not_read_through_another_name_or_a_proxy(browse):
    office = await browse("office")
    for headers in ({"Host": "rebind.evil"}, {"Via": "1.1 proxy"}, {"X-Forwarded-Proto": "https"}):
        assert (await office.get("/metrics", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/settings", {"payment_terms_days": "--1"}, "as a whole number"),
        ("/settings", {"tax": "99999999"}, "Tax is a percentage between 0 and 100."),
        ("/settings", {"time_zone": "america/chicago"}, "Choose a time zone from the list"),
        ("/settings", {"name": "Buy at https://evil.test"}, "may hold no link"),
        ("/services", {"tax": "99999999"}, "Tax is a percentage between 0 and 100."),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(browse, path, fields, words):
    owner = await browse("owner")
    usual = {
        "name": "Tidy Windows", "time_zone": "America/Chicago", "tax": "8.25", "payment_terms_days": "14",
        "travel_buffer_minutes": "0", "language": "en", "kind": "service", "pricing": "fixed", "price": "10", "duration_minutes": "30",
    }  # fmt: skip
    answer = await owner.post(path, **(usual | fields))
    assert answer.status_code == 422
    assert words in await answer.get_data(as_text=True)


async def test_a_sign_in_from_before_a_break_is_over(app, browse, admin):
    """Disabled and let in again, or another role and back: no sign-in outlives that."""
    from dataclasses import replace

    colleague = await browse("strange_technician")
    cookie = next(c.value for c in colleague.client.cookie_jar if c.name == "session")
    sessions = app.config["SESSIONS"]
    session = await sessions.find(cookie)
    await sessions.refresh(cookie, replace(session, started_at=session.started_at - 1000, refreshed_at=0))
    admin.execute(
        "update internal.membership set since = now() - interval '500 seconds' where member_id = %s",
        (session.member_id,),
    )
    admin.commit()
    assert (await colleague.get("/day")).headers["Location"].startswith("/login")
    assert await sessions.find(cookie) is None
