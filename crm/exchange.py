"""A connection that says everything at once: the statements of a unit in one write, their answers in one wait.

psycopg's own pipeline asks the socket anew at each step. Our units of work are known before they are sent, so two
system calls do; values and rows still go through psycopg's dumpers and loaders.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.abc import Transformer as Loaders
from psycopg.adapt import PyFormat, Transformer
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, Format, PipelineStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

STALE = psycopg.errors.FeatureNotSupported  # what a plan is refused with when a deploy changed what it returns
Part = tuple[bytes, Sequence[Any]]  # a statement with $1, $2, …, and their values
Shape = tuple[bytes, tuple[int, ...]]  # a statement and the types it was sent with: what a plan is kept for


class Answer:
    """What one statement of an exchange was answered."""

    __slots__ = ("_result", "_transformer")

    def __init__(self, result: PGresult, transformer: Loaders) -> None:
        self._result, self._transformer = result, transformer

    @property
    def affected(self) -> int:
        return self._result.command_tuples or 0

    def rows(self) -> list[Any]:
        """Every row, as a named tuple of the statement's columns."""
        result = self._result
        if not result.ntuples:
            return []
        self._transformer.set_pgresult(result, format=Format.BINARY)
        names = tuple(result.fname(at) for at in range(result.nfields))
        return self._transformer.load_rows(0, result.ntuples, _row_of(names))


@lru_cache(512)
def _row_of(names: tuple[bytes, ...]) -> Callable[[Sequence[Any]], Any]:
    """Makes a row of its values. PostgreSQL sends as many as there are names: nobody has to count them."""
    return partial(tuple.__new__, namedtuple("Row", [name.decode() for name in names]))


class Connection(AsyncConnection[TupleRow]):
    """What the pool hands out. `left_nothing` says that the last unit left nothing in the session to clean up."""

    left_nothing = False
    keeps_plans = True
    _planned = 0

    @cached_property
    def _transformer(self) -> Loaders:
        return Transformer.from_context(self)

    @cached_property
    def _plans(self) -> dict[Shape, bytes]:
        return {}

    async def exchange(self, parts: Sequence[Part]) -> list[Answer]:
        """Send the parts, read their answers: in one transaction of their own, unless one is open already.

        The first part that PostgreSQL refuses is raised as psycopg's error, and then none of the parts was done.
        """
        async with self.lock:
            self.pgconn.enter_pipeline_mode()
            try:
                expected, fresh = self._put(parts)
                self.pgconn.pipeline_sync()
                answers = await self.wait(self._converse(expected))
            finally:
                await self._leave_pipeline()
        for at, answer in enumerate(answers):
            if answer.status == ExecStatus.FATAL_ERROR:
                error = psycopg.errors.error_from_result(answer)
                if isinstance(error, STALE):
                    self._plans.clear()
                raise error
            if at in fresh:  # it stays prepared, whatever becomes of the transaction
                self._plans.update([fresh[at]])
        if len(answers) < expected:
            raise psycopg.OperationalError("The connection was lost.")
        return [Answer(answer, self._transformer) for at, answer in enumerate(answers) if at not in fresh]

    def _put(self, parts: Sequence[Part]) -> tuple[int, dict[int, tuple[Shape, bytes]]]:
        """Put every part into libpq's buffer. Returns how many answers will come, and which are of preparations."""
        expected = 0
        fresh: dict[int, tuple[Shape, bytes]] = {}
        named: dict[Shape, bytes] = {}
        for text, values in parts:
            given = self._transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
            types, formats = self._transformer.types or (), self._transformer.formats
            if not self.keeps_plans:
                self.pgconn.send_query_params(text, given, types, formats, Format.BINARY)
            else:
                shape = (text, types)
                name = self._plans.get(shape) or named.get(shape)
                if name is None:
                    self._planned += 1
                    name = named[shape] = b"crm_%d" % self._planned
                    self.pgconn.send_prepare(name, text, types)
                    fresh[expected] = (shape, name)
                    expected += 1
                self.pgconn.send_query_prepared(name, given, formats, Format.BINARY)
            expected += 1
        return expected, fresh

    def _converse(self, expected: int) -> PQGen[list[PGresult]]:
        """Flush what was put, then read an answer to each command and the sync that ends them."""
        yield from send(self.pgconn)
        answers: list[PGresult] = []
        while len(answers) < expected:
            found = yield from fetch_many(self.pgconn)
            if not found:  # it was lost on the way, and has said so if it could
                return answers
            answers.append(found[0])
        yield from fetch_many(self.pgconn)
        return answers

    async def _leave_pipeline(self) -> None:
        """Back to a connection that anything may be asked of; one that cannot be brought there is closed."""
        if self.pgconn.pipeline_status != PipelineStatus.OFF:
            try:
                self.pgconn.exit_pipeline_mode()
            except psycopg.OperationalError:  # answers were left unread
                await self.close()


class PooledConnection(Connection):
    """One that reaches PostgreSQL through a transaction pooler, which would hand its plans to somebody else."""

    keeps_plans = False
