"""Erasing a person: no word of theirs is left anywhere, the books still add up, and a backup does not bring them back."""

import io
import json
import re
import zipfile
from typing import Any

import psycopg
import pytest

from tests.conftest import PANES, PEOPLE, TIDY, become, refused, savepoint

WORD = "zyxwort"  # in everything that is known of her, and in nothing else
TEXTS = """
select c.oid::regclass::text as name from pg_class c
where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace) and c.relkind in ('r', 'p') and not c.relispartition
"""


class Life:
    """A customer with everything a customer can have, all of it closed."""

    def __init__(self, connection: Any, signer: Any) -> None:
        self.connection, self.signer = connection, signer
        become(connection, signer, "owner")
        self.contact = self("contact_create('person', %s, '907 555 0143', %s, 'call', %s, null, '256 555 0198', null, 'evening', %s)",
                            f"Zora {WORD}", f"{WORD}@example.com", f"{WORD} note", f"{WORD} next door")  # fmt: skip
        self.used = self(
            "address_create(%s, %s, %s, %s, %s, %s, %s)",
            self.contact,
            f"{WORD} l",
            f"1 {WORD} St",
            WORD,
            WORD,
            f"{WORD} 1",
            f"{WORD} gate",
        )
        self("address_create(%s, null, %s, null, null, null, null)", self.contact, f"2 {WORD} St")
        fact = self("attribute_set(%s, 'pet', %s)", self.contact, f"{WORD} cat")
        self("attribute_set(%s, 'pet', %s)", self.contact, f"{WORD} dog")
        self("attribute_remove(%s)", fact)
        self("attribute_set(%s, 'gate', %s)", self.contact, f"{WORD} code")
        self.import_her()
        note = self("note_add(%s, %s)", self.contact, f"{WORD} rang")
        self("time_off_add(%s, current_date + 29, current_date + 31)", PEOPLE["technician"].member_id)
        self("note_update(%s, %s)", note, f"{WORD} rang twice")
        self.done = self.visit(f"before {WORD}")
        self.close(self.done)
        self("note_add(%s, %s, %s)", self.contact, f"{WORD} at the visit", self.done)
        self(
            "file_add(null, %s, %s, 'document', %s, 'application/pdf', 3, null, null, %s)",
            self.contact,
            self.done,
            f"{WORD}.pdf",
            WORD.encode(),
        )
        self.invoice = self("invoice_create(%s)", self.done)
        self("invoice_issue(%s)", self.invoice)
        self("payment_record(%s, 433, 'check', current_date, %s)", self.invoice, f"{WORD} check")
        void = self.visit("")
        self.close(void)
        voided = self("invoice_create(%s)", void)
        self("invoice_issue(%s)", voided)
        self("invoice_void(%s, %s)", voided, f"{WORD} asked")
        self("ticket_cancel(%s, %s)", self.visit(""), f"{WORD} is ill")
        self.wait()

    def __call__(self, call: str, *values: Any) -> Any:
        return self.connection.execute(f"select id from api.{call}", values).fetchone().id

    def import_her(self) -> None:
        """A file that had her once more, and a row that failed."""
        columns = ["Name", "E-mail", "Note"]
        made = self("contact_import_create('book.csv', 'csv', null, %s, %s)", columns, ["name", "email", "note"])
        rows = [
            [f"Zora {WORD}", f"{WORD}@example.com", f"{WORD} in a file"],
            ["", f"{WORD}@example.com", f"{WORD} again"],
        ]
        self.connection.execute("select api.contact_import_rows_add(%s, 1, %s)", (made, json.dumps(rows)))
        self.connection.execute("select api.contact_import_start(%s)", (made,))
        people = [
            {"number": 1, "kind": "person", "name": f"Zora {WORD}", "email": f"{WORD}@example.com"},
            {"number": 2, "failed": "This row has no name."},
            {"number": 3, "failed": "Nothing is known of them."},
        ]
        become(self.connection, self.signer, "worker")
        self.connection.execute("select api.contact_import_apply(%s, %s)", (made, json.dumps(people)))
        become(self.connection, self.signer, "owner")

    def wait(self) -> None:
        """On the waitlist once more, with an offer that waits to be sent."""
        self(
            "waitlist_entry_end(%s, %s)",
            self("waitlist_entry_create(%s, p_note => %s)", self.contact, f"{WORD} rings"),
            f"{WORD} rang",
        )
        waiting = self(
            "waitlist_entry_create(%s, p_address_id => %s, p_note => %s)",
            self.contact,
            self.used,
            f"{WORD} rings again",
        )
        given_up = self(
            "ticket_create(%s, null, now() + '41 days', now() + '41 days 1 hour', %s::uuid[], '{}', null, 'a test')", self.contact, [PEOPLE["technician"].member_id]
        )  # fmt: skip
        self("ticket_cancel(%s, 'rain')", given_up)
        slot = self.connection.execute("select id from crm.freed_slot where ticket_id = %s", (given_up,)).fetchone()
        self.offer = self("waitlist_offer_make(%s, %s)", slot.id, waiting)

    def visit(self, instructions: str) -> Any:
        """Booked over another one, and on a day off: for either there is a reason, in her words."""
        return self("ticket_create(%s, %s, now() + '30 days', now() + '30 days 1 hour', %s::uuid[], %s::uuid[], %s, %s)",
                    self.contact, self.used, [PEOPLE["technician"].member_id], [PANES], instructions, f"over another, {WORD}")  # fmt: skip

    def close(self, ticket: Any) -> None:
        self("ticket_clock_in(%s)", ticket)
        self.connection.execute("select api.close_out_gap(%s, 'work', %s)", (ticket, f"{WORD} was out"))
        words = f"{WORD} has a parrot"
        self.connection.execute("select api.close_out_note(%s, %s)", (ticket, words))
        self.connection.execute(
            "select api.proposal_replace(%s, %s)",
            (ticket, json.dumps([{"key": "bird", "value": words, "words": words, "starts_at": 0}])),
        )
        self.connection.execute("select api.close_out_next(%s, 'message', 3)", (ticket,))
        self("ticket_complete(%s)", ticket)


@pytest.fixture
def life(admin, signer):
    admin.execute("set local session authorization crm_app")
    return Life(admin, signer)


def places_of(connection: Any, word: str) -> set[str]:
    """Every table in which the word stands somewhere, as it is or in the hexadecimal of bytes."""
    connection.execute("set session authorization default")
    tables = [row.name for row in connection.execute(TEXTS).fetchall()]
    return {
        name for name in tables
        if connection.execute(f"select 1 from {name} t where t::text ilike any (%s) limit 1", ([f"%{word}%", f"%{word.encode().hex()}%"],)).fetchone()
    }  # fmt: skip


def test_there_is_a_word_everywhere_before(life):
    expected = {
        "contact",
        "address",
        "attribute",
        "note",
        "ticket",
        "invoice",
        "payment",
        "gap",
        "assignment",
        "file",
        "file_content",
        "audit_entry",
        "contact_import_row",
        "waitlist_entry",
    }
    assert {f"crm.{name}" for name in expected} | {"internal.contact_search"} <= places_of(life.connection, WORD)


def test_no_word_is_left_anywhere(life):
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"  zora {WORD}"))
    assert places_of(life.connection, WORD) == set()
    assert places_of(life.connection, "555 0143") == set()
    assert places_of(life.connection, "9075550143") == set()


def test_who_is_erased_waits_for_nothing_and_is_offered_nothing(life):
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    states = life.connection.execute(
        "select status from crm.waitlist_entry where contact_id = %s", (life.contact,)
    ).fetchall()
    assert [row.status for row in states] == ["ended", "ended"]
    offer = life.connection.execute(
        "select status, message_id from crm.waitlist_offer where id = %s", (life.offer,)
    ).fetchone()
    assert offer == ("withdrawn", None)


def test_no_word_is_left_of_a_merge_that_was_undone(life):
    other = life("contact_create('person', 'Otto Other')")
    merge = life.connection.execute(
        "select * from api.contact_merge(%s, %s, '{phone,note,email}')", (other, life.contact)
    ).fetchone()
    life.connection.execute("select api.contact_merge_undo(%s)", (merge.change_set_id,))
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    assert places_of(life.connection, WORD) == set()
    row = life.connection.execute("select name from crm.contact where id = %s", (other,)).fetchone()
    assert row.name == "Otto Other"


def test_no_word_is_left_in_what_only_repeats_them(life):
    """A file that was not imported yet, an export that waits to be taken away, a saved search."""
    made = life("contact_import_create('later.csv', 'csv', null, '{Name,Mail}', '{name,email}')")
    rows = json.dumps([[f"{WORD.upper()} Zora", ""], ["Nils Next", "nils@example.com"]])
    life.connection.execute("select api.contact_import_rows_add(%s, 1, %s)", (made, rows))
    life("saved_list_save('Her', %s)", f"q=zora+{WORD}")
    life.connection.execute("select api.data_export_remove(id) from crm.data_export")
    export = life("data_export_create()")
    become(life.connection, life.signer, "worker")
    life.connection.execute(
        "select api.data_export_part_add(%s, 0, 1, null, %s, %s, false)", (export, WORD.encode(), WORD.encode())
    )
    become(life.connection, life.signer, "owner")
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    assert places_of(life.connection, WORD) == set()
    kept = life.connection.execute("select state, total_rows from crm.contact_import where id = %s", (made,)).fetchone()
    assert (kept.state, kept.total_rows) == ("cancelled", 0)


@pytest.mark.parametrize(
    "call",
    ["note_add(%s, 'More')", "attribute_set(%s, 'pet', 'cat')", "address_create(%s, null, '1 Elm St', null, null, null, null)",
     "file_add(null, %s, null, 'document', 'x.pdf', 'application/pdf', 1, null, null, 'x')"],
)  # fmt: skip
def test_nothing_more_is_written_about_who_was_erased(life, call):
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    with refused("contact_erased_stays_erased"):
        life(call, life.contact)


def test_places_of_visits_take_no_new_words(life):
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    with refused("contact_erased_stays_erased"):
        life("address_update(%s, null, '1 Elm St', null, null, null, null)", life.used)


async def test_page_of_who_was_erased_offers_nothing_that_is_refused(browse, home, signer):
    with psycopg.connect(home.admin_url, row_factory=psycopg.rows.namedtuple_row) as connection:
        life = Life(connection, signer)
    owner = await browse("owner")
    theirs = re.compile(
        rf'(?:href|action)="(/(?:contacts/{life.contact}|addresses|attributes|notes|tickets/new)[^"]*)"'
    )
    page = f"/contacts/{life.contact}"
    living = set(theirs.findall(await (await owner.get(page)).get_data(as_text=True)))
    assert {f"{page}/edit", f"{page}/notes", f"{page}/consent", f"{page}/files", f"/tickets/new?contact={life.contact}",
            f"{page}/attributes/new", f"{page}/addresses/new", f"/addresses/{life.used}/edit"} <= living  # fmt: skip
    assert (await owner.post(f"{page}/erasure", name=f"Zora {WORD}")).status_code == 303
    assert set(theirs.findall(await (await owner.get(page)).get_data(as_text=True))) == {f"{page}/privacy"}
    assert "Add photos" not in await (await owner.get(f"{page}/files")).get_data(as_text=True)


def test_money_stays_under_a_pseudonym(life):
    before = life.connection.execute(
        "select id, number, total_minor, paid_minor, issued_on, status from crm.invoice where contact_id = %s order by id",
        (life.contact,),
    ).fetchall()
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    after = life.connection.execute(
        "select id, number, total_minor, paid_minor, issued_on, status from crm.invoice where contact_id = %s order by id",
        (life.contact,),
    ).fetchall()
    assert before == after
    names = {
        row.bill_to_name
        for row in life.connection.execute(
            "select bill_to_name from crm.invoice where contact_id = %s", (life.contact,)
        )
    }
    assert names == {f"Erased customer {str(life.contact)[-6:]}"}


def test_merged_contacts_go_together(life):
    other = life("contact_create('person', %s, '256 555 0177', null, null, %s)", f"Old {WORD}", f"{WORD} of old")
    life("address_create(%s, null, %s, null, null, null, null)", other, f"9 {WORD} Rd")
    life("attribute_set(%s, 'alarm', %s)", other, f"{WORD} alarm")
    merge = life.connection.execute(
        "select * from api.contact_merge(%s, %s, '{phone}')", (life.contact, other)
    ).fetchone()
    with refused("contact_merged_is_erased_with_the_other"), savepoint(life.connection):
        life.connection.execute("select api.contact_erase(%s, %s)", (other, f"Old {WORD}"))
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    assert places_of(life.connection, WORD) == set()
    with refused("change_set_was_changed_since"):
        life.connection.execute("select api.contact_merge_undo(%s)", (merge.change_set_id,))


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        ("visit", "contact_erased_has_no_open_visit"),
        ("invoice", "contact_erased_has_no_open_invoice"),
        ("name", "contact_name_is_confirmed"),
    ],
)
def test_what_is_open_is_closed_first(life, make, rule):
    name = f"Zora {WORD}"
    if make == "visit":
        life.visit("")
    elif make == "invoice":
        ticket = life.visit("")
        life.close(ticket)
        life("invoice_create(%s)", ticket)
    else:
        name = "Zora"
    with refused(rule):
        life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, name))


def test_only_words_go_and_only_in_that_transaction(life):
    """Not even a superuser changes a closed visit, a payment or the audit with an erasure as an excuse."""
    life.connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
    life.connection.execute("set session authorization default")
    for rule, change in (
        ("ticket_closed_is_final", f"update crm.ticket set note = 'Other words' where id = '{life.done}'"),
        (
            "ticket_closed_is_final",
            f"update crm.ticket set starts_at = starts_at + interval '1 day' where id = '{life.done}'",
        ),
        (
            "invoice_closed_is_final",
            f"update crm.invoice set bill_to_name = 'Me', total_minor = 1 where id = '{life.invoice}'",
        ),
        ("payment_is_append_only", f"update crm.payment set amount_minor = 1 where invoice_id = '{life.invoice}'"),
        ("payment_is_append_only", f"delete from crm.payment where invoice_id = '{life.invoice}'"),
        (
            "audit_entry_is_append_only",
            f"update crm.audit_entry set role = 'worker' where contact_id = '{life.contact}'",
        ),
        (
            "audit_entry_is_append_only",
            f"update crm.audit_entry set new = '{{}}' where contact_id = '{life.contact}' and new <> '{{}}'",
        ),
        ("audit_entry_is_append_only", f"delete from crm.audit_entry where contact_id = '{life.contact}'"),
        ("contact_erased_stays_erased", f"update crm.contact set name = 'Back' where id = '{life.contact}'"),
        ("erasure_is_append_only", f"update crm.erasure set member_id = null where contact_id = '{life.contact}'"),
        ("erasure_is_append_only", f"delete from crm.erasure where contact_id = '{life.contact}'"),
    ):
        with refused(rule), savepoint(life.connection):
            life.connection.execute(change)


@pytest.mark.parametrize("who", ["none", "crm_owner"])
def test_nobody_is_marked_as_erased_without_a_line_in_the_journal(life, who):
    life.connection.execute("set session authorization default")
    life.connection.execute(f"set local role {who}")
    mark = "update crm.contact set erased_at = now(), archived_at = now() where id = %s"
    with refused("contact_erased_is_in_the_journal"), savepoint(life.connection):
        life.connection.execute(mark, (life.contact,))
    # The line of somebody else, or of another time, is not theirs.
    other = life("contact_create('person', 'Otto Other')")
    life.connection.execute("insert into crm.erasure (contact_id) values (%s)", (other,))
    with refused("contact_erased_is_in_the_journal"), savepoint(life.connection):
        life.connection.execute(mark, (life.contact,))
    life.connection.execute(
        "insert into crm.erasure (contact_id, transaction_id) values (%s, (pg_current_xact_id()::text::bigint - 1)::text::xid8)",
        (life.contact,),
    )
    with refused("contact_erased_is_in_the_journal"), savepoint(life.connection):
        life.connection.execute(mark, (life.contact,))
    with refused("contact_erased_is_in_the_journal"), savepoint(life.connection):
        life.connection.execute(
            "insert into crm.contact (kind, name, archived_at, erased_at) values ('person', 'Gone', now(), now())"
        )


def test_without_an_erasure_no_word_goes(life):
    life.connection.execute("set session authorization default")
    with refused("ticket_closed_is_final"), savepoint(life.connection):
        life.connection.execute("update crm.ticket set note = null where id = %s", (life.done,))
    with refused("audit_entry_is_append_only"), savepoint(life.connection):
        life.connection.execute(
            "update crm.audit_entry set old = internal.erased_words(old), new = internal.erased_words(new), reasoning = null"
        )
    with refused("payment_is_append_only"), savepoint(life.connection):
        life.connection.execute("update crm.payment set reference = null where invoice_id = %s", (life.invoice,))


def test_journal_erases_again_what_a_backup_brought_back(life):
    """The state of before, and the journal of after."""
    life.connection.execute("set session authorization default")
    life.connection.execute("set local role crm_owner")
    row = life.connection.execute("select internal.erasure_replay(%s, %s) as times", (TIDY, life.contact)).fetchone()
    assert row.times == 1
    row = life.connection.execute("select internal.erasure_replay(%s, %s) as times", (TIDY, life.contact)).fetchone()
    assert row.times == 0
    life.connection.execute("reset role")
    assert places_of(life.connection, WORD) == set()


async def test_export_is_everything_in_one_file(browse, home, signer):
    with psycopg.connect(home.admin_url, row_factory=psycopg.rows.namedtuple_row) as connection:
        life = Life(connection, signer)
    office = await browse("office")
    await office.get("/contacts")
    answer = await office.client.post(
        f"/contacts/{life.contact}/export", form={"csrf": office.token}, headers=office.HEADERS
    )
    assert answer.status_code == 200
    assert "Zora-zyxwort.zip" in answer.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(await answer.get_data()))
    data = json.loads(archive.read("data.json"))
    assert set(data) == {
        "contact",
        "address",
        "attribute",
        "note",
        "ticket",
        "line_item",
        "invoice",
        "payment",
        "message",
        "file",
        "waitlist_entry",
    }
    assert len(data["address"]) == 2
    assert [archive.read(name) for name in archive.namelist() if name.startswith("files/")] == [WORD.encode()]
    with psycopg.connect(home.admin_url, row_factory=psycopg.rows.namedtuple_row) as connection:
        read = connection.execute(
            "select role from crm.audit_entry where contact_id = %s and operation = 'read'", (life.contact,)
        ).fetchall()
        assert [row.role for row in read] == ["office"]
        become(connection, signer, "owner")
        connection.execute("select api.contact_erase(%s, %s)", (life.contact, f"Zora {WORD}"))
