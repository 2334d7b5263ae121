"""`workshop dev fuzz`: hostile clients against a server, beside honest players."""

import random

import click

import netlib
from workshop.maintenance.fuzz.run import Fuzz, Plan, Result
from workshop.terminal import console

SEEDS = 10**6  # from which one is taken when none is given
SECONDS = click.FloatRange(0.1, 86400)


@click.command()
@click.option("--seconds", default=30.0, show_default=True, type=SECONDS, metavar="S", help="How long.")
@click.option("--seed", type=int, metavar="N", help="Of the attacks; another one each time by default.")
@click.option("--only", type=int, multiple=True, metavar="NUMBER", help="Only this attack; can be repeated.")
def command(*, seconds: float, seed: int | None, only: tuple[int, ...]) -> int:
    """Attack a server with frames and messages that no client should send.

    Honest players play beside. Ends with 1 when they were disturbed, when the server logged an error, or when
    a task or a socket of the attacks stayed; then it prints the attacks that may have done it.
    """
    plan = Plan(random.randrange(SEEDS) if seed is None else seed, seconds, only)
    console.say(f"The seed is {plan.seed}.")
    result = netlib.run(Fuzz(plan).run())
    if result is None:
        raise click.Abort
    tell(plan, result)
    return 1 if result.problems else 0


def tell(plan: Plan, result: Result) -> None:
    """Print what happened."""
    refused = ", ".join(f"{number} {code}" for code, number in sorted(result.refused.items()))
    console.say(f"{result.attacks} attacks wrote {result.written} bytes. Refused: {refused or 'nothing'}.")
    console.say(f"{result.joined} were let in, and came back to their place {result.resumed} times.")
    console.say(
        f"Two honest players saw {result.states} states, and {result.lines} lines of their chat came back."
    )
    console.say(f"The most that a tick had to wait: {result.spent * 1000:.0f} ms of the processor.")
    if not result.problems:
        console.ok("Nobody was disturbed, and nothing is left.")
        return
    for script in result.suspects:
        console.say(script)
    for problem in result.problems:
        console.fail(problem)
    again = console.command("dev", "fuzz", "--seed", str(plan.seed), "--only", "NUMBER")
    console.say(f"To make one of these attacks again: {again}")
