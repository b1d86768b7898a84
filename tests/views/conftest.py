"""What more the tests of pages can do."""

import psycopg
import pytest
from psycopg.rows import namedtuple_row


@pytest.fixture
def sql(home):
    """One query of the administrator's, at once."""
    with psycopg.connect(home.admin_url, autocommit=True, row_factory=namedtuple_row) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()
