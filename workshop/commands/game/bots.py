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
    A bot that loses its connection comes back, as a player's window does.
    """
    url = choose(*search(), words=("bots", str(count))).url if address is None else address
    troop = Troop(url, count, password=password, link=link)
    console.say(f"{count} bots go to {url}. Ctrl-C calls them back.")
    netlib.run(_play(troop, seconds))
    report(troop.report, count)
    return 0


async def _play(troop: Troop, seconds: float | None) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await troop.play()


def report(seen: BotsReport, count: int) -> None:
    """Say what the bots measured."""
    console.ok(f"{seen.joined} of {count} bots played.")
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
