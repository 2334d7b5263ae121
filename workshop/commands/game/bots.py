"""`workshop bots`: fills a room with bots, and reports what they measured."""

import asyncio
import contextlib

import click

import netlib
from workshop.commands.address import address_argument
from workshop.commands.game.join import choose, search
from workshop.commands.options import link_options, run_options
from workshop.game.play.bot_client import BotsReport, Troop, percentile
from workshop.terminal import console

NOTHING_SEEN = 1


@click.command()
@click.argument("count", type=click.IntRange(1, 500), metavar="N")
@address_argument
@click.option("--password", default="", help="The password of the room.")
@link_options
@run_options
def command(
    *, count: int, address: str | None, password: str, link: netlib.LinkConditions, seconds: float | None
) -> int:
    """Send N bots into a game: the one on this network, or the one at ADDRESS.

    They play until Ctrl-C, the end of the room, or --seconds; then comes a report of what they measured.
    A bot that loses its connection comes back, as a player's window does. Ends with 1 if none of them saw
    the game.
    """
    url = choose(*search(), words=("bots", str(count))).url if address is None else address
    troop = Troop(url, count, password=password, link=link)
    console.say(f"{count} bots go to {url}. Ctrl-C calls them back.")
    with contextlib.suppress(TimeoutError):
        netlib.run(asyncio.wait_for(troop.play(), seconds))
    report(troop.report, count, url)
    return 0 if troop.report.fed else NOTHING_SEEN


def report(seen: BotsReport, count: int, url: str) -> None:
    """Say what the bots measured, in the room at that address."""
    if seen.fed:
        console.ok(f"{seen.fed} of {count} bots played.")
    else:
        console.fail(f"{seen.joined} of {count} bots got in, and none of them got a snapshot of the game.")
    if seen.fed < seen.joined:
        _say_why(seen, url)
    for reason, number in seen.refused.items():
        console.warn(f"{number} were refused: {reason}")
    if seen.came_back:
        console.say(f"  connections that were lost and came back: {seen.came_back}")
    for reason, number in seen.lost.items():
        console.warn(f"{number} lost the connection: {reason}")
    if seen.snapshots:
        slowest, middle = min(seen.snapshots), percentile(seen.snapshots, 50)
        console.say(f"  snapshots per second: {middle:.1f} (the slowest bot got {slowest:.1f})")
    if seen.rtts:
        middle, worst = percentile(seen.rtts, 50) * 1000, percentile(seen.rtts, 99) * 1000
        console.say(f"  round trip: p50 {middle:.1f} ms, p99 {worst:.1f} ms")


def _say_why(seen: BotsReport, url: str) -> None:
    """Say why bots that got in may have seen nothing."""
    if seen.fed:
        console.warn(f"{seen.joined - seen.fed} of the bots that got in never got a snapshot.")
    console.say(
        "  Likely the room sends no world (is it a game, and does it run?), it is overloaded, large packets "
        "vanish on the way, or the bots were called back too soon."
    )
    console.say(f"  What the network does: {console.command('doctor', '--lan', url)}")
