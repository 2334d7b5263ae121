"""Requests and replies: an answer, an error, silence, and a connection that is lost in between."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.requests import REQUEST_TIMEOUT
from tests.support.sessions import Note

GRACE = netlib.Limits().grace_time


class Double(netlib.Message, frozen=True):
    """What is twice this number?"""

    number: int


async def a_pair(network: testing.Network) -> tuple[netlib.Server, netlib.Client, netlib.Peer]:
    """Open a room with one player, in which both sides double numbers."""
    server = await network.serve()
    server.on_request(Double)(lambda _, asked: Note(2 * asked.number))
    ada = await network.join("Ada", messages=[Note, Double])
    ada.on_request(Double)(lambda asked: Note(2 * asked.number))
    server.declare(Note)
    (peer,) = server.peers
    return server, ada, peer


@testing.in_virtual_time
async def test_both_sides_may_ask() -> None:
    """The reply is a message of the other side."""
    async with testing.Network() as network:
        _, ada, peer = await a_pair(network)
        assert await ada.request(Double(4)) == Note(8)
        assert await peer.request(Double(5)) == Note(10)


@testing.in_virtual_time
async def test_many_at_once() -> None:
    """Each asker gets its own answer, in whatever order they come."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        server._answers.clear()

        @server.on_request(Double)
        async def slowly(_: netlib.Peer, asked: Double) -> Note:
            await asyncio.sleep(1 / (1 + asked.number))
            return Note(2 * asked.number)

        answers = await asyncio.gather(*(ada.request(Double(number)) for number in range(50)))
        assert answers == [Note(2 * number) for number in range(50)]


@testing.in_virtual_time
async def test_an_answer_may_be_nothing() -> None:
    """A function that returns nothing confirms that it has run."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        asked: list[Any] = []
        server.on_request("reset")(lambda *args: asked.append(args))
        assert await ada.request(netlib.Untyped("reset")) is None
        assert len(asked) == 1


@pytest.mark.parametrize("outage", [0.1, 3.0, 14.0])
@pytest.mark.parametrize("lost", ["request", "reply"])
def test_across_a_drop(lost: str, outage: float) -> None:
    """A connection that is lost before or after the request arrived changes nothing: it is answered once."""

    async def scenario() -> None:
        async with testing.Network() as network:
            server, ada, _ = await a_pair(network)
            asked: list[int] = []

            def answered(_: netlib.Peer, question: netlib.Untyped) -> Note:
                asked.append(question["number"])
                if lost == "reply":
                    network.cable(ada).refuse()
                    network.cable(ada).cut()
                return Note(2 * question["number"])

            server.on_request("twice")(answered)
            if lost == "request":
                network.cable(ada).refuse()
                network.cable(ada).cut()
            reply = asyncio.ensure_future(ada.request(netlib.Untyped("twice", {"number": 3}), timeout=None))
            await asyncio.sleep(outage)
            network.accept()
            assert await reply == Note(6) and asked == [3]

    testing.run(scenario())


@testing.in_virtual_time
async def test_the_servers_request_survives_a_drop_too() -> None:
    """What a server asks of a player who is away is answered when it is back."""
    async with testing.Network() as network:
        _, ada, peer = await a_pair(network)
        network.cable(ada).refuse()
        network.cable(ada).cut()
        await testing.until(lambda: not peer.connected)
        reply = asyncio.ensure_future(peer.request(Double(7), timeout=None))
        await asyncio.sleep(3)
        assert not reply.done()
        network.accept()
        assert await reply == Note(14)


@testing.in_virtual_time
async def test_no_answer_in_time() -> None:
    """Whoever waits too long is told; an answer that comes later hurts nobody."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        server.on_request("slow")(lambda *_: asyncio.sleep(3, Note(1)))
        before = netlib.clock()
        with pytest.raises(TimeoutError):
            await ada.request(netlib.Untyped("slow"), timeout=2)
        assert netlib.clock() - before == pytest.approx(2)
        await asyncio.sleep(3)
        assert await ada.request(Double(1)) == Note(2) and not ada.metrics.refused


@testing.in_virtual_time
async def test_nobody_waits_for_ever_by_default() -> None:
    """There is a time limit when none is given."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        server.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
        with pytest.raises(TimeoutError):
            await ada.request(netlib.Untyped("never"))
        assert netlib.clock() == pytest.approx(REQUEST_TIMEOUT, abs=0.01)


@testing.in_virtual_time
async def test_an_error_for_an_answer() -> None:
    """The other side may say no, with a word for programs and a text for people."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)

        @server.on_request("buy")
        async def no(*_: Any) -> None:
            raise netlib.RequestFailed("poor", "you have 3 gems; it costs 5")

        with pytest.raises(netlib.RequestFailed, match="you have 3 gems; it costs 5") as failed:
            await ada.request(netlib.Untyped("buy"))
        assert failed.value.code == "poor"


@testing.in_virtual_time
async def test_a_request_that_nobody_answers() -> None:
    """It is an error at once, and no wait."""
    async with testing.Network() as network:
        server, ada, peer = await a_pair(network)
        server.declare("heard")
        for name in ("unheard", "heard"):
            with pytest.raises(netlib.RequestFailed) as failed:
                await ada.request(netlib.Untyped(name))
            assert failed.value.code == "unknown_type"
        with pytest.raises(netlib.RequestFailed):
            await peer.request(netlib.Untyped("unheard"))
        assert netlib.clock() < 1


@testing.in_virtual_time
async def test_a_request_that_does_not_fit() -> None:
    """Its fields are checked like those of any message."""
    async with testing.Network() as network:
        _, ada, _ = await a_pair(network)
        with pytest.raises(netlib.RequestFailed, match="Expected `int`") as failed:
            await ada.request(netlib.Untyped("double", {"number": "four"}))
        assert failed.value.code == "bad_message"


@pytest.mark.parametrize("broken", [lambda *_: 1 / 0, lambda *_: netlib.Untyped("x", {"no": object()})])
def test_a_function_that_fails(broken: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Who asked hears that it failed, the log says why, and nobody else notices; also when only the
    reply cannot be sent."""

    async def scenario() -> None:
        async with testing.Network() as network:
            server, ada, peer = await a_pair(network)
            server.on_request("broken")(broken)
            ada.on_request("broken")(broken)
            for who in (ada, peer):
                with pytest.raises(netlib.RequestFailed, match="its log tells why") as failed:
                    await who.request(netlib.Untyped("broken"))
                assert failed.value.code == "failed"
            assert await ada.request(Double(1)) == Note(2) and netlib.clock() < 1

    with caplog.at_level(logging.ERROR):
        testing.run(scenario())
    assert len(caplog.records) == 2 and all(record.exc_info for record in caplog.records)


@testing.in_virtual_time
async def test_the_end_of_the_session_ends_the_waiting() -> None:
    """When no reply can come any more, both sides' askers are told at once."""
    async with testing.Network() as network:
        server, ada, peer = await a_pair(network)
        server.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
        ada.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
        waiting = [asyncio.ensure_future(who.request(netlib.Untyped("never"))) for who in (ada, peer)]
        await asyncio.sleep(1)
        peer.kick("enough")
        for asked in waiting:
            with pytest.raises(netlib.ConnectionLost, match="enough"):
                await asked
        assert netlib.clock() < 2


@testing.in_virtual_time
async def test_a_new_session_ends_the_waiting() -> None:
    """A client that comes back as a newcomer is not answered what it asked before."""
    async with testing.Network() as network:
        _, ada, _ = await a_pair(network)
        network.cable(ada).refuse()
        network.cable(ada).cut()
        asked = asyncio.ensure_future(ada.request(Double(1), timeout=None))
        await asyncio.sleep(GRACE + 5)
        network.accept()
        with pytest.raises(netlib.ConnectionLost, match="began a new session"):
            await asked
        assert await ada.request(Double(1)) == Note(2)


@testing.in_virtual_time
async def test_after_the_end_nobody_can_be_asked() -> None:
    """Such a request fails at once, without waiting for its time limit."""
    async with testing.Network() as network:
        _, ada, peer = await a_pair(network)
        await ada.close()
        for who in (ada, peer):
            with pytest.raises(netlib.ConnectionLost):
                await who.request(Double(1))
        assert netlib.clock() < 1


@testing.in_virtual_time
async def test_an_asker_that_gives_up_leaves_nothing() -> None:
    """A cancelled request is forgotten; its reply is ignored."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        server.on_request("slow")(lambda *_: asyncio.sleep(1, Note(1)))
        asked = asyncio.ensure_future(ada.request(netlib.Untyped("slow")))
        await asyncio.sleep(0.5)
        asked.cancel()
        await asyncio.sleep(2)
        assert not ada._requests._waiting and not ada.metrics.refused


@testing.in_virtual_time
async def test_a_request_that_cannot_be_sent() -> None:
    """The asker is told, and nothing waits."""
    async with testing.Network() as network:
        _, ada, _ = await a_pair(network)
        with pytest.raises(netlib.BadMessage):
            await ada.request(netlib.Untyped("x", {"no": object()}))
        assert not ada._requests._waiting


@testing.in_virtual_time
async def test_a_reply_that_is_no_message() -> None:
    """The asker is told that it cannot be read."""
    async with testing.Network() as network:
        server, ada, _ = await a_pair(network)
        server.on_request("odd")(lambda *_: {"no": "type"})
        with pytest.raises(netlib.BadMessage):
            await ada.request(netlib.Untyped("odd"))


async def test_only_one_function_answers() -> None:
    """A second one for the same request is a mistake, and is told."""
    server = netlib.Server("room")
    server.on_request(Double)(lambda *_: None)
    with pytest.raises(ValueError, match="only one"):
        server.on_request(Double)
