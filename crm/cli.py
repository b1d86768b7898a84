"""The command `crm`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from crm.clients.vault import VaultError
from crm.config import ConfigError
from crm.embedded import EmbeddedError
from crm.errors import Unavailable
from crm.schema import SchemaError
from crm.statements import StatementError


def main(arguments: list[str] | None = None) -> None:
    """Parse and run one command. Mistakes of the person end in one line, never in a trace."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except (ConfigError, VaultError, EmbeddedError, SchemaError, StatementError, Unavailable) as error:
        raise SystemExit(f"crm: {error}") from None
    except BrokenPipeError:  # `crm … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="crm", description="A CRM for small field-service businesses.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="everything, with nothing set up: database, demo business, web, worker")
    run.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    run.add_argument("--data", type=Path, default=Path(os.environ.get("DATA") or ".crm"))
    run.set_defaults(command=_run)

    serve = commands.add_parser("serve", help="the web processes, configured by CRM_* variables")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    serve.add_argument("--workers", type=int, default=1)
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    serve.set_defaults(command=_serve)

    worker = commands.add_parser("worker", help="the jobs: mail and whatever else leaves the house")
    worker.set_defaults(command=_worker)

    moving = commands.add_parser(
        "import", help="customers from a CSV or vCard file, with the columns as they are guessed"
    )
    moving.add_argument("file", type=Path)
    moving.add_argument("--as", dest="email", required=True, metavar="EMAIL")
    moving.add_argument("--business", help="its id, when the address belongs to several")
    moving.add_argument(
        "--duplicates", choices=["skip", "update", "create"], default="skip", help="customers who are known"
    )
    moving.add_argument("--data", type=Path, default=Path(os.environ.get("DATA") or ".crm"),
                        help="the data folder of `crm run`, when nothing is configured")  # fmt: skip
    moving.set_defaults(command=_import)

    demo = commands.add_parser("demo", help="many made-up businesses and contacts, for tests and benches")
    demo.add_argument("--contacts", type=int, default=10_000, help="of all businesses together; the first has a fifth")
    demo.add_argument("--businesses", type=int, default=10)
    demo.add_argument("--seed", type=int, default=1, help="the same seed makes the same rows")
    demo.add_argument("--data", type=Path, default=Path(os.environ.get("DATA") or ".crm"),
                      help="the data folder of `crm run`, when nothing is configured")  # fmt: skip
    demo.set_defaults(command=_demo)

    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="COMMAND")
    from crm import admin

    admin.add_commands(database)
    return parser


def _run(options: argparse.Namespace) -> None:
    from crm.run import run

    run(options.data.resolve(), options.port)


def _serve(options: argparse.Namespace) -> None:
    from crm import serve
    from crm.supervise import Child, Supervisor, listen

    if options.socket is not None:
        serve.web(f"fd://{options.socket}")
    elif options.workers == 1:
        serve.web(f"{options.host}:{options.port}")
    else:
        listener = listen(options.host, options.port)
        handle = listener.fileno()
        with tempfile.TemporaryDirectory(prefix="crm-metrics-") as folder:
            shared = {"PROMETHEUS_MULTIPROC_DIR": folder}
            Supervisor(
                [
                    Child(f"web {n}", ["serve", "--socket", str(handle)], shared, (handle,))
                    for n in range(options.workers)
                ]
            ).run()


def _worker(options: argparse.Namespace) -> None:
    from crm import serve

    serve.work()


def _import(options: argparse.Namespace) -> None:
    import asyncio

    from crm import admin, moving
    from crm.book.reader import Unreadable
    from crm.errors import Refused

    try:
        data = options.file.read_bytes()
        actor, settings = admin.somebody(options)
        rows = asyncio.run(moving.from_file(settings, actor, options.file.name, data, options.duplicates))
    except OSError as error:
        raise SystemExit(f"crm: {options.file}: {error.strerror}") from None
    except (Unreadable, Refused) as error:
        raise SystemExit(f"crm: {options.file}: {error.message}") from None
    print(f"{rows:,} rows are on their way into the book: /imports says how far they are, and undoes them.")


def _demo(options: argparse.Namespace) -> None:
    from crm.admin import _connection_url
    from crm.demo import large

    large.make(_connection_url(options, "postgres"), options.contacts, options.businesses, options.seed)


if __name__ == "__main__":
    main(sys.argv[1:])
