"""``python -m workshop.maintenance.bench.chaos``: cut connections, kill the server; nothing may be lost."""

from __future__ import annotations

import argparse
import sys

import click

import netlib
from workshop.maintenance.bench.chaos.report import as_json, as_table
from workshop.maintenance.bench.chaos.run import Chaos, Plan
from workshop.maintenance.bench.server_load import positive


def main() -> int:
    """Run, print, and return the exit code: 1 if there was a problem."""
    options = _options()
    plan = Plan(options.bots, options.cuts, options.seconds, options.seed)
    try:
        result = netlib.run(Chaos(plan, tell).run())
    except (click.ClickException, netlib.NetlibError) as error:
        tell(str(error))
        return 1
    if result is None:
        return 1
    print(as_json(plan, result) if options.json else as_table(plan, result))
    return 1 if result.problems else 0


def tell(what: str) -> None:
    """Print progress on standard error, beside the report."""
    print(what, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m workshop.maintenance.bench.chaos", description=__doc__)
    parser.add_argument("--bots", type=positive, default=usual.bots, help="how many play")
    parser.add_argument("--cuts", type=positive, default=usual.cuts, help="how many connections are cut")
    parser.add_argument("--seconds", type=positive, default=int(usual.seconds), help="within about what time")
    parser.add_argument("--seed", type=int, default=usual.seed, help="of the choices")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
