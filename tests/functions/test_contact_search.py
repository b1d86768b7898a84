"""Who calls? A contact is found by whatever is known of them, by those who may see them and by nobody else."""

import pytest

from tests.conftest import PAT, PEOPLE, QUINN, RITA, TIDY, refused


@pytest.fixture
def zoe(psql):
    """Somebody with something of everything, as the office wrote it down."""
    office = psql("office")
    one = lambda sql, *values: office.execute(sql, values).fetchone()  # noqa: E731
    contact = one(
        "select id from api.contact_create('person', 'Zoë O''Hallöran', '+44 (0)7700 900-123', 'zoe.oh@example.org', null, 'Pays by check')"
    ).id
    one(
        "select id from api.address_create(%s, 'Shop', '17 Größe Street', 'Überlingen', null, 'SW1A 1AA', 'Ring at the baker''s')",
        contact,
    )
    one("select id from api.attribute_set(%s, 'pet', 'spaniel, Pip')", contact)
    one("select id from api.attribute_set(%s, 'gate code', '4471')", contact)
    return office, contact


def ranks(connection, words, most=20):
    rows = connection.execute(
        "select contact_id, min(rank) as rank from api.contact_search(%s, %s) group by contact_id", (words, most)
    )
    return {row.contact_id: row.rank for row in rows.fetchall()}


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("Zoë", 0), ("zoë o", 0), ("zoe", 2), ("ohalloran", 2), ("O'Hall", 2), ("hallöran zoe", 3), ("ohalloran zoe", 2),
        ("0123", 1), ("900123", 1), ("07700 900123", 1), ("+44 7700 900 123", 1), ("900-1", 1), ("9001", 1),
        ("zoe.oh@example", 2), ("grosse", 2), ("17 große", 2), ("uberlingen", 2), ("sw1a", 2), ("baker", 2), ("bakers shop", 2),
        ("spaniel", 2), ("pip zoe", 2), ("pet: spaniel", 2), ("pet:", 2), ("pet: pip", 2), ("gate code: 4471", 2), ("pays check", 2),
        ("ohaloran", 3), ("ohallroan", 3), ("ohallloran", 3), ("ohalleran", 3),
        ("ohxxloran", None), ("pet: cat", None), ("colour: spaniel", None), ("0124", None), ("%", None), ("'", None), ("\\", None),
        ("!&|():*<->", None), ("", None), ("   ", None), ("zoe " * 40, 2),
    ],
)  # fmt: skip
def test_found_by(zoe, words, rank):
    office, contact = zoe
    assert ranks(office, words).get(contact) == rank


def test_what_changes_is_found_by_what_it_is_now(zoe):
    office, contact = zoe
    office.execute("select api.contact_update(%s, 'person', 'Zadie', '555 0100', null, null, null)", (contact,))
    assert contact not in ranks(office, "ohalloran") | ranks(office, "900123") | ranks(office, "check")
    assert ranks(office, "zadie").get(contact) == 0
    fact = office.execute("select id from crm.attribute where contact_id = %s and key = 'pet'", (contact,)).fetchone()
    office.execute("select api.attribute_remove(%s)", (fact.id,))
    assert contact not in ranks(office, "spaniel")


def test_the_note_of_a_visit_is_found(zoe):
    office, contact = zoe
    ticket = office.execute(
        "select id from api.ticket_create(%s, null, now() + interval '40 days', now() + interval '961 hours', %s::uuid[])",
        (contact, [PEOPLE["technician"].member_id]),
    ).fetchone()
    office.execute("select api.ticket_clock_in(%s)", (ticket.id,))
    office.execute("select api.close_out_note(%s, 'long ladder for the stairwell')", (ticket.id,))
    assert contact in ranks(office, "stairwell")


def test_people_find_only_whom_they_may_see(psql):
    assert PAT in ranks(psql("owner"), "pat")
    assert PAT in ranks(psql("technician"), "pat")
    colleague = psql("colleague")
    visible = {row.id for row in colleague.execute("select id from crm.contact").fetchall()}
    for words in ("pat", "quinn", "madison", "35758", "555"):
        assert ranks(colleague, words).keys() <= visible
    for words in ("rita", "pat", "madison", "555", "london"):
        found = ranks(psql("stranger"), words).keys()
        assert not found & {PAT, QUINN}
    assert RITA not in ranks(psql("owner"), "rita")


def test_who_has_no_context_finds_nothing(psql):
    with refused("context_is_missing"):
        psql().execute("select * from api.contact_search('pat')")


@pytest.mark.parametrize("table", ["crm.contact", "crm.address", "crm.attribute"])
def test_many_rows_in_one_statement_are_kept_at_once(admin, signer, table):
    from tests.conftest import become

    become(admin, signer, "owner")
    mine = [
        admin.execute("select id from api.contact_create('person', %s)", (f"Many {n}",)).fetchone().id
        for n in range(30)
    ]
    for contact in mine:
        admin.execute("select api.address_create(%s, null, '1 Elm St', null, null, null, null)", (contact,))
    admin.execute("delete from internal.contact_search where contact_id = any (%s)", (mine,))
    admin.execute(
        "insert into crm.attribute (contact_id, key, value) select unnest(%s::uuid[]), 'paint', 'green'", (mine,)
    )
    whose = "id" if table == "crm.contact" else "contact_id"
    admin.execute(f"update {table} set updated_at = now() where business_id = %s and {whose} = any (%s)", (TIDY, mine))
    assert ranks(admin, "paint: green", 100).keys() == set(mine)


def test_a_technician_who_writes_takes_nothing_away(psql, admin, signer):
    """What a contact is found by is written down as a whole, also by those who see only a part of it."""
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("insert into crm.attribute (contact_id, key, value) values (%s, 'paint', 'green')", (PAT,))
    become(admin, signer, "technician")
    admin.execute("select api.attribute_set(%s, 'window', 'sash')", (PAT,))
    context = admin.execute("select role from internal.context()").fetchone()
    assert context.role == "technician", "and goes on as who they are"
    assert {PAT} <= ranks(admin, "green").keys() & ranks(admin, "sash").keys()
