"""The catalogue lint finds nothing in a database as `crm db apply` makes it."""

from collections import defaultdict

import psycopg
import pytest

from crm.run import Home
from tests.rls import actions, catalogue


@pytest.fixture(scope="module")
def found(home: Home) -> dict[str, list[object]]:
    by_rule: dict[str, list[object]] = defaultdict(list)
    with psycopg.connect(home.admin_url) as connection:
        for rule, offender in catalogue.offences(connection):
            by_rule[rule].append(offender)
    return by_rule


@pytest.mark.parametrize("rule", catalogue.rules())
def test_nothing_breaks(found: dict[str, list[object]], rule: str) -> None:
    assert found[rule] == []


def test_every_callable_of_the_database_is_attacked_by_name(home: Home) -> None:
    with psycopg.connect(home.admin_url) as connection:
        rows = connection.execute("select proname from pg_proc where pronamespace = 'api'::regnamespace").fetchall()
    assert sorted(row[0] for row in rows) == actions.NAMES
