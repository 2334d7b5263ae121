"""The door: hellos, and what every client may say."""

import asyncio
import contextlib
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.protocol.frames import PROTOCOL_VERSION
from netlib.server.host import GUESSES_PER_SECOND
from netlib.server.incoming import JOIN_GUESS_BURST, TOO_MANY_GUESSES
from tests.support.callers import Move
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, plain_client
from tests.support.sessions import PlainPlayer


async def test_a_hello_is_answered_by_a_welcome() -> None:
    """The welcome tells who one is and what room this is; the token in it is each client's own secret."""
    async with (
        a_room("Gem Rush", tick_rate=20) as server,
        plain_client(server) as client,
        plain_client(server) as other,
    ):
        welcome = client.welcome
        assert welcome["type"] == "welcome"
        assert (welcome["player_id"], welcome["name"], welcome["room"]) == (1, "Ada", "Gem Rush")
        assert (welcome["tick_rate"], welcome["resumed"]) == (20, False)
        assert 0 <= welcome["server_time"] <= server.time
        assert len(welcome["resume"]) >= 16 and welcome["resume"] != other.welcome["resume"]


async def test_a_taken_name_gets_a_number_and_is_free_again_after_a_leave() -> None:
    """Two Adas are told apart."""
    async with a_room() as server, plain_client(server) as ada:
        async with plain_client(server, hello="ada") as other:
            assert (ada.welcome["name"], other.welcome["name"]) == ("Ada", "ada 2")
        await wait_until_async(lambda: len(server.peers) == 1, "the leave")
        async with plain_client(server, hello="Ada") as again:
            assert again.welcome["name"] == "Ada 2"


@pytest.mark.parametrize(
    ("fields", "options", "code"),
    [
        ({"protocol": PROTOCOL_VERSION + 1}, {}, "protocol"),
        ({"password": "wrong"}, {"password": "sesame"}, "password"),
        ({}, {"password": "sesame"}, "password"),
        ({"name": ""}, {}, "name"),
        ({"name": "x" * 10_000}, {}, "name"),
        ({}, {"limits": netlib.Limits(max_players=0)}, "full"),
        ({"spectator": True}, {"limits": netlib.Limits(max_spectators=0)}, "full"),
    ],
)
async def test_a_refusal_says_why_and_ends_the_connection(
    fields: dict[str, Any], options: dict[str, Any], code: str
) -> None:
    """First the code and what to do, then close code 1008 with the same text; the host sees a count."""
    async with a_room(**options) as server, plain_client(server, hello=None) as client:
        answer = await client.hello(**fields)
        assert (answer["type"], answer["code"]) == ("refused", code)
        close_code, reason = await client.closed()
        assert close_code == 1008
        assert reason is not None
        assert answer["message"].startswith(reason[:100])
        assert server.metrics.refused[code] == 1
        assert server.peers == []
        assert server.metrics.joined == server.metrics.left == 0


async def test_a_second_hello_is_refused_and_changes_nothing() -> None:
    """One is who one is."""
    async with a_room() as server, plain_client(server) as client:
        answer = await client.hello("Eve")
        assert (answer["type"], answer["code"]) == ("error", "second_hello")
        assert [peer.name for peer in server.peers] == ["Ada"]


async def test_a_ping_is_answered_with_both_times() -> None:
    """The client's own time comes back unchanged, beside the server's."""
    async with a_room() as server, plain_client(server) as client:
        await client.send(type="ping", time=12.75, rtt=0.021)
        pong = await client.next("pong")
        assert pong["time"] == 12.75
        assert 0 <= pong["server_time"] <= server.time
        assert server.peers[0].rtt == 0.021
        await client.send(type="ping", time=13.25)
        await client.next("pong")
        assert server.peers[0].rtt == 0.021


async def test_an_input_waits_for_its_tick() -> None:
    """Inputs go to the player's queue, and nobody can listen to them."""
    async with a_room(input_type=Move) as server, plain_client(server) as client:
        taken: list[Move] = []
        server.on_tick(lambda dt: taken.extend(server.peers[0].take_inputs()))
        await client.send(type="input", seq=1, dx=5)
        await wait_until_async(lambda: taken, "the input")
        assert taken == [Move(seq=1, dx=5)]


async def test_a_spectator_watches_and_does_not_play() -> None:
    """Its inputs are refused, it takes no player's place, and it gets the state."""
    async with a_room(input_type=Move) as server, plain_client(server, hello=None) as client:
        server.publish({"players": {}})
        await client.hello(spectator=True)
        assert server.players == []
        assert [peer.spectator for peer in server.peers] == [True]
        await client.send(type="input", seq=1)
        assert (await client.next("error"))["code"] == "spectator"


async def test_two_hellos_at_the_same_time_find_one_place() -> None:
    """Of two who come for the last place, exactly one gets it."""
    async with a_room(limits=netlib.Limits(max_players=1)) as server, contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(plain_client(server, hello=None)) for _ in range(5)]
        answers = await asyncio.gather(*(client.hello() for client in clients))
        assert sorted(answer["type"] for answer in answers) == ["refused"] * 4 + ["welcome"]


async def guesses(network: testing.Network, server: netlib.Server, host: str, *words: str) -> list[str]:
    """Say hello from an address with each password; return the types of the answers, and what was said."""
    answers = []
    for word in words:
        answer = await PlainPlayer().join(server, network.new_cable(host), password=word)
        answers.append(answer.get("message", answer["type"]))
    return answers


@testing.in_virtual_time
async def test_guesses_of_the_password_are_slowed() -> None:
    """After some wrong ones from an address nothing is tried for a while, not even the right one."""
    async with testing.Network() as network:
        server, many = await network.serve(password="sesame"), int(JOIN_GUESS_BURST)
        wrong = await guesses(network, server, "10.0.0.66", *["plum"] * (many + 1), "sesame")
        assert [it == TOO_MANY_GUESSES for it in wrong] == [False] * many + [True, True]
        assert await guesses(network, server, "10.0.0.7", "sesame") == ["welcome"]
        await asyncio.sleep(1.1 / GUESSES_PER_SECOND)
        assert await guesses(network, server, "10.0.0.66", "sesame") == ["welcome"]


@testing.in_virtual_time
async def test_right_passwords_are_no_guesses() -> None:
    """A class behind one router comes in all at once, and those who gave none do not count, either."""
    async with testing.Network() as network:
        limits = netlib.Limits(max_players=200)
        server, class_size = await network.serve(password="sesame", limits=limits), 60
        forgot = await guesses(network, server, "10.0.0.7", *[""] * class_size)
        assert not [it for it in forgot if it == TOO_MANY_GUESSES]
        answers = await guesses(network, server, "10.0.0.7", *["sesame"] * class_size)
        assert answers == ["welcome"] * class_size


@testing.in_virtual_time
async def test_guesses_of_others_keep_no_player_from_coming_back() -> None:
    """A client that shows the secret of its stay is not a guesser, whoever guesses at its address."""
    async with testing.Network() as network:
        server = await network.serve(password="sesame")
        ada = await network.join("Ada", password="sesame", cable=network.new_cable("10.0.0.7"))
        words = ["plum"] * (int(JOIN_GUESS_BURST) + 1)
        assert (await guesses(network, server, "10.0.0.7", *words))[-1] == TOO_MANY_GUESSES
        network.cut()
        await testing.until(lambda: server.metrics.resumed == 1, "it is back")
        assert ada.player_id == 1
