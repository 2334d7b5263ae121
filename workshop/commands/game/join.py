"""`workshop join`: find the room on this network, or go to an address, and play."""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import click

import netlib
from workshop.commands.address import address_argument
from workshop.commands.options import link_options, record_option, run_options, window_options
from workshop.terminal import console

SEARCH_SECONDS = 2.2  # three questions are asked in this time


@click.command()
@address_argument
@click.option("--password", default="", help="The password of the room.")
@click.option("--spectator", is_flag=True, help="Only watch.")
@window_options
@link_options
@run_options
@record_option
def command(*, address: str | None, password: str, **options: Any) -> int:
    """Join the game in this room, or at an ADDRESS such as 192.168.1.5."""
    from solutions.step14_public import client

    if address is None:
        address, password = find(password)
    return netlib.run(client.run(address, password=password, **options)) or 0


def find(password: str, *, words: Sequence[str] = ("join",)) -> tuple[str, str]:
    """The address of a room on this network, and its password, which is asked for if it is missing.

    Args:
        words: see `choose`.
    """
    room = choose(*search(), words=words)
    if room.password and not password and sys.stdin.isatty():
        password = click.prompt("This room has a password", hide_input=True)
    return room.url, password


def search() -> tuple[list[netlib.Room], str | None]:
    """The rooms on this network, and the problem that kept us from asking, if there was one.

    Raises:
        click.Abort: Ctrl-C.
    """
    console.say("Looking for rooms on this network ...")
    found = netlib.run(_search())
    if found is None:
        raise click.Abort
    return found


async def _search() -> tuple[list[netlib.Room], str | None]:
    async with netlib.Browser() as browser:
        await asyncio.sleep(SEARCH_SECONDS)
        return browser.rooms, browser.problem


def choose(
    rooms: Sequence[netlib.Room], problem: str | None, *, words: Sequence[str] = ("join",)
) -> netlib.Room:
    """The only room, or the one that the user picks. A hosted room goes before the games of single players.

    Args:
        rooms: those that were found.
        problem: what kept us from searching, if anything did.
        words: a command that also takes an address, for the advice.

    Raises:
        click.ClickException: there is no room, or this is no terminal on which the user could pick one.
    """
    candidates = [room for room in rooms if room.hosted] or list(rooms)
    if not candidates:
        raise click.ClickException(nothing_found(problem, words))
    if len(candidates) == 1:
        console.ok(f'Found "{candidates[0].name}" at {candidates[0].address}.')
        return candidates[0]
    for number, room in enumerate(candidates, 1):
        console.say(f"  {number}  {describe(room)}")
    if not sys.stdin.isatty():
        example = console.command(*words, candidates[0].address)
        raise click.ClickException(f"Several rooms are open; say which one, for example: {example}")
    number = click.prompt("Which one", type=click.IntRange(1, len(candidates)), default=1)
    return candidates[number - 1]


def describe(room: netlib.Room) -> str:
    """One line about a room."""
    locked = ", with a password" if room.password else ""
    return f"{room.name}  ({room.players} of {room.max_players} players{locked})  {room.address}"


def nothing_found(problem: str | None, words: Sequence[str] = ("join",)) -> str:
    """What to say, and what to try, if no room answered."""
    reason = f"Could not look for rooms: {problem}." if problem else "No room answered on this network."
    return "\n".join(
        [
            reason,
            "Likely: no server is running here, you are on another network (a guest Wi-Fi, a VPN), or a",
            "firewall blocks UDP 8766-8769, by which rooms are found.",
            f"Try: ask for the address and type it, for example {console.command(*words, '192.168.1.5')}",
            f"Or start a room yourself: {console.command('host')}",
        ]
    )
