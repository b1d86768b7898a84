"""Who knows a calendar's address is a visitor before it was looked up and after: the look-up itself is the worker's."""

import pytest


@pytest.mark.parametrize("words", ["right", "wrong"])
def test_the_transaction_goes_on_as_the_visitors(desk, words):
    desk.one("select from api.feed_make(sha256('right'))", who="technician")
    before = desk.one("select current_setting('app.context') as context", who="visitor").context
    desk.connection.execute("select set_config('app.context', %s, true)", (before,))
    found = desk.connection.execute("select * from api.feed_open(sha256(%s::bytea))", (words,)).fetchall()
    assert len(found) == (words == "right")
    assert desk.connection.execute("select current_setting('app.context') as context").fetchone().context == before
