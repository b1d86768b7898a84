"""The plans of statements within functions, which no `explain` of the call shows: the server itself notes them.

A database of its own holds two businesses of a size at which a wrong plan is a slow one.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm import schema
from crm.demo import large
from crm.run import Home

NAME = "plans_within"
TOKENS, BY_NAME, BY_ID = "contact_search_by_token", "contact_by_name", "contact_pkey"
ADDRESSES = "address_belongs_to_one_contact"
# Small, and of every business: which keys sign, what each role may, and what it is called.
SMALL = {"context_key", "permission", "business", "member", "membership", "service"}
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
    ("office", "api.contact_filter(p_owes => 'unpaid')"): {"invoice_open_by_contact", BY_ID},
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


@pytest.fixture(scope="module")
def url(home: Home) -> Iterator[str]:
    with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"create database {NAME}")
        schema.apply(home.url("postgres", NAME), context_key=home.secrets["context_key"].encode())
        large.make(home.url("postgres", NAME), 4000, 2, say=lambda text: None)
        yield home.url("postgres", NAME)
        connection.execute(f"drop database {NAME} with (force)")


def noted(url: str, who: str, call: str) -> str:
    """The plans of everything that a call runs, functions within functions too."""
    heard: list[str] = []
    with psycopg.connect(url, row_factory=namedtuple_row) as connection:
        person = connection.execute(
            "select m.business_id, m.id, s.id as service from crm.member m join crm.service s using (business_id) where m.role = %s "
            "order by (select count(*) from crm.contact c where c.business_id = m.business_id) desc, m.id, s.id limit 1",
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
        connection.execute(f"select * from {call.format(service=person.service)}")  # type: ignore[call-overload]
    return "\n".join(heard)


@pytest.mark.parametrize(("who", "call"), WITHIN)
def test_what_a_function_runs_stands_on_its_indexes(url: str, who: str, call: str) -> None:
    text = noted(url, who, call)
    assert not set(re.findall(r"Seq Scan on (\w+)", text)) - SMALL, text
    # Asked of each contact in turn, never answered beforehand for everybody; the policies' own have two columns.
    assert not re.search(r"ANY \(\w+ = \(hashed SubPlan", text), text
    used = set(re.findall(r"(?:using|Bitmap Index Scan on) (\w+)", text))
    assert WITHIN[who, call] <= used, text


def test_a_table_that_is_read_whole_two_functions_down_is_noticed(url: str) -> None:
    assert "Seq Scan on permission" in noted(url, "office", "api.capabilities()")
