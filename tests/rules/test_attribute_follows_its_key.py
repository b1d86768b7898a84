"""Facts of one name are of one kind, whoever types them where."""

from tests.conftest import PAT, TIDY, refused, savepoint


def test_update_typed_in_psql_is_held_to_the_kind(admin, psql, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("insert into crm.attribute_key (key, kind) values ('storeys', 'number')")
    admin.execute("insert into crm.attribute (contact_id, key, value) values (%s, 'storeys', '2')", (PAT,))
    with refused("attribute_value_fits_its_kind"), savepoint(admin):
        admin.execute("update crm.attribute set value = 'two' where business_id = %s and key = 'storeys'", (TIDY,))
    with refused("attribute_kind_follows_its_name"), savepoint(admin):
        admin.execute("update crm.attribute set kind = 'text' where business_id = %s and key = 'storeys'", (TIDY,))


def test_kind_carries_its_facts_along_or_not_at_all(admin, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("insert into crm.attribute (contact_id, key, value) values (%s, 'awning', 'Yes')", (PAT,))
    with refused("attribute_value_fits_its_kind"), savepoint(admin):
        admin.execute("update crm.attribute_key set kind = 'number' where key = 'awning'")
    admin.execute("update crm.attribute_key set kind = 'yes_no' where key = 'awning'")
    row = admin.execute("select kind, value from crm.attribute where key = 'awning'").fetchone()
    assert (row.kind, row.value) == ("yes_no", "yes")


def test_number_in_international_form_ends_with_its_number(admin, signer):
    from tests.conftest import become

    become(admin, signer, "owner")
    admin.execute("update crm.contact set phone = '256 555 0131', phone_e164 = '+12565550131' where id = %s", (PAT,))
    with refused("contact_phone_e164_is_its_number"), savepoint(admin):
        admin.execute("update crm.contact set phone_e164 = '+12565559999' where id = %s", (PAT,))
    admin.execute("update crm.contact set phone = '256 555 7777' where id = %s", (PAT,))
    assert admin.execute("select phone_e164 from crm.contact where id = %s", (PAT,)).fetchone().phone_e164 is None
