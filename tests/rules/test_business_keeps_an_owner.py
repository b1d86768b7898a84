"""The last owner stays, also when the last two demote each other at the same moment."""

import threading

import psycopg

from tests.conftest import PEOPLE, TIDY, become, refused


def test_the_last_owner_is_neither_demoted_nor_disabled(psql):
    owner = psql("owner")
    for call in ("select api.member_update(%s, 'Olive', 'office')", "select api.member_disable(%s, true)"):
        with refused("business_keeps_an_owner"), owner.transaction():
            owner.execute(call, (PEOPLE["owner"].member_id,))


def test_two_owners_who_demote_each_other_leave_one(home, signer):
    second = PEOPLE["office"]
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "owner")
        connection.execute("update crm.member set role = 'owner' where id = %s", (second.member_id,))
    outcomes, start = [], threading.Barrier(2)

    def demote(victim) -> None:
        with psycopg.connect(home.admin_url) as connection:
            connection.execute("select internal.act_as(%s, null, 'worker')", (TIDY,))
            start.wait()
            try:
                connection.execute("update crm.member set role = 'office' where id = %s", (victim.member_id,))
                connection.commit()
                outcomes.append("demoted")
            except psycopg.Error as error:
                outcomes.append(error.diag.constraint_name)

    threads = [threading.Thread(target=demote, args=(victim,)) for victim in (PEOPLE["owner"], second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert sorted(outcomes) == ["business_keeps_an_owner", "demoted"]
    finally:
        with psycopg.connect(home.admin_url) as connection:
            connection.execute("select internal.act_as(%s, null, 'worker')", (TIDY,))
            connection.execute("update crm.member set role = 'owner' where id = %s", (PEOPLE["owner"].member_id,))
            connection.execute("update crm.member set role = 'office' where id = %s", (second.member_id,))
