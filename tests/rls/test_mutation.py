"""The guards are awake: every single way to break the wall is noticed, and every rule notices something."""

from collections.abc import Iterator

import pytest

from tests.rls import catalogue
from tests.rls.mutations import ATTACKS, CATALOGUE, run
from tests.rls.stage import Stage


@pytest.fixture(scope="module")
def known(built: Stage) -> Iterator[set[catalogue.Offence]]:
    """What the rules find before anything is broken."""
    yield set(catalogue.offences(built.connection))
    built.connection.rollback()


@pytest.mark.parametrize("name", CATALOGUE)
def test_rule_notices(stage: Stage, known: set[catalogue.Offence], name: str) -> None:
    breakage, rule = CATALOGUE[name]
    run(stage, breakage)
    assert set(catalogue.offences(stage.connection, rule)) - known, f"{rule} does not notice"


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_notices(stage: Stage, name: str) -> None:
    breakage, probe = ATTACKS[name]
    probe(stage)
    stage.connection.rollback()
    run(stage, breakage)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        probe(stage)


def test_every_rule_notices_something() -> None:
    assert {rule for _, rule in CATALOGUE.values()} == set(catalogue.rules())
