"""What more the tests of pages can do."""

from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tests.conftest import Browser
from tests.views.desk import Desk, Office


@pytest.fixture
def sql(home):
    """One query of the administrator's, at once."""
    with psycopg.connect(home.admin_url, autocommit=True, row_factory=namedtuple_row) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()


@pytest.fixture
def office(home: Any, signer: Any) -> Office:
    return Office(home, signer)


@pytest.fixture
def desk(home: Any, signer: Any) -> Desk:
    return Desk(home, signer)


@pytest.fixture
async def customer(app: Any) -> Browser:
    """Somebody's browser that has never been here."""
    async for key in app.config["VALKEY"].scan_iter("limit:*"):
        await app.config["VALKEY"].delete(key)
    return Browser(app.test_client())
