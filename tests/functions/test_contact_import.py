"""What was imported and exported is imported again: nobody is there twice, and nothing is written over."""

import json

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import namedtuple_row, tuple_row

from crm.book.mapping import guess
from crm.book.reader import read
from crm.book.writer import csv_bytes
from crm.cli import main
from crm.worker.contact_import import people_of
from tests.conftest import PEOPLE, TIDY, become

COLUMNS = [
    "Name",
    "Organisation",
    "Phone",
    "Other phone",
    "E-mail",
    "Note",
    "Street",
    "City",
    "Postcode",
    "Referred by",
    "Tags",
    "pet",
    "ladder",
]
BOOK = """
select case c.kind when 'person' then c.name else '' end, case c.kind when 'organisation' then c.name else '' end,
       coalesce(c.phone, ''), coalesce(c.other_phone, ''), coalesce(c.email, ''), coalesce(c.note, ''), coalesce(a.street, ''), coalesce(a.city, ''),
       coalesce(a.postcode, ''), coalesce(c.referred_by, ''), coalesce(f.facts ->> 'tags', ''), coalesce(f.facts ->> 'pet', ''), coalesce(f.facts ->> 'ladder', '')
from crm.contact_import_row r join crm.contact c on c.business_id = r.business_id and c.id = r.contact_id
left join crm.address a on a.business_id = c.business_id and a.contact_id = c.id
left join lateral (select jsonb_object_agg(key, value) as facts from crm.attribute f where f.business_id = c.business_id and f.contact_id = c.id) f on true
where r.business_id = %s and r.contact_import_id = %s and r.outcome = 'created' order by r.number
"""
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=24)
few = st.sampled_from(["", "Ann", "ann", "Zoë Bom", "O'Brien & Sons", "=1+1"])
rows = st.lists(
    st.tuples(
        few | words, st.sampled_from(["", "", "Acme", "acme", "Ann"]), st.sampled_from(["", "256-555-0161", "+1 256 555 0162", "12345", "2.565550163E9"]),
        st.sampled_from(["", "256 555 0161", "0044 20 7946 0164"]), st.sampled_from(["", "ann@example.com", "ANN@example.com", "bob@example.com", "nobody@"]),
        words, st.sampled_from(["", "1 Elm St", "1 ELM ST", "2 Elm St"]), words, st.sampled_from(["", "02134", "35758"]), words,
        st.sampled_from(["", "vip", "vip, weekly"]), words, words,
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def take_in(connection, signer, data, duplicates):
    """A whole import, as the office and the worker do it. Its row."""
    table = read("book.csv", data)
    become(connection, signer, "office")
    mapping = guess(table.columns, table.rows)
    made = connection.execute(
        "select id from api.contact_import_create('book.csv', 'csv', null, %s, %s)", (list(table.columns), mapping)
    ).fetchone()[0]
    connection.execute("select api.contact_import_rows_add(%s, 1, %s)", (made, json.dumps(table.rows)))
    connection.execute("select api.contact_import_map(%s, %s, %s)", (made, mapping, duplicates))
    connection.execute("select api.contact_import_start(%s)", (made,))
    become(connection, signer, "worker")
    waiting = connection.execute(
        "select number, cells from crm.contact_import_row where contact_import_id = %s order by number", (made,)
    ).fetchall()
    return connection.execute(
        "select * from api.contact_import_apply(%s, %s)", (made, people_of(waiting, mapping, "America/Chicago"))
    ).fetchone()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows)
def test_what_is_exported_is_imported_again_and_changes_nothing(home, signer, rows):
    with (
        psycopg.connect(home.url(), row_factory=namedtuple_row) as connection,
        connection.transaction(force_rollback=True),
    ):
        first = take_in(connection, signer, csv_bytes(COLUMNS, [*rows, ["Somebody", *[""] * 12]]), "skip")
        assert first.state == "done"
        book = connection.cursor(row_factory=tuple_row).execute(BOOK, (TIDY, first.id)).fetchall()
        assert len(book) == first.created > 0
        again = take_in(connection, signer, csv_bytes(COLUMNS, book), "skip")
        assert (again.created, again.failed, again.skipped) == (0, 0, first.created)
        update = take_in(connection, signer, csv_bytes(COLUMNS, book), "update")
        assert (update.created, update.failed, update.updated) == (0, 0, 0)
        changes = "select count(*) as n from crm.audit_entry where change_set_id = %s and table_name in ('contact', 'address', 'attribute')"
        assert connection.execute(changes, (update.change_set_id,)).fetchone().n == 0


def test_the_command_line_moves_somebody_in(home, tmp_path, monkeypatch, capsys):
    for name, value in {**home.environment(), "CRM_DATABASE_ADMIN_URL": home.admin_url}.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "customers.csv"
    file.write_bytes(b"Name,City\nCleo Command,Madison\nCarl Command,\n")
    main(["import", str(file), "--as", "omar@tidy.test", "--duplicates", "update"])
    assert capsys.readouterr().out.startswith("2 rows are on their way into the book")
    with psycopg.connect(home.admin_url) as connection:
        made = connection.execute(
            "select state, duplicates, total_rows, member_id from crm.contact_import order by id desc limit 1"
        ).fetchone()
    assert made == ("waiting", "update", 2, PEOPLE["office"].member_id)
    file.write_bytes(b"\x89PNG")
    with pytest.raises(SystemExit, match="This looks like a picture"):
        main(["import", str(file), "--as", "omar@tidy.test"])
    file.write_bytes(b"Name\nAnn\n")
    with pytest.raises(SystemExit, match="Your role"):
        main(["import", str(file), "--as", "tess@tidy.test"])
