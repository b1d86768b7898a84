"""Fixtures of the attacks: the stage they are played on."""

from collections.abc import Iterator

import pytest

from crm.context import Signer
from crm.run import Home
from tests.rls.stage import Stage


@pytest.fixture(scope="session")
def built(servers: Home, signer: Signer) -> Iterator[Stage]:
    stage = Stage(servers, signer)
    yield stage
    stage.connection.close()


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    """The stage in a transaction that is rolled back."""
    yield built
    built.connection.rollback()
