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
    data_export,
    day,
    duplicate,
    file,
    home,
    invoice,
    line_item,
    member,
    merge,
    message,
    not_duplicate,
    note,
    outbox,
    privacy,
    saved_list,
    search,
    series,
    service,
    session,
    sign_in,
    static,
    task,
    ticket,
    timeline,
)

MODULES = (
    static, health, metrics, home, sign_in, session, outbox, day, contact, saved_list, contact_import, duplicate, not_duplicate, merge, address, attribute, attribute_key, note, file, timeline, privacy, data_export, ticket, series, line_item, close_out,
    invoice, service, search, task, message, member, business,
)  # fmt: skip


def install(app: Quart) -> None:
    """Every blueprint, in one flat list."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
