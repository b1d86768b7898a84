"""The data layer alone, under load in a process of its own; prints units of work a second.

Usage: python -m tests.bench.data_layer WORK (JSON, made by parts.data_layer)
"""

import asyncio
import gc
import json
import sys
import time
from datetime import datetime
from typing import Any
from uuid import UUID

import uvloop

from crm import config, db
from crm.context import Actor

READ = {"UUID": UUID, "datetime": datetime.fromisoformat, "str": str, "bool": lambda text: text == "True"}


async def main(work: dict[str, Any]) -> None:
    database = await db.open(config.load(), name="crm bench")
    actor = Actor(UUID(work["business_id"]), work["role"], UUID(work["member_id"]), read_only=True)
    values = [(name, {key: READ[kind](text) for key, (kind, text) in given.items()}) for name, given in work["calls"]]
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    done, end = 0, 0.0

    async def go_on() -> None:
        nonlocal done
        while time.perf_counter() < end:
            rows = await database.run(actor, [database.call(name, given) for name, given in values])
            assert work["rows"] <= len(rows[0]) <= work["rows"] + 1
            done += 1

    for seconds in (work["seconds"] / 4, work["seconds"]):  # the first for caches and prepared statements
        done, began = 0, time.perf_counter()
        end = began + seconds
        await asyncio.gather(*(go_on() for _ in range(work["clients"])))
    print(done / (time.perf_counter() - began))
    await db.close()


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
