"""Tasks: what a person has to look at."""

from uuid import UUID

from quart import Blueprint, Response

from crm import db
from crm.auth.middleware import after

blueprint = Blueprint("task", __name__)


@blueprint.post("/tasks/<uuid:task_id>/completion")
async def create(task_id: UUID) -> Response:
    """Tick a task off."""
    task = await db.one("task_done", task_id=task_id)
    return after("/calendar/day", f"Done: {task.title}.")
