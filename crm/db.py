"""Named SQL in, rows out: the only way to a connection.

Every unit of work is one transaction that begins by entering the current Actor's signed context.
A unit that is one statement, or several that do not depend on each other, costs one round trip: an
implicit transaction in a pipeline. `transaction()` is for units whose statements depend on each other.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from crm import errors, statements
from crm.config import Settings
from crm.context import Actor, Signer, current, visitor
from crm.exchange import STALE, Answer, Connection, Part, PooledConnection
from crm.paths import SQL

log = logging.getLogger("crm.db")

Row = Any  # a named tuple with the columns of the statement

ENTER = b"/* enter */ select internal.enter($1, $2, $3, $4)"
LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "10s",
    "transaction_timeout": "30s",
    "timezone": "UTC",
    "log_parameter_max_length_on_error": "0",
    # Row policies make planning dearer than running; no value of a page is worth a plan of its own.
    "plan_cache_mode": "force_generic_plan",
}
PERMISSIONS = b"select action, roles from api.capabilities()"
GIVEN_UP = ("57014", "55P03", "25P03", "25P04")  # time-outs: asking again would only wait again
PERHAPS = "It is not certain whether it was saved. Look before you send it again."
TRIES = 3  # of a repeatable unit after a deadlock or serialization failure

SENTENCES = """
select k.conname as name, obj_description(k.oid, 'pg_constraint') as words
from pg_constraint k where k.connamespace = 'crm'::regnamespace
union all
select c.relname, obj_description(c.oid, 'pg_class') from pg_class c
where c.relnamespace = 'crm'::regnamespace and c.relkind = 'i'
"""


async def _forget(connection: Connection) -> None:
    """What one request left in the session is not the next one's: settings, cursors, channels.

    A read that went well is spared the round trip: its text was fixed and checked at start, it ran READ ONLY in a
    transaction of its own, and what it set was set for that transaction.
    """
    if connection.left_nothing:
        connection.left_nothing = False
        return
    await connection.execute(b"reset all; close all; unlisten *", prepare=False)


class Call:
    """One named statement with its values, waiting to be run."""

    __slots__ = ("many", "optional", "scalar", "statement", "values")

    def __init__(self, statement: statements.Statement, values: dict[str, Any], *, optional: bool = False) -> None:
        given = values.keys() | {"business_id", "member_id"}
        if not given.issuperset(statement.parameters) or not values.keys() <= set(statement.parameters):
            raise TypeError(f"{statement.name} takes {sorted(statement.parameters)}, was given {sorted(values)}")
        self.statement = statement
        self.values = values
        self.optional = optional
        self.many = statement.kind == "many"
        self.scalar = statement.kind == "scalar"


class Database:
    """The pool and the statements of one process."""

    def __init__(self, settings: Settings, *, name: str = "crm") -> None:
        settings.require("database_url", "context_key")
        self.statements = statements.load(SQL)
        self.signer = Signer(settings.context_key)
        self.permissions: dict[str, frozenset[str]] = {}
        pooled = settings.database_pooler == "transaction"
        options = {} if pooled else {"options": " ".join(f"-c {k}={v}" for k, v in LIMITS.items())}
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            settings.database_url,
            connection_class=PooledConnection if pooled else Connection,
            min_size=min(2, settings.pool_size),
            max_size=settings.pool_size,
            timeout=2.5,
            max_waiting=200,
            reconnect_timeout=5,
            open=False,
            reset=_forget,
            kwargs={
                "autocommit": True,
                "application_name": name,
                "connect_timeout": 3,
                "prepare_threshold": None,  # psycopg would throw ours away with its own after a rollback
                **options,
            },
        )

    def follow(self, settings: Settings) -> None:
        """Go on with rotated secrets: contexts at once, connections as they are made anew."""
        self.signer = Signer(settings.context_key)
        self.pool.conninfo = settings.database_url

    async def open(self) -> None:
        """Connect, check every statement against the database, learn the sentences of its rules."""
        await self.pool.open()
        try:
            await self.pool.wait(timeout=10)
            async with self.pool.connection() as connection:
                rows = await (await connection.execute(SENTENCES)).fetchall()
                errors.remember_sentences({name: words for name, words in rows if words})
                for statement in self.statements.values():
                    await self._check(connection, statement)
                async with connection.transaction():
                    enter = self._enter(visitor("start", read_only=True), ())
                    rows = (await connection.exchange([enter, (PERMISSIONS, ())]))[1].rows()
                    self.permissions = {action: frozenset(roles) for action, roles in rows}
        except Exception as error:
            await self.pool.close()
            raise errors.translate(error) from error

    async def close(self) -> None:
        await self.pool.close()

    async def _check(self, connection: Connection, statement: statements.Statement) -> None:
        """Have PostgreSQL parse and plan it, by the protocol that takes one command only."""
        try:
            async with connection.transaction():
                result = await asyncio.to_thread(connection.pgconn.prepare, b"crm_check", statement.text)
                if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
                    raise psycopg.errors.error_from_result(result)
                await connection.execute("deallocate crm_check")
        except psycopg.Error as error:
            if connection.closed:  # not the statement's fault
                raise psycopg.OperationalError("The connection was lost.") from error
            raise statements.StatementError(
                f"{statement.file}: {statement.name}: {error.diag.message_primary}"
            ) from error

    def call(self, name: str, values: dict[str, Any], *, optional: bool = False) -> Call:
        return Call(self.statements[name], values, optional=optional)

    async def run(self, actor: Actor, calls: Sequence[Call], also: Sequence[str] = ()) -> list[Any]:
        """Run the calls as one transaction in one round trip; `also` are actions that must be allowed too."""
        repeatable = actor.read_only or all(call.statement.repeatable for call in calls)
        check = not actor.read_only
        for attempt in range(1, TRIES + 1):
            try:
                return await self._run_once(actor, calls, also, check=check)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                if not repeatable or attempt == TRIES:
                    raise errors.translate(error) from error
                await asyncio.sleep(random.uniform(0.01, 0.05) * attempt)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                # A connection that died while it lay in the pool: a read may simply be asked again, of one that lives.
                over = isinstance(error, PoolTimeout) or error.sqlstate in GIVEN_UP
                if not actor.read_only or attempt == TRIES or over:
                    raise self._lost(error, actor) from error
                check = True
            except Exception as error:
                raise errors.translate(error) from error
        raise AssertionError("unreachable")

    def _lost(self, error: Exception, actor: Actor) -> Exception:
        """A write whose answer never came may have been done: then nobody may say that nothing was saved."""
        known = errors.translate(error)
        silent = isinstance(error, psycopg.Error) and error.sqlstate is None
        if (
            isinstance(known, errors.Unavailable)
            and silent
            and not actor.read_only
            and not isinstance(error, PoolTimeout)
        ):
            known.saved = PERHAPS
        return known

    async def _run_once(self, actor: Actor, calls: Sequence[Call], also: Sequence[str], *, check: bool) -> list[Any]:
        async with self._connection(check) as connection:
            parts = [self._enter(actor, calls, also), *(self._part(actor, call) for call in calls)]
            try:
                answers = (await connection.exchange(parts))[1:]
            except STALE:  # nothing was done, and the next plans are of today
                answers = (await connection.exchange(parts))[1:]
            connection.left_nothing = actor.read_only
            return [_result(answer, call) for answer, call in zip(answers, calls, strict=True)]

    @asynccontextmanager
    async def transaction(self, actor: Actor) -> AsyncIterator["Transaction"]:
        """An explicit transaction for statements that depend on each other."""
        committing = False
        try:
            async with self._connection(check=True) as connection, connection.transaction():
                await connection.exchange([self._enter(actor, ())])
                yield Transaction(self, connection, actor)
                committing = True
        except errors.Refused:
            raise
        except Exception as error:
            translated = self._lost(error, actor) if committing else errors.translate(error)
            if translated is error:
                raise
            raise translated from error

    @asynccontextmanager
    async def _connection(self, check: bool) -> AsyncIterator[Connection]:
        """A connection from the pool; before a write, one that is known to be alive."""
        for _ in range(self.pool.max_size + 1):
            async with self.pool.connection() as connection:
                if check:
                    try:
                        await connection.execute(b"")
                    except psycopg.OperationalError:
                        continue  # the pool replaces it
                yield connection
                return
        raise errors.Unavailable("The database")

    def _enter(self, actor: Actor, calls: Sequence[Call], also: Sequence[str] = ()) -> Part:
        names = [*(call.statement.name for call in calls), *also]
        return ENTER, (self.signer.sign(actor), actor.read_only, names, actor.reasoning)

    def _part(self, actor: Actor, call: Call) -> Part:
        known = {"member_id": actor.member_id, **call.values, "business_id": actor.business_id}
        return call.statement.text, [known[name] for name in call.statement.parameters]


def _result(answer: Answer, call: Call) -> Any:
    """What the statement's kind says: its rows, its row, its value or how many it touched."""
    if call.statement.kind == "affected":
        return answer.affected
    rows = answer.rows()
    if call.many:
        return rows
    row = rows[0] if rows else None
    if call.scalar:
        return row[0] if row else None
    if row is None and not call.optional:
        raise errors.Refused("not_found", "This does not exist, or you may not see it.", status=404)
    return row


class Transaction:
    """An open transaction; its methods are those of this module."""

    def __init__(self, database: Database, connection: Connection, actor: Actor) -> None:
        self._database, self._connection, self._actor = database, connection, actor

    async def run(self, name: str, /, **values: Any) -> Any:
        """Run one named statement in this transaction and return what its kind says."""
        call = self._database.call(name, values, optional=True)
        parts = [self._database._enter(self._actor, [call]), self._database._part(self._actor, call)]
        return _result((await self._connection.exchange(parts))[1], call)


_database: Database | None = None


async def open(settings: Settings, *, name: str = "crm") -> Database:
    """Open this process's database. Called once, at start."""
    global _database
    database = Database(settings, name=name)
    await database.open()
    _database = database
    return database


async def close() -> None:
    global _database
    if _database is not None:
        await _database.close()
        _database = None


def database() -> Database:
    if _database is None:
        raise RuntimeError("The database is not open.")
    return _database


def call(name: str, /, **values: Any) -> Call:
    """A statement for `read`. Its `:one` must find a row."""
    return database().call(name, values)


def maybe(name: str, /, **values: Any) -> Call:
    """A statement for `read` whose `:one` may find nothing."""
    return database().call(name, values, optional=True)


async def read(*calls: Call) -> list[Any]:
    """Several independent statements in one transaction and one round trip."""
    return await database().run(current.get(), calls)


@asynccontextmanager
async def transaction() -> AsyncIterator[Transaction]:
    """Several actions that are done together or not at all."""
    async with database().transaction(current.get()) as opened:
        yield opened


async def one(name: str, /, **values: Any) -> Row:
    """The row of a statement; a Refused with status 404 when there is none."""
    return (await database().run(current.get(), [database().call(name, values)]))[0]


async def find(name: str, /, **values: Any) -> Row | None:
    """The row of a statement, or None."""
    return (await database().run(current.get(), [database().call(name, values, optional=True)]))[0]


async def many(name: str, /, **values: Any) -> list[Row]:
    """All rows of a statement."""
    rows: list[Row] = (await database().run(current.get(), [database().call(name, values)]))[0]
    return rows


async def require(*actions: str) -> None:
    """Raise Refused with status 403 unless the actor may do these: for pages that only lead to an action."""
    await database().run(current.get(), [], actions)


def may(role: str, action: str) -> bool:
    """Whether a role may do something, as permissions.sql says; for showing a button, never for deciding."""
    return role in database().permissions.get(action, ())


async def scalar(name: str, /, **values: Any) -> Any:
    """The first column of the first row, or None."""
    return (await database().run(current.get(), [database().call(name, values)]))[0]
