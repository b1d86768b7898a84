"""What is saved can be looked through at a glance: a fifty-first list is refused, another of the same name is not."""

from tests.conftest import refused, savepoint


def test_fifty_lists_and_no_more(psql):
    office = psql("office")
    office.execute("select api.saved_list_remove(id) from crm.saved_list")
    for number in range(50):
        office.execute("select api.saved_list_save(%s, 'quiet=6')", (f"List {number}",))
    with refused("saved_list_is_one_of_50"), savepoint(office):
        office.execute("select api.saved_list_save('One more', 'quiet=6')")
    office.execute("select api.saved_list_save('LIST 7', 'quiet=7')")
    names = {row.name: row.query for row in office.execute("select name, query from crm.saved_list").fetchall()}
    assert len(names) == 50
    assert names["LIST 7"] == "quiet=7"


def test_a_name_is_used_once_whatever_its_case(admin, signer):
    from tests.conftest import become

    become(admin, signer, "office")
    admin.execute("insert into crm.saved_list (name, query) values ('Once', 'quiet=6')")
    with refused("saved_list_name_is_used_once"):
        admin.execute("insert into crm.saved_list (name, query) values ('ONCE', 'quiet=9')")
