"""How long the check of each step takes on a machine whose cores are all busy, and whether it is flaky.

Run it with `python -m workshop.maintenance.bench.check_times --runs 10`; it prints the median and 95th
percentile of each step, and every run of a solution that did not pass.
"""

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from workshop import steps
from workshop.game.play.bot_client import percentile
from workshop.maintenance.upkeep import matrix, places
from workshop.maintenance.upkeep.checked import some_at_once
from workshop.maintenance.upkeep.matrix import Case, Outcome


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """Keep that many cores fully busy."""
    spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def report(outcomes: list[Outcome]) -> int:
    """Print a line for each step. Returns how many runs did not pass."""
    print(f"{'step':<24} {'runs':>4} {'median':>8} {'p95':>8}  failed")
    failed = 0
    for step in steps.all_steps():
        mine = [outcome for outcome in outcomes if outcome.case.step == step]
        times = [outcome.result.seconds for outcome in mine if outcome.result]
        bad = list(matrix.problems(mine))
        failed += len(bad)
        if times:
            p50, p95 = percentile(times, 50), percentile(times, 95)
            print(f"{step.id:<24} {len(mine):>4} {p50:>6.2f} s {p95:>6.2f} s  {len(bad)}")
        for problem in bad:
            print(f"  {problem}")
    return failed


def main() -> None:
    """Check every solution several times beside busy cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--busy", type=int, default=os.cpu_count() or 1, metavar="CORES")
    parser.add_argument("--jobs", type=int, default=1, help="checks at a time")
    options = parser.parse_args()
    lessons = [step for step in steps.all_steps() if int(step.number) >= places.LESSONS_FROM]
    todo = [Case(step, "solution", step.solution) for _ in range(options.runs) for step in lessons]
    with busy(options.busy):
        outcomes = asyncio.run(some_at_once(todo, matrix.outcome_of, jobs=options.jobs, tell=lambda _: None))
    raise SystemExit(1 if report(outcomes) else 0)


if __name__ == "__main__":
    main()
