"""One web process, or one worker, until it is told to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from hypercorn.asyncio import serve as hypercorn_serve
from hypercorn.config import Config

from crm import config, db, logs
from crm.app import create_app
from crm.clients import valkey
from crm.clients.email import MailError, Outbox, Smtp
from crm.config import ConfigError, Settings
from crm.errors import Unavailable


def _run(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    async def until_told() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await main(stop)

    try:
        from uvloop import new_event_loop as factory
    except ImportError:
        from asyncio import new_event_loop as factory  # type: ignore[assignment]
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(until_told())


def web(bind: str) -> None:
    """Serve HTTP on `bind` ("127.0.0.1:8000" or "fd://3")."""
    logs.configure()
    app = create_app(*config.gather())
    hypercorn = Config()
    hypercorn.bind = [bind]
    hypercorn.include_server_header = False
    hypercorn.graceful_timeout = 5
    hypercorn.keep_alive_timeout = 20
    # A browser that takes a long file away says nothing meanwhile; what a request may take is the application's to say.
    hypercorn.read_timeout = 900
    hypercorn.h11_max_incomplete_size = 32 * 1024
    hypercorn.backlog = 512

    async def main(stop: asyncio.Event) -> None:
        await hypercorn_serve(app, hypercorn, shutdown_trigger=stop.wait)

    _run(main)


async def mailer(settings: Settings) -> Smtp | Outbox:
    """SMTP when it is configured, and then it must answer; the outbox page in `crm run`."""
    if settings.smtp_url:
        smtp = Smtp(settings.smtp_url, settings.mail_from)
        try:
            await smtp.check()
        except MailError as error:
            raise ConfigError(str(error)) from error
        return smtp
    if settings.demo:
        return Outbox(valkey.connect(settings.valkey_url))
    raise ConfigError("Set CRM_SMTP_URL: sign-in needs mail.")


def work() -> None:
    """Do the jobs of every business."""
    logs.configure()
    settings, vault = config.gather()
    settings.require("database_url", "valkey_url", "context_key")

    async def main(stop: asyncio.Event) -> None:
        from crm import worker

        tools = worker.Tools(settings, await mailer(settings))
        while not stop.is_set():
            try:
                await db.open(settings, name="crm worker")
                break
            except Unavailable:
                await asyncio.sleep(0.5)
        following = None
        if vault is not None:
            vault.on_change(lambda secrets: db.database().follow(config.load(secrets=secrets)))
            following = asyncio.create_task(vault.run())
        try:
            await worker.run(tools, stop)
        finally:
            if following is not None:
                following.cancel()
            await db.close()

    _run(main)
