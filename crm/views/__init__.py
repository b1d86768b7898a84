"""One module a noun: parse, one query or one function call, render."""

from quart import Quart

from crm.api import health, metrics
from crm.views import (
    address,
    attribute,
    attribute_key,
    business,
    calendar,
    close_out,
    confirmation,
    contact,
    contact_import,
    customer,
    data_export,
    day,
    duplicate,
    feed,
    file,
    free_slot,
    home,
    invoice,
    line_item,
    member,
    merge,
    message,
    move,
    not_duplicate,
    note,
    offline,
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
    time_off,
    timeline,
    waitlist,
    waitlist_link,
    working_hours,
)

MODULES = (
    static, health, metrics, home, sign_in, session, feed, outbox, offline, day, calendar, contact, saved_list, contact_import, duplicate, not_duplicate, merge, address, attribute, attribute_key, note, file, timeline, privacy, data_export, ticket, free_slot, move, series, confirmation, customer, waitlist, waitlist_link, line_item, close_out,
    invoice, service, search, task, message, member, working_hours, time_off, business,
)  # fmt: skip


def install(app: Quart) -> None:
    """Every blueprint, in one flat list."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
