"""For whom a transaction acts: only what the application signed, only while it is true."""

from dataclasses import replace

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm.context import HOUSE, Actor, Signer, worker
from tests.conftest import PEOPLE, RIVAL, TIDY
from tests.rls.contexts import FORGERIES
from tests.rls.stage import Connection, Stage, row_id

READ = "select business_id from crm.business"
ACT = "select api.contact_create('person', 'Nobody')"
ENTER = "select internal.enter(current_setting('app.context'), false, '{contact_list}')"


def use(stage: Stage, context: str, login: str = "crm_app") -> None:
    stage.become(None, login)
    stage.connection.execute("select set_config('app.context', %s, true)", (context,))


@pytest.mark.parametrize("login", ["crm_app", "crm_support"])
@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_is_refused(stage: Stage, name: str, login: str) -> None:
    forged = FORGERIES[name](stage.signer.sign(PEOPLE["technician"].actor()), stage.signer)
    use(stage, forged, login)
    rule = {"empty": "context_is_missing"}.get(
        name, "context_is_expired" if name.startswith("expired") else "context_is_forged"
    )
    for statement in (READ, ACT, ENTER, "select internal.current_business()", "select internal.current_role()"):
        outcome = stage.attempt(statement)
        assert (outcome.sqlstate, outcome.rule) == ("42501", rule), statement
        assert "key" not in outcome.words


@pytest.mark.parametrize("login", ["crm_app", "crm_support"])
def test_nothing_is_shown_without_a_context(built: Stage, login: str) -> None:
    with psycopg.connect(built.url(login)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        connection.execute(READ)
    assert caught.value.diag.constraint_name == "context_is_missing"


def test_good_context_is_believed(stage: Stage) -> None:
    stage.become("technician")
    assert stage.attempt(READ).rows == [(TIDY,)]
    assert stage.attempt("select role, kind, source, member_id from internal.context()").rows == [
        ("technician", "person", "web", PEOPLE["technician"].member_id)
    ]


def test_request_id_cannot_smuggle_a_role(stage: Stage) -> None:
    stage.become(Actor(TIDY, "technician", PEOPLE["technician"].member_id, request_id="x|owner|\n'\x00é"))
    assert stage.attempt("select role, request_id from internal.context()").rows == [("technician", "xowner")]


def test_other_settings_are_not_believed(stage: Stage) -> None:
    stage.become("technician")
    for name in ("business", "business_id", "current_business", "tenant", "tenant_id", "member_id", "user_id", "role"):
        stage.connection.execute(
            "select set_config(%s, %s, true)", (f"app.{name}", "owner" if name == "role" else str(RIVAL))
        )
    assert stage.attempt("select business_id, member_id, role from internal.context()").rows == [
        (TIDY, PEOPLE["technician"].member_id, "technician")
    ]


def test_context_ends_with_its_transaction(built: Stage, signer: Signer) -> None:
    with psycopg.connect(built.url("crm_app"), autocommit=True) as connection:
        with connection.transaction():
            connection.execute("select set_config('app.context', %s, true)", (signer.sign(PEOPLE["owner"].actor()),))
            assert connection.execute(READ).fetchall() == [(TIDY,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(READ)


def test_statement_prepared_for_one_business_answers_the_next_one(built: Stage, signer: Signer) -> None:
    with psycopg.connect(built.url("crm_app"), autocommit=True) as connection:
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.execute("prepare who as select business_id from crm.contact group by 1")
        for person in ("owner", "stranger", "owner"):
            with connection.transaction():
                connection.execute("select set_config('app.context', %s, true)", (signer.sign(PEOPLE[person].actor()),))
                assert connection.execute("execute who").fetchall() == [(PEOPLE[person].business_id,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("execute who")


def test_cursor_shows_one_business_even_when_the_context_changes(stage: Stage) -> None:
    stage.become("owner")
    stage.connection.execute("declare late cursor for select distinct business_id from crm.contact")
    context = stage.signer.sign(PEOPLE["stranger"].actor())
    stage.connection.execute("select set_config('app.context', %s, true)", (context,))
    assert len(stage.attempt("fetch all late").rows) == 1


def test_read_only_unit_stays_read_only(stage: Stage) -> None:
    stage.become("owner")
    context = stage.signer.sign(PEOPLE["owner"].actor())
    stage.connection.execute("select internal.enter(%s, true, '{}')", (context,))
    for way in ("set transaction read write", "select set_config('transaction_read_only', 'off', true)"):
        assert stage.attempt(way).sqlstate == "25001"
    stage.attempt("select internal.enter(current_setting('app.context'), false, '{}')")
    assert stage.attempt(ACT).sqlstate == "25006"


def test_statement_without_a_permission_is_not_entered(stage: Stage) -> None:
    stage.become("technician")
    for names in ("{member_list}", "{contact_list,member_list}", "{no_such_statement}", '{""}'):
        outcome = stage.attempt(ENTER.replace("{contact_list}", names))
        assert outcome.rule == "action_is_not_for_your_role", names


def test_model_does_not_enter_what_waits_for_a_person(stage: Stage) -> None:
    """A level holds for reads as for actions."""
    stage.connection.execute(
        "update internal.permission set model_level = 'requires_authorization' where action = 'contact_list'"
    )
    stage.become(PEOPLE["owner"].actor(kind="model"))
    assert stage.attempt(ENTER).rule == "action_waits_for_a_person"


# ---- keys ---------------------------------------------------------------------------------------------


def test_two_keys_are_good_while_one_replaces_the_other(stage: Stage) -> None:
    stage.connection.execute("select internal.context_key_set('another key, another key, another key')")
    stage.become("owner")
    assert stage.attempt(READ).rows == [(TIDY,)]
    use(stage, Signer("another key, another key, another key").sign(PEOPLE["owner"].actor()))
    assert stage.attempt(READ).rows == [(TIDY,)]


def test_key_that_has_run_out_signs_nothing(stage: Stage) -> None:
    stage.connection.execute("select internal.context_key_set('another key, another key, another key')")
    stage.connection.execute(
        "update internal.context_key set valid_until = clock_timestamp() - interval '1 second' where valid_until is not null"
    )
    stage.become("owner")
    assert stage.attempt(READ).rule == "context_is_forged"


def test_short_key_is_refused(stage: Stage) -> None:
    assert stage.attempt("select internal.context_key_set('short')").rule == "context_key_is_long_enough"


# ---- members who are no longer what was signed ----------------------------------------------------------

CHANGES = {
    "disabled": "update crm.member set disabled_at = now() where id = %s",
    "made_office": "update crm.member set role = 'office' where id = %s",
}


def change(stage: Stage, how: str) -> None:
    """Change the technician, then go on with the context that was signed before."""
    stage.become(worker(TIDY), "crm_owner")
    stage.connection.execute(CHANGES[how], (PEOPLE["technician"].member_id,))
    stage.become("technician")


@pytest.fixture(params=CHANGES)
def changed(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    change(stage, request.param)
    return stage


def test_changed_member_enters_no_more(changed: Stage) -> None:
    assert changed.attempt(ENTER).rule == "session_is_over"


def test_changed_member_acts_no_more(changed: Stage) -> None:
    outcome = changed.attempt("select api.attribute_set(%s, 'pet', 'none')", (row_id("contact", TIDY),))
    assert outcome.rule == "session_is_over"


def test_changed_member_reads_no_more(changed: Stage) -> None:
    """With psql, whose context lasts for hours. The application's lasts a minute, and enter() asks each time."""
    changed.become("technician", "crm_support")
    assert changed.attempt("select name from crm.member").rows == []


def test_disabled_member_is_not_listed_at_sign_in(stage: Stage) -> None:
    change(stage, "disabled")
    with stage.as_admin():
        rows = stage.connection.execute(
            "select active from internal.membership where member_id = %s", (PEOPLE["technician"].member_id,)
        ).fetchall()
    assert rows == [(False,)]


def test_member_given_to_another_account_is_closed_to_the_first(stage: Stage) -> None:
    """What sign-in reads follows the member, whoever changes it and how."""
    stage.become(worker(TIDY), "crm_owner")
    stage.connection.execute(
        "update crm.member set account_id = %s where id = %s", (row_id("account"), PEOPLE["technician"].member_id)
    )
    with stage.as_admin():
        rows = stage.connection.execute(
            "select account_id from internal.membership where member_id = %s", (PEOPLE["technician"].member_id,)
        ).fetchall()
    assert rows == [(row_id("account"),)]


STRANGE = {
    "somebody_of_another_business": replace(PEOPLE["owner"].actor(), member_id=PEOPLE["stranger"].member_id),
    "owner_in_another_business": replace(PEOPLE["owner"].actor(), business_id=RIVAL),
    "nobody": replace(PEOPLE["owner"].actor(), member_id=row_id("nobody")),
    "higher_role": replace(PEOPLE["technician"].actor(), role="owner"),
    "owner_who_is_no_member": replace(PEOPLE["owner"].actor(), member_id=None),
    "owner_of_the_house": replace(PEOPLE["owner"].actor(), business_id=HOUSE),
    "unknown_role": replace(PEOPLE["owner"].actor(), role="admin"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_signed_actor_that_does_not_exist_acts_not(stage: Stage, name: str) -> None:
    stage.become(STRANGE[name])
    outcome = stage.attempt(ACT)
    assert outcome.sqlstate == "42501"
    assert outcome.rule in ("session_is_over", "action_is_not_for_your_role")


def test_connection_is_one_for_the_whole_check(built: Stage, signer: Signer) -> None:
    """A refused context leaves nothing behind that the next statement could use."""
    connection: Connection
    with psycopg.connect(built.url("crm_app"), row_factory=namedtuple_row, autocommit=True) as connection:
        for forged in ("x", signer.sign(PEOPLE["owner"].actor()) + "x"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select internal.enter(%s, false, '{}')", (forged,))
            assert connection.execute("select nullif(current_setting('app.context', true), '') as c").fetchone() == (
                None,
            )
