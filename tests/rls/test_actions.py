"""Every action, by name: for exactly its roles, blind to another business, unharmed by hostile values."""

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from crm import errors
from tests.conftest import RIVAL, TIDY
from tests.rls import actions
from tests.rls.actions import ACTORS, Action
from tests.rls.stage import BETRAYED, Outcome, Stage, row_id

ROLE, REASON, PERSON = "action_is_not_for_your_role", "action_needs_reasoning", "action_waits_for_a_person"

OPEN_READS = ("capabilities",)  # says who may do what, to everybody with a context; shows no row of anybody


@pytest.fixture
def action(request: pytest.FixtureRequest, stage: Stage) -> Action:
    return actions.load(request.param, stage)


each = pytest.mark.parametrize("action", actions.NAMES, indirect=True)


def is_civil(stage: Stage, outcome: Outcome) -> bool:
    """Not a bug: what comes of it is a result, or an answer with a sentence that a person can be given."""
    if outcome.error is None:
        return True
    broken = outcome.error.diag
    if broken.constraint_name and broken.schema_name == "crm" and broken.constraint_name not in stage.sentences:
        return False
    return isinstance(errors.translate(outcome.error), errors.Refused)


@each
def test_is_for_exactly_its_roles(stage: Stage, action: Action) -> None:
    if not action.asks:
        assert action.name in OPEN_READS, "a read that asks nobody must be meant to"
        return
    for role, actor in ACTORS.items():
        stage.become(actor)
        with stage.undone():
            outcome = action.call(stage)
        assert (outcome.rule != ROLE) is (role in action.roles), (role, outcome)
        assert is_civil(stage, outcome), (role, outcome)


@each
def test_is_for_nobody_without_a_context(stage: Stage, action: Action) -> None:
    for login in ("crm_app", "crm_support", "crm_backup"):
        stage.become(None, login)
        outcome = action.call(stage)
        assert outcome.sqlstate == "42501"
        assert outcome.rule in ("context_is_missing", None)


@each
def test_obeys_its_level_for_models(stage: Stage, action: Action) -> None:
    if not action.asks:
        assert action.name in OPEN_READS
        return
    model = replace(action.actor, kind="model", source="mcp")
    expected = {
        "unrestricted": (None, None, None),
        "soft_limit": (REASON, REASON, None),
        "requires_authorization": (PERSON, PERSON, PERSON),
    }[action.level or ""]
    for reasoning, rule in zip(("", "   ", "The customer asked for it on the phone."), expected, strict=True):
        stage.become(model, reasoning=reasoning)
        with stage.undone():
            outcome = action.call(stage)
        assert (outcome.rule if outcome.rule in (REASON, PERSON) else None) == rule, (reasoning, outcome)


@each
def test_finds_nothing_of_another_business(stage: Stage, action: Action) -> None:
    """Each id in turn, then all of them, is Rival's: not found or refused, and not a byte of Rival's changes."""
    ids = [a for a in action.arguments if a.is_id]
    every = [row_id(table) for table in [*stage.tables, "account", "sign_in_link", "lease"]]
    tries: list[dict[str, Any]] = [{a.name: a.plain(RIVAL)} for a in ids]
    tries += [{a.name: a.plain(RIVAL) for a in ids}] if len(ids) > 1 else []
    tries += [{a.name: a.many(other)} for a in ids if a.noun not in stage.tables for other in every]
    tries += [{a.name: f'[{{"id": "{other}"}}]'} for a in action.arguments if a.type == "jsonb" for other in every]
    before, mine = (stage.digest(), stage.digest(TIDY)) if tries else ({}, {})
    stage.become(action.actor)
    for tried in tries:
        with stage.undone():
            outcome = action.call(stage, **tried)
            assert not BETRAYED.search(outcome.words), tried
            if outcome.error is None:  # else nothing was done, and it says so in words for people
                assert stage.digest() == before, tried
                named = any(a.noun in stage.tables for a in ids if a.name in tried)
                assert not named or stage.digest(TIDY) == mine, f"done with an id of another business: {tried}"
            else:
                assert is_civil(stage, outcome), (tried, outcome.error)


HOSTILE: dict[str, list[Any]] = {
    "text": ["x" * 100_000, "", " ", "'; drop table crm.contact; --", "\x01\x1b[31m", "\u202eevil\u200b", "%s {0}\\", "a\nb\r\nc"],
    "jsonb": ["{}", "null", "1", '"x"', "[[]]", "[null]", '[{"id": "x"}]', '[{"id": null, "quantity": 1e400}]',
              '[{"key": "' + "x" * 100_000 + '"}]'],
    "uuid": [RIVAL, TIDY], "uuid[]": [[], [None], [row_id("nobody")] * 1000], "text[]": [[], [None], ["x" * 100_000]],
    "timestamp with time zone": ["infinity", "-infinity", "0001-01-01 00:00+00", "294000-01-01 00:00+00"],
    "date": ["infinity", "-infinity", "0001-01-01", "5000000-01-01"],
    "smallint": [0, -1, 32767], "integer": [0, -1, 2**31 - 1], "bigint": [0, -1, 2**63 - 1],
    "numeric": ["NaN", "Infinity", "-1", "1e30", "0.000000001"], "double precision": ["NaN", "Infinity"],
    "interval": ["infinity", "-1 day", "1000000 years"],
}  # fmt: skip
# What no page could show, by the type of the argument that brought it.
TIME = "{0} is not null and not ({0} > '1800-01-01' and {0} < '2300-01-01')"
NUMBER = "{0} in ('NaN', 'Infinity', '-Infinity')"
UNREADABLE = {
    "text": {"text": "length({0}) > 20000"}, "jsonb": {"text": "length({0}) > 20000", "numeric": NUMBER},
    "timestamp with time zone": {"timestamp with time zone": TIME, "date": TIME},
    "date": {"timestamp with time zone": TIME, "date": TIME}, "numeric": {"numeric": NUMBER},
}  # fmt: skip


@each
def test_survives_hostile_values(stage: Stage, action: Action) -> None:
    """One hostile value at a time: never an error of ours, never something stored that breaks a page."""
    faults = []
    stage.become(action.actor)
    for argument in action.arguments:
        for value in [None, *HOSTILE.get(argument.type, [])]:
            with stage.undone():
                outcome = action.call(stage, **{argument.name: value})
                stored = unreadable(stage, argument.type) if outcome.error is None else []
                if not is_civil(stage, outcome) or stored or BETRAYED.search(outcome.words):
                    faults.append(f"{argument.name} = {str(value)[:60]!r}: {stored or outcome.error}")
    assert not faults, "\n".join(faults)


def unreadable(stage: Stage, type_: str) -> list[str]:
    """Tables of Tidy in which there is now a time that is no time, a number that is none, or a text without an end."""
    if type_ not in UNREADABLE:
        return []
    with stage.as_admin():
        return [row[0] for row in stage.connection.execute(_unreadable(stage, type_)).fetchall()]


@cache
def _unreadable(stage: Stage, type_: str) -> bytes:
    bad: dict[str, list[str]] = defaultdict(list)
    for c in stage.columns:
        if c.room == "crm" and c.tenant and c.table_name != "audit_entry" and c.type in UNREADABLE[type_]:
            bad[c.table_name].append(UNREADABLE[type_][c.type].format(c.name))
    parts = [
        f"select '{table}' from crm.{table} where business_id = '{TIDY}' and ({' or '.join(tests)})"
        for table, tests in bad.items()
    ]
    return " union ".join(parts).encode()


def test_action_without_a_row_is_refused(stage: Stage) -> None:
    """permissions.sql is a list of what is allowed: what is forgotten there is allowed to nobody."""
    stage.connection.execute("delete from internal.permission where action = 'contact_archive'")
    stage.become("owner")
    assert actions.load("contact_archive", stage).call(stage).rule == ROLE
