"""What a phone keeps for a time without a connection, and what it sends afterwards."""

import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from PIL import Image

from crm.render import OFFLINE, static
from tests.conftest import PAT, PEOPLE, QUINN, TESS_VISITS_PAT

AHEAD = {"X-Offline": "ahead", "HX-Request-Type": "partial"}
REPLAY = {"X-Offline": "replay", "HX-Request-Type": "partial"}
TESS = str(PEOPLE["technician"].member_id)
STEPS = ("work", "note", "next", "confirm")


@pytest.fixture
async def ticket(run):
    """A visit of Tess's at this hour."""
    now = datetime.now(UTC)
    ticket = await run(
        "office", "ticket_create", contact_id=PAT, address_id=None, starts_at=now, ends_at=now + timedelta(hours=1),
        member_ids=[PEOPLE["technician"].member_id], service_ids=[], instructions=None, book_anyway_reason="beside others", arrival_minutes=None,
    )  # fmt: skip
    return ticket.id


async def test_worker_is_for_all_pages_and_asked_for_each_time(browse):
    answer = await (await browse()).get("/sw.js")
    script = await answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert answer.content_type == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
    assert re.match(r'const VERSION = "[0-9a-f]{10}", FILES = \[', script)
    for name in OFFLINE:
        assert static.url(name) in script


async def test_another_version_of_a_file_is_another_version_of_the_worker(monkeypatch):
    from crm import render

    before, _ = render.worker()
    monkeypatch.setitem(static.urls, "css/base.css", "/static/css/base.0123456789.css")
    after, _ = render.worker.__wrapped__()
    assert after.split(b",")[0] != before.split(b",")[0]


async def test_kept_are_today_its_visits_and_their_steps_and_nothing_else(browse, ticket):
    tess = await browse("technician")
    kept = ["/offline", "/offline/queue", "/day", f"/tickets/{ticket}", f"/tickets/{ticket}/notes/new"]
    others = [
        "/contacts",
        f"/contacts/{PAT}",
        "/day?date=2031-01-01",
        f"/contacts/{PAT}/notes/new",
        "/auth/business",
        "/offline/token",
    ]
    for path in kept + others:
        answer = await tess.get(path)
        assert answer.status_code == 200
        assert (answer.headers.get("X-Offline") == "keep") == (path in kept), path
        assert answer.headers.get("X-Offline-For") == (TESS if path in kept else None)
    assert "X-Offline" not in (await tess.get(f"/tickets/{uuid.uuid4()}")).headers


async def test_form_that_was_refused_is_not_kept(browse, ticket):
    tess = await browse("technician")
    await tess.post(f"/tickets/{ticket}/clock-in")
    answer = await tess.post(f"/tickets/{ticket}/close-out/note", note="")
    assert answer.status_code == 422
    assert "X-Offline" not in answer.headers


async def test_day_names_the_open_visits_of_today(browse, ticket, run):
    tess = await browse("technician")
    page = await (await tess.get("/day")).get_data(as_text=True)
    version = re.search(r'data-version="(\w+)"', page)[1]
    assert f"/tickets/{ticket}" in re.search(r'data-ahead="([^"]*)"', page)[1].split()
    await run("technician", "ticket_clock_in", ticket_id=ticket)
    assert re.search(r'data-version="(\w+)"', await (await tess.get("/day")).get_data(as_text=True))[1] != version
    await run("office", "ticket_cancel", ticket_id=ticket, reason="rain")
    page = await (await tess.get("/day")).get_data(as_text=True)
    assert f"/tickets/{ticket}" not in re.search(r'data-ahead="([^"]*)"', page)[1].split()
    assert "data-ahead" not in await (await tess.get("/day?date=2031-01-01")).get_data(as_text=True)


@pytest.mark.parametrize("step", STEPS)
async def test_steps_of_a_visit_to_come_are_only_fetched_ahead(browse, ticket, run, step):
    tess, path = await browse("technician"), f"/tickets/{ticket}/close-out/{step}"
    assert (await tess.get(path)).location == f"/tickets/{ticket}"
    answer = await tess.get(path, headers=AHEAD)
    assert answer.status_code == 200
    assert answer.headers["X-Offline"] == "keep"
    assert (await tess.post(path, headers=REPLAY, gap_reason="rain")).status_code == 422
    await run("office", "ticket_cancel", ticket_id=ticket, reason="rain")
    assert (await tess.get(path, headers=AHEAD)).location == f"/tickets/{ticket}"


async def test_fetching_ahead_leaves_the_toast_to_the_page(browse, ticket):
    tess = await browse("technician")
    await tess.post(f"/tickets/{ticket}/notes/new", body="Loose hook.")
    assert "The note was added." not in await (await tess.get("/day", headers=AHEAD)).get_data(as_text=True)
    assert "The note was added." in await (await tess.get("/day")).get_data(as_text=True)


async def test_token_is_whose_it_is_and_good_for_a_form(browse):
    tess = await browse("technician")
    known = await (await tess.get("/offline/token")).get_json()
    assert known["whose"] == TESS
    assert abs(known["now"] / 1000 - datetime.now(UTC).timestamp()) < 60
    answer = await tess.post(f"/contacts/{PAT}/notes", csrf=known["csrf"], body="By the queue.")
    assert answer.status_code == 303
    answer = await (await browse()).get("/offline/token", headers=AHEAD)
    assert answer.status_code == 401


async def test_replay_is_done_once_with_its_time(browse, ticket, run):
    tess, at = await browse("technician"), datetime.now(UTC) - timedelta(hours=2)
    ids = {name: str(uuid.uuid4()) for name in ("clock-in", "work", "note", "next", "confirm", "more")}
    for _ in range(2):
        for path, minutes, form in (
            ("clock-in", 0, {}),
            ("close-out/work", 40, {"gap_reason": "No signal."}),
            ("close-out/note", 41, {"note": "Spaniel Pip, shut the side gate."}),
            ("close-out/next", 42, {"follow_up": "none"}),
            ("close-out/confirm", 43, {}),
            ("notes/new", 44, {"body": "From the dead spot."}),
        ):
            answer = await tess.post(
                f"/tickets/{ticket}/{path}", headers=REPLAY, action_id=ids.get(path.rpartition("/")[2], ids["more"]),
                happened_at=(at + timedelta(minutes=minutes)).isoformat(), **form,
            )  # fmt: skip
            assert answer.status_code == 204, path
            assert "toast" not in answer.headers.get("Set-Cookie", "")
    done = await run("technician", "ticket_read", ticket_id=ticket)
    assert done.status == "completed"
    assert (done.clocked_in_at, done.completed_at) == (at, at + timedelta(minutes=43))
    notes = await run("technician", "ticket_notes", ticket_id=ticket)
    assert [(note.body, note.created_at) for note in notes] == [("From the dead spot.", at + timedelta(minutes=44))]


async def test_replayed_photos_are_added_once(browse, ticket, run):
    tess, photo = await browse("technician"), io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(photo, "JPEG")
    from quart.datastructures import FileStorage

    action, other = str(uuid.uuid4()), str(uuid.uuid4())
    for each in (action, action, other):
        files = {
            "files": FileStorage(io.BytesIO(photo.getvalue()), "gate.jpg", name="files", content_type="image/jpeg")
        }
        answer = await tess.post(f"/tickets/{ticket}/files", headers=REPLAY, files=files, action_id=each)
        assert answer.status_code == 204
    assert len(await run("technician", "ticket_files", ticket_id=ticket)) == 2


@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("close-out/note", {"note": "As usual."}, "This visit has not been started. Start it first."),
        ("notes/new", {"body": " "}, "Write a note of at most 4,000 characters."),
        ("clock-in", {"happened_at": "2020-01-01T09:00:00Z"}, "This happened more than 24 hours ago"),
        ("clock-in", {"happened_at": "2199-01-01T09:00:00Z"}, "The clock of your phone is ahead of ours."),
        ("clock-in", {"happened_at": "this morning"}, "The time at which this happened cannot be read."),
        ("clock-in", {"happened_at": datetime.now().isoformat()}, "The time at which this happened cannot be read."),
    ],
)
async def test_refused_replay_says_the_sentence_and_no_page(browse, ticket, path, form, sentence):
    tess = await browse("technician")
    answer = await tess.post(f"/tickets/{ticket}/{path}", headers=REPLAY, action_id=str(uuid.uuid4()), **form)
    assert answer.status_code == 422
    assert unquote(answer.headers["X-Error"]).startswith(sentence)


async def test_replay_of_another_member_is_refused(browse, ticket):
    action = str(uuid.uuid4())
    path = f"/tickets/{ticket}/notes/new"
    assert (
        await (await browse("technician")).post(path, headers=REPLAY, body="Mine.", action_id=action)
    ).status_code == 204
    answer = await (await browse("owner")).post(path, headers=REPLAY, body="Mine.", action_id=action)
    assert answer.status_code == 422
    assert unquote(answer.headers["X-Error"]).startswith("Something else was sent under this id already.")


async def test_replay_without_a_sign_in_or_a_token_is_told_so(browse, ticket):
    tess = await browse("technician")
    assert (await tess.post(f"/tickets/{ticket}/clock-in", headers=REPLAY, csrf="stale")).status_code == 403
    assert (await (await browse()).post(f"/tickets/{ticket}/clock-in", headers=REPLAY)).status_code == 401


async def test_forms_that_may_wait_say_whose_they_are(browse, ticket, run):
    tess = await browse("technician")
    await run("technician", "ticket_clock_in", ticket_id=ticket)
    for path in ("", "/notes/new", *(f"/close-out/{step}" for step in STEPS)):
        page = await (await tess.get(f"/tickets/{ticket}{path}")).get_data(as_text=True)
        assert f'name="whose" value="{TESS}"' in page, path


async def test_signing_out_ends_drafts_and_leaves_what_waits(browse):
    """The worker takes its pages away itself; clearing the storage would throw away the queue."""
    tess = await browse("technician")
    answer = await tess.post("/auth/logout")
    assert "Clear-Site-Data" not in answer.headers
    page = await (await tess.get(answer.location)).get_data(as_text=True)
    assert "data-drafts-clear" in page
    assert "data-drafts-clear" not in await (await tess.get("/login")).get_data(as_text=True)


async def test_of_a_colleagues_visit_nothing_is_kept_or_done(browse, run):
    owner = await browse("owner")
    page = await (await owner.get(f"/contacts/{QUINN}")).get_data(as_text=True)
    theirs = re.search(r"/tickets/([0-9a-f-]{36})", page)[1]
    tess = await browse("technician")
    assert (await tess.get(f"/tickets/{theirs}/close-out/work", headers=AHEAD)).status_code == 404
    answer = await tess.post(f"/tickets/{theirs}/clock-in", headers=REPLAY, action_id=str(uuid.uuid4()))
    assert answer.status_code == 404
    assert (await tess.get(f"/tickets/{TESS_VISITS_PAT}")).status_code == 200
