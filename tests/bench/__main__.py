"""`make bench`: how near each layer comes to what PostgreSQL alone can do, on this machine, in this run.

Four ways to the same rows, one after the other in each round, so that whatever else the machine does falls on all of
them: pgbench on the very statements, the data layer alone, the whole signed-in page under Hypercorn, and the same
rows by Django with Jinja2. The medians of the rounds are printed as ratios; absolute rates are only good for this
machine and this run.
"""

import argparse
import os
import platform
import statistics
from pathlib import Path

from crm.demo import large
from crm.run import Home
from tests.bench import moving_in, parts, search
from tests.bench.subject import SUBJECTS, Subject
from tests.home import temporary_home

PROTOTYPE = {"data layer": 0.70, "whole page": 0.16}  # of pgbench, on two cores: what has to be reached
DATABASE = {"shared_buffers": "1GB", "synchronous_commit": "off", "max_connections": "60"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--businesses", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--only", choices=["pages", "search", "import"], help="one part of it")
    parser.add_argument("--rows", type=int, default=50_000, help="of the file that is imported")
    options = parser.parse_args()
    with temporary_home("crm-bench-", DATABASE) as home:
        large.make(home.admin_url, options.contacts, options.businesses)
        if options.only in (None, "pages"):
            measure(home, options.rounds, options.seconds)
        if options.only in (None, "search"):
            search.measure(home)
        if options.only in (None, "import"):
            moving_in.measure(home, options.rows)


def measure(home: Home, rounds: int, seconds: float) -> None:
    """Every way, every subject, in turn."""
    for subject in (make(home) for make in SUBJECTS):
        rates: dict[str, list[float]] = {}
        with parts.web(home) as ours, parts.django(home, subject) as theirs:
            ours.check(subject)
            theirs.check(subject)
            for _ in range(rounds):
                for name, rate in (
                    ("pgbench", parts.pgbench(home, subject, seconds)),
                    ("pgbench, pipelined", parts.pgbench(home, subject, seconds, pipelined=True)),
                    ("data layer", parts.data_layer(home, subject, seconds)),
                    ("whole page", ours.rate(subject, seconds)),
                    ("Django + Jinja2", theirs.rate(subject, seconds)),
                ):
                    rates.setdefault(name, []).append(rate)
        report(subject, rates)


def report(subject: Subject, rates: dict[str, list[float]]) -> None:
    limit = statistics.median(rates["pgbench"])
    cpu = next((line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())  # fmt: skip
    print(f"\n{subject.title}: {subject.rows} rows; {os.cpu_count()} cores ({cpu})")
    print(f"  {'':20}{'a second':>10}  {'least … most':>17}  {'of pgbench':>10}")
    for name, each in rates.items():
        middle, spread = statistics.median(each), f"{min(each):,.0f} … {max(each):,.0f}"
        wanted = f"  (to reach: {PROTOTYPE[name]:.2f})" if name in PROTOTYPE else ""
        print(f"  {name:20}{middle:10,.0f}  {spread:>17}  {middle / limit:10.2f}{wanted}", flush=True)


if __name__ == "__main__":
    main()
