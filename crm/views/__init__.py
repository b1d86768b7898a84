"""One module a noun: parse, one query or one function call, render."""

from quart import Quart

from crm.api import health
from crm.views import (
    address,
    attribute,
    contact,
    home,
    member,
    outbox,
    session,
    sign_in,
    static,
)


def install(app: Quart) -> None:
    """Every blueprint, in one flat list."""
    for module in (
        static, health, home, sign_in, session, outbox, contact, address, attribute, member,
    ):  # fmt: skip
        app.register_blueprint(module.blueprint)
