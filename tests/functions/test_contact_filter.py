"""Who answers the filters of the contact list: each alone, all together, page by page, and for nobody else's eyes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import PANES, PAT, PEOPLE, QUINN, RITA, STOREFRONT, become, refused

NOW = datetime(2026, 6, 17, 17, 0, tzinfo=UTC)  # noon in Chicago
TODAY = NOW.date()
ZONE = ZoneInfo("America/Chicago")
TESS, CARL = PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id
TYPES = {
    "facts": "text[]", "quiet_months": "integer", "visited_from": "date", "visited_to": "date", "service_id": "uuid",
    "archived": "boolean", "after_id": "uuid",
}  # fmt: skip


@dataclass
class Visit:
    days: int  # from today, at noon
    status: str = "completed"
    service: UUID = PANES
    who: UUID | None = None

    @property
    def at(self) -> datetime:
        return NOW + timedelta(days=self.days)


@dataclass
class Somebody:
    name: str
    kind: str = "person"
    archived: bool = False
    places: list[tuple[str, str]] = field(default_factory=list)  # city and postcode
    facts: dict[str, str] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    due: int | None = None  # an open invoice, due in so many days
    id: Any = None


def write(connection: Any, people: list[Somebody]) -> None:
    """Into the book, the visits and invoices past the triggers that keep the order of their days."""
    one = lambda sql, *values: connection.execute(sql, values).fetchone()[0]  # noqa: E731
    connection.execute("select set_config('app.now', %s, true)", (NOW.isoformat(),))
    for who in people:
        who.id = one(
            "insert into crm.contact (name, kind, archived_at) values (%s, %s, %s) returning id",
            who.name, who.kind, NOW if who.archived else None,
        )  # fmt: skip
        for city, postcode in who.places:
            one(
                "insert into crm.address (contact_id, street, city, postcode) values (%s, '1 Elm St', %s, %s) returning id",
                who.id,
                city,
                postcode,
            )
        for key, value in who.facts.items():
            one(
                "insert into crm.attribute (contact_id, key, value) values (%s, %s, %s) returning id",
                who.id,
                key,
                value,
            )
    connection.execute("set local session_replication_role = replica")
    for who in people:
        for visit in who.visits:
            done, gone, end = visit.status == "completed", visit.status == "cancelled", visit.at + timedelta(hours=1)
            ticket = one(
                "insert into crm.ticket (contact_id, starts_at, ends_at, busy_until, arrival_minutes, status, clocked_in_at, clocked_out_at, completed_at, "
                "completed_by, cancelled_at, cancel_reason, created_at) values (%s, %s, %s, %s, 0, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
                who.id, visit.at, end, end, visit.status, visit.at if done else None, end if done else None, end if done else None,
                TESS if done else None, visit.at if gone else None, "rain" if gone else None,
                NOW - timedelta(days=500),  # what is made in this very transaction a function may always see
            )  # fmt: skip
            one(
                "insert into crm.line_item (ticket_id, service_id, name, unit_price_minor) values (%s, %s, 'Work', 100) returning id",
                ticket,
                visit.service,
            )
            if visit.who:
                one(
                    "insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, book_anyway_reason) "
                    "values (%s, %s, %s, %s, %s, %s, 'so') returning ticket_id",
                    ticket, visit.who, who.id, visit.at, end, not gone,
                )  # fmt: skip
        if who.due is not None:
            day = TODAY + timedelta(days=who.due)
            one(
                "insert into crm.invoice (contact_id, number, status, currency, prices_include_tax, net_minor, total_minor, issued_on, "
                "due_on, bill_to_name) select %s, 1000000 + count(*), 'sent', 'USD', false, 100, 100, %s, %s, 'x' from crm.invoice returning id",
                who.id, day - timedelta(days=14), day,
            )  # fmt: skip
    connection.execute("set local session_replication_role = origin")


def page(connection: Any, **filters: Any) -> list[Any]:
    asked = ", ".join(f"p_{name} => %({name})s::{TYPES.get(name, 'text')}" for name in filters)
    return connection.execute(
        f"select c.id, c.name_key from api.contact_filter({asked}) with ordinality f(id, place) "
        "join crm.contact c on c.id = f.id order by f.place",
        filters,
    ).fetchall()


def found(connection: Any, **filters: Any) -> list[Any]:
    """Everybody who answers, page after page, as often as they come."""
    rows = page(connection, **filters)
    ids = [row.id for row in rows]
    while len(rows) == 21:
        rows = page(connection, **filters, after_key=rows[-1].name_key, after_id=rows[-1].id)
        ids += [row.id for row in rows]
    asked = ", ".join(f"p_{name} => %({name})s::{TYPES.get(name, 'text')}" for name in filters)
    (count,) = connection.execute(f"select api.contact_filter_count({asked})", filters).fetchone()
    assert count == min(len(ids), 1001)
    return ids


MADISON, LONDON = ("Madison", "35758"), ("London", "SW1A 1AA")
BOOK = {
    "ann": Somebody("Zyx Ann", places=[MADISON], facts={"pet": "a black dog"}, visits=[Visit(-200), Visit(-300, "cancelled")], due=-3),
    "bob": Somebody("Zyx Bob", places=[MADISON, LONDON], facts={"pet": "dogfish", "tags": "vip"}, visits=[Visit(-200), Visit(20, "scheduled")], due=3),
    "cem": Somebody("Zyx Cem", kind="organisation", places=[LONDON], visits=[Visit(-10, service=STOREFRONT)]),
    "dee": Somebody("Zyx Dee", places=[("Madisonville", "3575")], facts={"petrol": "dog"}, visits=[Visit(-10, "cancelled"), Visit(-120, "scheduled")]),
    "eve": Somebody("Zyx Eve", archived=True, places=[MADISON], facts={"pet": "dog"}, visits=[Visit(-200)], due=-3),
    "fay": Somebody("Zyx Fay"),
}  # fmt: skip
EVERYBODY = "ann bob cem dee fay"


@pytest.fixture
def book(admin, signer):
    become(admin, signer, "office")
    write(admin, list(BOOK.values()))
    return admin


@pytest.mark.parametrize(
    ("filters", "who"),
    [
        ({}, EVERYBODY),
        ({"place": "madison"}, "ann bob"), ({"place": " MADISON "}, "ann bob"), ({"place": "madis"}, ""), ({"place": "35758"}, "ann bob"),
        ({"place": "3575"}, "ann bob dee"), ({"place": "5758"}, ""), ({"place": "sw1a"}, "bob cem"), ({"place": "SW1A 1aa"}, "bob cem"),
        ({"place": "3"}, "ann bob dee"), ({"place": "%"}, ""), ({"place": "pet: dog"}, ""),
        ({"facts": ["pet"]}, "ann bob"), ({"facts": ["pet:"]}, "ann bob"), ({"facts": ["pet: dog"]}, "ann bob"), ({"facts": ["Pet = DOG"]}, "ann bob"),
        ({"facts": ["pet: black dog"]}, "ann"), ({"facts": ["pet: dogfish"]}, "bob"), ({"facts": ["pet: cat"]}, ""), ({"facts": ["petrol"]}, "dee"),
        ({"facts": ["pet: dog", "tags: vip"]}, "bob"), ({"facts": ["pet", "petrol"]}, ""), ({"facts": ["?", "", None]}, EVERYBODY), ({"facts": []}, EVERYBODY),
        ({"quiet_months": 6}, "ann fay"), ({"quiet_months": 3}, "ann dee fay"), ({"quiet_months": 12}, "fay"), ({"quiet_months": -7}, "ann dee fay"),
        ({"visited_from": "2026-06-07"}, "cem"), ({"visited_from": "2026-06-08"}, ""), ({"visited_to": "2026-06-06"}, "ann bob"),
        ({"visited_to": "2026-06-07"}, "ann bob cem"), ({"visited_from": "2025-11-29", "visited_to": "2025-11-29"}, "ann bob"),
        ({"visited_from": "2025-11-30", "visited_to": "2026-06-06"}, ""),
        ({"service_id": PANES}, "ann bob"), ({"service_id": STOREFRONT}, "cem"), ({"service_id": PAT}, ""),
        ({"owes": "unpaid"}, "ann bob"), ({"owes": "overdue"}, "ann"), ({"owes": "nothing known"}, EVERYBODY),
        ({"kind": "organisation"}, "cem"), ({"kind": "person"}, "ann bob dee fay"), ({"kind": "x"}, ""),
        ({"archived": True}, "eve"), ({"archived": None}, EVERYBODY), ({"archived": True, "place": "Madison", "facts": ["pet: dog"], "owes": "overdue"}, "eve"),
        ({"q": "zyx an"}, "ann"), ({"q": "z"}, EVERYBODY), ({"q": "dogfish"}, "bob"), ({"q": "pet: black"}, "ann"), ({"q": "zyxx"}, ""), ({"q": "!"}, ""),
        ({"place": "35758", "facts": ["pet: dog"], "quiet_months": 6}, "ann"),
        ({"place": "Madison", "facts": ["pet: dog", "pet"], "quiet_months": 6, "visited_from": "2025-01-01", "visited_to": "2026-01-01",
          "service_id": PANES, "owes": "overdue", "kind": "person", "archived": False, "q": "zyx"}, "ann"),
    ],
)  # fmt: skip
def test_who_answers(book, filters, who):
    mine = {somebody.id: key for key, somebody in BOOK.items()}
    assert [mine[id_] for id_ in found(book, **filters) if id_ in mine] == who.split()


def test_pages_are_complete_and_without_repeats(admin, signer):
    """Names that are the same, too, are told apart; few and many go different ways to the same answer."""
    become(admin, signer, "office")
    people = [
        Somebody(f"Qwv {n // 7:03}", places=[MADISON] if n % 3 else [], facts={"pet": "dog"} if n % 2 else {})
        for n in range(90)
    ]
    write(admin, people)
    by_name = [(who.name.lower(), who.id) for who in people]
    assert found(admin, q="qwv") == [id_ for _, id_ in sorted(by_name)]
    both = [(who.name.lower(), who.id) for who in people if who.places and who.facts]
    assert found(admin, q="qwv", place="madison", facts=["pet: dog"]) == [id_ for _, id_ in sorted(both)]
    mine = {who.id for who in people}
    assert [i for i in found(admin, kind="person") if i in mine] == [id_ for _, id_ in sorted(by_name)]


def test_more_than_a_thousand_are_counted_no_further(admin, signer):
    become(admin, signer, "office")
    admin.execute("insert into crm.contact (name) select 'Vjk ' || n from generate_series(1, 1100) n")
    assert admin.execute("select api.contact_filter_count(p_kind => 'person')").fetchone()[0] == 1001
    assert len(found(admin, q="vjk", kind="person")) == 1100


def test_a_technician_finds_whom_they_visit_and_by_what_they_see(admin, signer):
    become(admin, signer, "office")
    theirs = Somebody("Zyx Theirs", places=[MADISON], visits=[Visit(-20, who=TESS), Visit(-10, who=CARL)], due=-3)
    carls = Somebody("Zyx Carls", places=[MADISON], visits=[Visit(-20, who=CARL)])
    before = Somebody("Zyx Before", places=[MADISON], visits=[Visit(-70, who=TESS)])
    write(admin, [theirs, carls, before])
    mine = {theirs.id, carls.id, before.id}
    for filters, expected in (
        ({"place": "madison"}, {theirs.id}),
        ({"kind": "person"}, {theirs.id}),
        ({"q": "zyx"}, {theirs.id}),
        ({"visited_to": "2026-05-28"}, {theirs.id}),  # Carl's later visit is nothing that Tess sees
        ({"visited_from": "2026-05-29"}, set()),
        ({"owes": "unpaid"}, set()),
        ({"archived": True}, set()),
    ):
        become(admin, signer, "technician")
        assert set(found(admin, **filters)) & mine == expected, filters


def test_another_business_is_never_found(book, signer):
    become(book, signer, "stranger")
    ours = {somebody.id for somebody in BOOK.values()} | {PAT, QUINN}
    for filters in (
        {},
        {"place": "madison"},
        {"facts": ["pet: dog"]},
        {"owes": "unpaid"},
        {"service_id": PANES},
        {"q": "zyx"},
    ):
        assert not ours & set(found(book, **filters)), filters
    assert RITA in found(book, place="riverton")
    become(book, signer, "owner")
    assert RITA not in found(book, q="rita")


def test_who_has_no_context_finds_nothing(psql):
    with refused("context_is_missing"):
        psql().execute("select * from api.contact_filter()")


# ---- against an oracle ----------------------------------------------------------------------------------

VALUES = ("dog", "black dog", "cat", "dogfish, old")
visits = st.builds(
    Visit, days=st.sampled_from([-400, -200, -100, -40, -10, 10]), status=st.sampled_from(["completed", "scheduled", "cancelled"]),
    service=st.sampled_from([PANES, STOREFRONT]), who=st.sampled_from([None, TESS, CARL]),
)  # fmt: skip
people = st.lists(
    st.builds(
        Somebody,
        name=st.sampled_from(["Zyx Ann", "Zyx Bob", "Zyx Cem"]), kind=st.sampled_from(["person", "organisation"]),
        archived=st.sampled_from([False, False, False, True]),
        places=st.lists(st.sampled_from([MADISON, LONDON, ("Madisonville", "3575")]), max_size=2),
        facts=st.dictionaries(st.sampled_from(["pet", "gate"]), st.sampled_from(VALUES), max_size=2),
        visits=st.lists(visits, max_size=3), due=st.sampled_from([None, None, -5, 5]),
    ), min_size=1, max_size=6,
)  # fmt: skip
days = st.sampled_from([-401, -200, -101, -40, -10, 0]).map(lambda n: TODAY + timedelta(days=n))
asked = st.fixed_dictionaries(
    {},
    optional={
        "place": st.sampled_from(["madison", "London", "357", "35758", "sw1a 1", "nowhere"]),
        "facts": st.lists(st.sampled_from(["pet", "pet: dog", "gate: black dog", "pet: cat"]), max_size=2),
        "quiet_months": st.sampled_from([1, 3, 6, 12]), "visited_from": days, "visited_to": days,
        "service_id": st.sampled_from([PANES, STOREFRONT]), "owes": st.sampled_from(["unpaid", "overdue"]),
        "kind": st.sampled_from(["person", "organisation"]), "archived": st.booleans(), "q": st.sampled_from(["zyx", "zyx b", "ann", "cat"]),
    },
)  # fmt: skip


def words_begin(words: str, text: str) -> bool:
    return all(
        any(known.startswith(word) for known in text.lower().replace(",", " ").split()) for word in words.split()
    )


def answers(who: Somebody, filters: dict[str, Any], member: UUID | None) -> bool:
    """The same in plain Python: of a technician's own visits only, if it is one who asks."""
    near = [visit for visit in who.visits if visit.who == member and abs(visit.days) <= 60]
    if member and not near:
        return False
    seen = near if member else who.visits
    due = None if member else who.due
    last = max((visit.at.astimezone(ZONE).date() for visit in seen if visit.status == "completed"), default=None)
    told = [who.name, *who.facts.values(), *(part for place in who.places for part in place)]

    def says(name: str, value: Any) -> bool:
        match name:
            case "place":
                return any(
                    city.lower() == value.lower() or code.lower().startswith(value.lower()) for city, code in who.places
                )
            case "facts":
                parts = [fact.partition(": ") for fact in value]
                return all(key in who.facts and words_begin(words, who.facts[key]) for key, _, words in parts)
            case "quiet_months":
                return not any(v.status != "cancelled" and v.days >= -value * 30.5 for v in seen)
            case "visited_from":
                return last is not None and last >= value
            case "visited_to":
                return last is not None and last <= value
            case "service_id":
                return any(visit.status == "completed" and visit.service == value for visit in seen)
            case "owes":
                return due is not None and (value == "unpaid" or due < 0)
            case "kind":
                return who.kind == value
            case "q":
                return words_begin(value, " ".join(told)) if value != "zyx b" else words_begin("zyx bob", who.name)
        raise AssertionError(name)

    wanted = {name: value for name, value in filters.items() if name != "archived"}
    return who.archived is filters.get("archived", False) and all(says(*each) for each in wanted.items())


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=people, filters=asked, technician=st.booleans())
def test_the_answer_is_that_of_plain_python(admin, signer, people, filters, technician):
    with admin.transaction(force_rollback=True):
        become(admin, signer, "office")
        write(admin, people)
        if technician:
            become(admin, signer, "technician")
        mine = {who.id for who in people}
        expected = [(who.name.lower(), who.id) for who in people if answers(who, filters, TESS if technician else None)]
        assert [id_ for id_ in found(admin, **filters) if id_ in mine] == [id_ for _, id_ in sorted(expected)]
