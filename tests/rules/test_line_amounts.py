"""Money is rounded in one place: half up, for each line; whoever writes a line, its amounts are made there."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import PANES, become


@pytest.mark.parametrize(
    ("quantity", "price", "tax", "included", "expected"),
    [
        ("24", 400, 825, False, (9600, 792, 10392)),
        ("1", 14500, 825, False, (14500, 1196, 15696)),
        ("0.5", 5, 0, False, (3, 0, 3)),  # 2.5 is 3
        ("1.5", -5, 0, False, (-8, 0, -8)),  # and -7.5 is -8
        ("1", 1000, 2000, True, (833, 167, 1000)),
        ("3", 333, 825, True, (923, 76, 999)),
    ],
)
def test_known_amounts(admin, quantity, price, tax, included, expected):
    assert (
        admin.execute(
            "select * from internal.line_amounts(%s, %s, %s, %s)", (quantity, price, tax, included)
        ).fetchone()
        == expected
    )


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    quantity=st.decimals("0.01", "100000", places=2), price=st.integers(-10**8, 10**8), tax=st.integers(0, 10000), included=st.booleans()
)  # fmt: skip
def test_against_an_independent_model(admin, quantity, price, tax, included):
    net, tax_minor, total = admin.execute(
        "select * from internal.line_amounts(%s, %s, %s, %s)", (quantity, price, tax, included)
    ).fetchone()
    amount = half_up(quantity * price)
    assert net + tax_minor == total
    if included:
        assert (total, tax_minor) == (amount, half_up(Decimal(amount) * tax / (10000 + tax)))
    else:
        assert (net, tax_minor) == (amount, half_up(Decimal(amount) * tax / 10000))


def test_amounts_typed_in_psql_are_made_again(admin, signer, visit):
    become(admin, signer, "owner")
    ticket = visit(admin)
    row = admin.execute(
        "update crm.line_item set total_minor = 1, net_minor = 1 where ticket_id = %s returning total_minor",
        (ticket.id,),
    ).fetchone()
    assert row.total_minor == 433  # one pane of 4.00 and 8.25 %
    assert admin.execute(
        "select name from crm.line_item where ticket_id = %s and service_id = %s", (ticket.id, PANES)
    ).fetchone()
