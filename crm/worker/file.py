"""Files in the folder whose rows are gone."""

from typing import TYPE_CHECKING
from uuid import UUID

from crm import context, files

if TYPE_CHECKING:
    from crm.worker import Job, Tools


async def removal(job: "Job", tools: "Tools") -> None:
    store = files.store(tools.settings.files_folder)
    for file_id in job.payload["file_ids"]:
        await store.remove(context.current.get().business_id, UUID(file_id))
