"""The plans of every search and list of contacts at the size that they are promised for: 200,000 in one business among
a thousand. The server itself notes them, those of statements within functions too, which no `explain` of a call shows.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm import schema, statements
from crm.contact_filter import Filters
from crm.demo import large
from crm.paths import SQL
from crm.run import Home

NAME = "plans_within"
LARGE, OTHERS = 200_000, 999  # contacts of the largest business, and how many others there are, with two each
TOKENS, BY_NAME, BY_ID = "contact_search_by_token", "contact_by_name", "contact_pkey"
ADDRESSES = "address_belongs_to_one_contact"
# Small, and of every business: which keys sign, what each role may, and what it is called.
SMALL = {
    "context_key",
    "permission",
    "business",
    "member",
    "membership",
    "service",
    "working_hours",
    "time_off",
    "not_duplicate",
    "language",
    "mail_template",
}
# (who, call): the indexes that what it runs stands on
WITHIN = {
    ("office", "api.contact_search('p')"): {BY_NAME},
    ("office", "api.contact_search('madison')"): {BY_NAME, TOKENS, BY_ID},
    ("office", "api.contact_search('555-0131')"): {TOKENS, BY_ID},
    ("office", "api.contact_search('jonhson')"): {TOKENS, BY_ID},
    ("technician", "api.contact_search('madison')"): {TOKENS, BY_ID, "assignment_by_member"},
    ("office", "api.contact_duplicates('Ann Lee', '(256) 555-0131', 'ann@example.com', '1 Oak Ridge Dr')"):
        {TOKENS, BY_NAME, BY_ID, "contact_by_email"},
    # few answer: found by their words, looked up by their ids
    ("office", "api.contact_filter(p_place => '35758')"): {TOKENS, BY_ID, ADDRESSES},
    ("office", "api.contact_filter(p_place => '35758', p_facts => array['pet: dog'], p_quiet_months => 6)"):
        {TOKENS, BY_ID, ADDRESSES, "ticket_by_contact"},
    ("office", "api.contact_filter_count(p_place => 'madison', p_owes => 'overdue')"): {TOKENS, BY_ID, "invoice_open_by_contact"},
    ("office", "api.contact_filter(p_owes => 'unpaid')"): {"invoice_open_by_contact"},
    ("office", "api.contact_filter(p_service_id => '{service}')"): {"line_item_by_service", "ticket_by_contact"},
    ("office", "api.contact_filter(p_visited_from => current_date - 100, p_visited_to => current_date - 98)"): {"ticket_by_start", BY_ID},
    # many answer: followed by name, each looked at
    ("office", "api.contact_filter(p_quiet_months => 6)"): {BY_NAME, "ticket_by_contact"},
    ("office", "api.contact_filter(p_place => '35')"): {BY_NAME, ADDRESSES},
    ("office", "api.contact_filter_count(p_kind => 'person')"): {BY_NAME},
    ("office", "api.contact_filter(p_q => 'a', p_kind => 'person')"): {BY_NAME},
    ("office", "api.contact_filter(p_archived => true)"): {"contact_archived_by_name"},
    ("technician", "api.contact_filter(p_place => 'madison')"): {"assignment_by_member", BY_ID, ADDRESSES},
}  # fmt: skip
START = {"after_key": "", "after_id": UUID(int=0)}
TYPED: dict[str, Any] = {"q": "madison", "words": ["madison"]}
NARROWED = Filters.of_query("quiet=6&place=35758&fact=pet:+dog").values()
TODAY = datetime.now(UTC)
DAY, WEEK, MONTH = ({"from_at": TODAY - timedelta(days=n), "to_at": TODAY} for n in (1, 7, 42))
SHOWN: dict[str, Any] = {"technician_id": None, "service_id": None, "status": None, "city": None}
# (who, named statement): its values, and the indexes that it and what it runs stand on
STATEMENTS: dict[tuple[str, str], tuple[dict[str, Any], set[str]]] = {
    ("office", "contact_list"): (START, {BY_NAME, ADDRESSES}),
    ("technician", "contact_list"): (START, {"assignment_by_member", ADDRESSES}),
    ("office", "contact_search"): (TYPED, {TOKENS, BY_ID, ADDRESSES, "ticket_by_contact"}),
    ("technician", "contact_search"): (TYPED, {"assignment_by_member", BY_ID}),
    ("office", "contact_filter"): (NARROWED | START, {TOKENS, BY_ID, ADDRESSES, "ticket_by_contact"}),
    ("technician", "contact_filter"): (NARROWED | START, {"assignment_by_member", BY_ID}),
    ("office", "contact_filter_count"): (NARROWED, {TOKENS, BY_ID, ADDRESSES}),
    ("office", "contact_duplicates"): (
        {"name": "Ann Lee", "phone": "(256) 555-0131", "email": "ann@example.com", "street": "1 Oak Ridge Dr"}, {TOKENS, BY_NAME, BY_ID}),
    ("office", "duplicate_pairs"): ({"after_weight": 0, "after_id": UUID(int=0), "after_other_id": UUID(int=0)}, {BY_ID, ADDRESSES}),
    ("office", "contact_timeline"): (
        {"before_at": datetime.now(UTC), "before_id": UUID(int=2**128 - 1)}, {"ticket_by_contact", "note_by_contact", "invoice_by_contact"}),
    ("technician", "contact_timeline"): ({"before_at": datetime.now(UTC), "before_id": UUID(int=2**128 - 1)}, {"ticket_by_contact"}),
    ("office", "calendar_day"): (DAY | SHOWN, {"ticket_by_start", "line_item_by_ticket"}),
    ("office", "calendar_sheet"): (DAY | {"technician_id": None}, {"ticket_by_start", "line_item_by_ticket"}),
    ("office", "calendar_week"): (WEEK | SHOWN | {"zone": "UTC"}, {"ticket_by_start"}),
    ("office", "calendar_month"): (MONTH | SHOWN | {"zone": "UTC"}, {"ticket_by_start"}),
    ("office", "calendar_version"): (WEEK, {"ticket_by_start"}),
    ("office", "free_slot_list"): (
        {"member_ids": [], "from_at": TODAY, "minutes": None, "service_ids": [], "address_id": None}, {"assignment_by_member"}),
    ("technician", "feed_visits"): ({"everybody": False}, {"assignment_by_member", "line_item_by_ticket"}),
    ("office", "feed_visits"): ({"everybody": True}, {"ticket_by_start", "ticket_pkey", "line_item_by_ticket"}),
    ("office", "message_list"): ({"after_at": None, "after_id": None}, {"message_waiting", BY_ID}),
    ("office", "waitlist_list"): ({"after_on": None, "after_id": None}, {"waitlist_entry_waiting", BY_ID}),
    ("office", "contact_waitlist"): ({}, {"waitlist_entry_by_contact"}),
    ("office", "freed_slot_list"): ({"ticket_id": None}, {"freed_slot_ahead", "waitlist_entry_waiting", "assignment_by_member"}),
    ("office", "ticket_search"): (TYPED, {TOKENS, BY_ID, "ticket_by_contact"}),
    ("office", "note_search"): (TYPED, {TOKENS, BY_ID}),
    ("office", "invoice_search"): ({"number": 17}, {"invoice_number_is_unique"}),
}  # fmt: skip
# A waitlist of years in the largest business: most of it over, a hundred who wait, as many times ahead.
WAITLIST = """
set session_replication_role = replica;
create temporary table part as
select t.business_id, t.contact_id, a.member_id, t.id as ticket_id, row_number() over (order by t.starts_at desc) as n
from crm.ticket t join crm.assignment a on a.business_id = t.business_id and a.ticket_id = t.id
where t.business_id = (select business_id from crm.ticket group by 1 order by count(*) desc limit 1) order by t.starts_at desc limit 20000;
insert into crm.waitlist_entry (business_id, id, contact_id, from_on, status, ended_at, end_reason)
select business_id, md5('entry' || n)::uuid, contact_id, current_date - (n / 20)::integer, case when n <= 100 then 'waiting' else 'ended' end,
    case when n > 100 then now() end, case when n > 100 then 'long ago' end from part;
insert into crm.waitlist_entry_service (business_id, waitlist_entry_id, service_id, position)
select p.business_id, md5('entry' || n)::uuid, (select s.id from crm.service s where s.business_id = p.business_id order by s.id limit 1), 1 from part p;
insert into crm.freed_slot (business_id, id, member_id, ticket_id, starts_at, ends_at)
select business_id, md5('slot' || n)::uuid, member_id, ticket_id, at, at + interval '1 hour'
from part, lateral (select now() + make_interval(hours => 100 - n::integer) as at) t;
insert into crm.waitlist_offer (business_id, freed_slot_id, waitlist_entry_id, member_id, starts_at, ends_at, busy_until, status, ended_at)
select business_id, md5('slot' || n)::uuid, md5('entry' || n)::uuid, member_id, at, at + interval '1 hour', at + interval '1 hour', 'declined', at
from part, lateral (select now() + make_interval(hours => 100 - n::integer) as at) t where n > 100;
reset session_replication_role;
analyze crm.waitlist_entry, crm.waitlist_entry_service, crm.freed_slot, crm.waitlist_offer;
"""


@pytest.fixture(scope="module")
def url(home: Home) -> Iterator[str]:
    with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"create database {NAME}")
        schema.apply(home.url("postgres", NAME), context_key=home.secrets["context_key"].encode())
        large.make(
            home.url("postgres", NAME),
            LARGE + 2 * OTHERS,
            1 + OTHERS,
            say=lambda text: None,
            share=LARGE / (LARGE + 2 * OTHERS),
        )
        with psycopg.connect(home.url("postgres", NAME)) as waitlist:
            waitlist.execute(WAITLIST)
        yield home.url("postgres", NAME)
        connection.execute(f"drop database {NAME} with (force)")


def noted(
    url: str, who: str, statement: str | bytes, values: dict[str, Any] | None = None, order: tuple[str, ...] = ()
) -> str:
    """The plans of everything that a statement runs, functions within functions too."""
    heard: list[str] = []
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        person = connection.execute(
            "select m.business_id, m.id, s.id as service, coalesce((select t.contact_id from crm.assignment t where t.member_id = m.id limit 1), "
            "(select c.id from crm.contact c where c.business_id = m.business_id order by c.id limit 1)) as contact "
            "from crm.member m join crm.service s using (business_id) where m.role = %s and m.email like '%%@b1.%%' order by m.id, s.id limit 1",
            (who,),
        ).fetchone()
        assert person
        connection.execute(
            "select set_config('app.context', internal.sign_context(%s, %s, %s, 'person', 'web'), true)",
            (person.business_id, person.id, who),
        )
        connection.execute("load 'auto_explain'")
        connection.execute(
            "set local auto_explain.log_min_duration = 0; set local auto_explain.log_nested_statements = on; "
            "set local auto_explain.log_level = notice; set local role crm_app"
        )
        connection.add_notice_handler(lambda diag: heard.append(diag.message_primary or ""))
        if isinstance(statement, str):
            connection.execute(statement.format(service=person.service))  # type: ignore[call-overload]
        else:
            given = {"business_id": person.business_id, "member_id": person.id, "contact_id": person.contact} | (
                values or {}
            )
            psycopg.RawCursor(connection).execute(statement, [given[name] for name in order])
    return "\n".join(heard)


@pytest.mark.parametrize(("who", "call"), WITHIN)
def test_what_a_function_runs_stands_on_its_indexes(url: str, who: str, call: str) -> None:
    look_at(noted(url, who, f"select * from {call}"), WITHIN[who, call])


@pytest.mark.parametrize(("who", "name"), STATEMENTS)
def test_a_named_list_or_search_stands_on_its_indexes(url: str, who: str, name: str) -> None:
    statement, (values, indexes) = statements.load(SQL)[name], STATEMENTS[who, name]
    look_at(noted(url, who, statement.text, values, statement.parameters), indexes)


def test_every_search_and_list_of_contacts_is_looked_at() -> None:
    named = {
        name
        for name in statements.load(SQL)
        if re.search(r"contact.*(_list|_search|_filter|_filter_count|_duplicates|_timeline)$", name)
    }
    assert named - {"contact_import_list"} <= {name for _, name in STATEMENTS}


def look_at(text: str, indexes: set[str]) -> None:
    assert not set(re.findall(r"Seq Scan on (\w+)", text)) - SMALL, text
    # Asked of each contact in turn, never answered beforehand for everybody; the policies' own have two columns.
    assert not re.search(r"ANY \(\w+ = \(hashed SubPlan", text), text
    assert indexes <= set(re.findall(r"(?:using|Bitmap Index Scan on) (\w+)", text)), text


def test_a_table_that_is_read_whole_two_functions_down_is_noticed(url: str) -> None:
    assert "Seq Scan on permission" in noted(url, "office", "select * from api.capabilities()")
