"""One module a noun: parse, one query or one function call, render."""

from quart import Quart

from crm.api import health, metrics
from crm.views import (
    address,
    attribute,
    attribute_key,
    business,
    close_out,
    contact,
    contact_import,
    day,
    duplicate,
    home,
    invoice,
    line_item,
    member,
    message,
    note,
    outbox,
    search,
    service,
    session,
    sign_in,
    static,
    task,
    ticket,
    timeline,
)

MODULES = (
    static, health, metrics, home, sign_in, session, outbox, day, contact, contact_import, duplicate, address, attribute, attribute_key, note, timeline, ticket, line_item, close_out,
    invoice, service, search, task, message, member, business,
)  # fmt: skip


def install(app: Quart) -> None:
    """Every blueprint, in one flat list."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
