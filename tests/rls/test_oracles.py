"""What can be learnt sideways: from words of errors, from what is taken, from sessions, names and time."""

from uuid import UUID

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from crm.context import Signer
from tests.conftest import PEOPLE, RIVAL, TIDY
from tests.rls.actions import ACTORS
from tests.rls.stage import BETRAYED, Connection, Stage, row_id

SESSIONS = "select count(*) from pg_stat_activity where usename = current_user and query like %s"


def test_refusal_leaves_the_row_out_of_its_words(stage: Stage) -> None:
    """Under the wall PostgreSQL names the constraint and says nothing of the row."""
    stage.become("owner")
    for statement in (
        "select api.contact_create('person', '')",
        "select api.contact_create('dog', 'Rex')",
        "select api.member_invite('Carl', 'carl@tidy.test', 'office')",
    ):
        outcome = stage.attempt(statement)
        assert isinstance(outcome.error, psycopg.errors.IntegrityError)
        assert outcome.error.diag.message_detail is None, outcome.words


def test_refusal_names_the_other_visit_only_to_who_may_see_it(stage: Stage) -> None:
    """Even the owner of the tables, busy for a stranger, hears nothing of the stranger's rows."""
    stage.become("owner", "crm_owner")
    outcome = stage.attempt(
        "select internal.refuse_double_booking(%s, %s, now() - interval '9 days', now() + interval '9 days')",
        (RIVAL, row_id("member")),
    )
    assert outcome.sqlstate == "23514"
    assert not BETRAYED.search(outcome.words)


def test_what_another_business_has_is_not_taken(stage: Stage) -> None:
    """Names, addresses and keys are unique inside a business only, so nothing tells that they exist elsewhere."""
    stage.become("owner", "crm_owner")
    for insert in (
        f"insert into crm.service (id, name) values ('{row_id('service')}', 'rival-service-name')",
        f"insert into crm.contact (id, name) values ('{row_id('contact')}', 'rival-contact-name')",
        f"insert into crm.job (id, kind, key) values ('{row_id('job')}', 'rival', 'rival')",
        "insert into crm.service (name) values ('rival-service-name 2') on conflict do nothing returning 1",
    ):
        assert stage.attempt(insert).error is None, insert


@pytest.mark.parametrize("email", ["sam@rival.test", "rival@rival.test", "nobody@nowhere.test"])
def test_invitation_is_the_same_for_known_and_unknown_people(stage: Stage, email: str) -> None:
    stage.become("owner")
    outcome = stage.attempt("select * from api.member_invite('New', %s, 'office')", (email,))
    (member,) = outcome.rows
    assert (member.name, member.email, member.joined_at) == ("New", email, None)


def test_account_does_not_tell_since_when_it_is_known(stage: Stage) -> None:
    """A version 7 id holds the minute it was made: of an account, the first sign-up or invitation anywhere."""
    stage.become("owner")
    (row,) = stage.attempt(
        "select to_jsonb(x) ->> 'account_id' as id from api.member_invite('New', 'new@nowhere.test', 'office') x"
    ).rows
    assert row.id is None or UUID(row.id).version == 4


def test_sign_in_asks_say_the_same_for_known_and_unknown_people(stage: Stage) -> None:
    said = []
    for email in ("olive@tidy.test", "nobody@nowhere.test"):
        stage.become(ACTORS["visitor"])
        said.append(stage.attempt("select api.sign_in_request(%s, sha256('x'))", (email,)).rows)
    assert said[0] == said[1]


def test_members_hear_of_their_own_businesses_only(stage: Stage) -> None:
    """The index of memberships stands outside the wall: a member asks it for their own account only."""
    ask = "select business_id from api.membership_list(%s)"
    stage.become("owner")
    assert stage.attempt(ask, (PEOPLE["owner"].account_id,)).rows == [(TIDY,)]
    for other in ("stranger", "office"):
        assert stage.attempt(ask, (PEOPLE[other].account_id,)).rule == "account_is_not_found"


def test_visitors_hear_of_no_account_before_its_link_is_spent(stage: Stage) -> None:
    stage.become(ACTORS["visitor"])
    outcome = stage.attempt("select business_id from api.membership_list(%s)", (PEOPLE["stranger"].account_id,))
    assert outcome.rows == []


def test_invitation_leads_nobody_away_from_their_own_business(stage: Stage) -> None:
    """Anybody may invite any address. Who signs in next arrives where they work, not where they were invited to."""
    stage.become("stranger")
    assert stage.attempt("select from api.member_invite('Olive', 'olive@tidy.test', 'office')").error is None
    stage.become("owner")
    outcome = stage.attempt("select business_id from api.membership_list(%s)", (PEOPLE["owner"].account_id,))
    assert outcome.rows[0] == (TIDY,)


def test_link_is_never_made_for_no_browser(stage: Stage) -> None:
    """A link that is bound to no browser works in the browser of whoever reads the mail first."""
    stage.become(ACTORS["visitor"])
    assert stage.attempt("select api.sign_in_request('olive@tidy.test', null)").sqlstate == "23514"


def test_reasoning_of_blanks_is_none(stage: Stage) -> None:
    for blank in ("", " ", "\t", "\n", " \u00a0\u2003 "):
        stage.become(PEOPLE["owner"].actor(kind="model"), reasoning=blank)
        outcome = stage.attempt("select api.contact_archive(%s, true)", (row_id("contact", TIDY),))
        assert outcome.rule == "action_needs_reasoning", repr(blank)


def test_reasoning_has_an_end(stage: Stage) -> None:
    """It is kept for ever, once for each row that the action changes."""
    stage.become(PEOPLE["owner"].actor(kind="model"), reasoning="because " * 100_000)
    stage.attempt("select api.contact_archive(%s, true)", (row_id("contact", TIDY),))
    with stage.as_admin():
        (longest,) = stage.connection.execute(
            "select coalesce(max(length(reasoning)), 0) from crm.audit_entry"
        ).fetchone()  # type: ignore[misc]
    assert longest <= 4000


# ---- names: what an attacker would put first on a search path -------------------------------------------

TROJANS = """
create schema evil;
grant usage on schema evil to public;
create function evil.now() returns timestamptz language sql as $$ select 'infinity'::timestamptz $$;
create function evil.lower(text) returns text language sql as $$ select 'evil' $$;
create function evil.btrim(text) returns text language sql as $$ select 'evil' $$;
create function evil.current_business() returns uuid language sql as $$ select '{rival}'::uuid $$;
create function evil.equals(uuid, uuid) returns boolean language sql as $$ select true $$;
create function evil.texts(text, text) returns boolean language sql as $$ select true $$;
create operator evil.= (function = evil.equals, leftarg = uuid, rightarg = uuid);
create operator evil.= (function = evil.texts, leftarg = text, rightarg = text);
create table evil.permission (action text, roles text[], model_level text);
insert into evil.permission values ('member_disable', '{{technician}}', 'unrestricted');
create table evil.context_key (like internal.context_key);
create table evil.member (like crm.member);
create temp table permission (like internal.permission);
create temp table context_key (like internal.context_key);
create temp table contact (like crm.contact);
grant select on all tables in schema evil to public;
grant select on permission, context_key, contact to public;
set local search_path = evil, pg_temp, pg_catalog, crm, internal, api;
"""


def test_trojan_names_change_nothing(stage: Stage) -> None:
    """Even where somebody could make things: functions and policies look at nothing but their own names."""
    stage.become("technician")
    expected = stage.attempt("select id from crm.contact order by id").rows
    with stage.as_admin():
        stage.connection.execute(TROJANS.format(rival=RIVAL))  # type: ignore[call-overload]
    assert stage.attempt("select id from crm.contact order by id").rows == expected
    assert stage.attempt("select distinct business_id from crm.member").rows == [(TIDY,)]
    assert stage.attempt("select api.member_disable(%s, true)", (PEOPLE["colleague"].member_id,)).rule == (
        "action_is_not_for_your_role"
    )
    stage.become("owner")
    outcome = stage.attempt("select * from api.contact_create('person', 'Nora', null, 'NORA@X.TEST')")
    assert [(row.business_id, row.email) for row in outcome.rows] == [(TIDY, "nora@x.test")]


# ---- sessions -----------------------------------------------------------------------------------------


@pytest.fixture
def plain(built: Stage) -> Connection:
    return psycopg.connect(built.url("crm_app"), row_factory=namedtuple_row, autocommit=True)


def test_other_databases_of_the_cluster_are_closed(built: Stage) -> None:
    """There the side doors are open: whoever gets in can end the sessions of this one."""
    for database in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(built.home.url("crm_app", database)).close()


def test_values_are_not_in_the_list_of_sessions(plain: Connection, built: Stage, signer: Signer) -> None:
    """Every session of the application is the same role and sees the statements of all the others."""
    with plain, psycopg.connect(built.url("crm_app")) as other:
        context = signer.sign(PEOPLE["stranger"].actor())
        other.execute("select internal.enter(%s, false, '{}')", (context,))
        other.execute("select name from crm.contact where name = %s and id = %s", ("alice", row_id("contact")))
        for word in ("alice", str(row_id("contact")), context[:30]):
            assert plain.execute(SESSIONS, (f"%{word}%",)).fetchone() == (0,)


def test_nobody_tells_another_business_by_notification(plain: Connection, built: Stage) -> None:
    with plain:
        for table in [*built.tables, "business", "job_queue", "wake", "jobs", "crm"]:
            plain.execute(f"listen {table}")  # type: ignore[call-overload]
        assert [n.payload for n in plain.notifies(timeout=0.05)] == []


@pytest.mark.parametrize("login", ["crm_app", "crm_support"])
def test_sessions_have_limits_from_their_role(built: Stage, login: str) -> None:
    with psycopg.connect(built.url(login)) as connection:
        limits = connection.execute(
            "select array_agg(setting::bigint > 0 order by name) from pg_settings where name in "
            "('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')"
        ).fetchone()
        assert limits == ([True] * 3,)


def test_statement_that_takes_too_long_is_ended(plain: Connection) -> None:
    with plain:
        plain.execute("set statement_timeout = 20")
        with pytest.raises(psycopg.errors.QueryCanceled):
            plain.execute("select count(*) from generate_series(1, 1000000000)")


def test_nobody_adds_to_an_older_act_of_many_changes(stage: Stage) -> None:
    """What is undone as one is what was done as one: a setting from outside is not believed."""
    stage.become("owner")
    stage.attempt(
        "select set_config('app.change_set', %s, true) from api.contact_search('nobody')",
        (str(row_id("change_set", TIDY)),),
    )
    stage.attempt("select set_config('app.change_set', %s, true)", (str(row_id("change_set", TIDY)),))
    made = stage.attempt("select id from api.contact_create('person', 'Nora Nobody')")
    with stage.as_admin():
        row = stage.connection.execute(
            "select change_set_id from crm.audit_entry where row_id = %s", (str(made.rows[0].id),)
        ).fetchone()
    assert row is not None
    assert row.change_set_id is None
