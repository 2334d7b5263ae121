"""A server that does something only when the program's own loop says so."""

import asyncio
import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

import netlib
from netlib import threads
from tests.support.callers import Chat
from tests.support.processes import in_thread, wait_until
from tests.support.rooms import LOOPBACK, a_room, plain_client
from tests.support.sessions import Thing

HZ = 60  # updates per second
DEADLINE = 20.0  # seconds


def a_server(**options: Any) -> threads.ManualServer:
    """Return a server that nobody on the LAN can find."""
    room = {"host": LOOPBACK, "port": 0, "discoverable": False, "tick_rate": HZ, **options}
    return threads.ManualServer("room", **room)


def play(server: threads.ManualServer, until: Callable[[], object], what: str) -> int:
    """Update at 60 Hz until a condition holds; return how many times."""
    deadline = time.perf_counter() + DEADLINE
    updates = 0
    while not until():
        assert time.perf_counter() < deadline, f"not in time: {what}"
        server.update()
        updates += 1
        time.sleep(1 / HZ)
    return updates


def join(server: threads.ManualServer, **options: Any) -> threads.PolledClient:
    """Return a client that has joined while the server was updated."""
    client = threads.PolledClient(server.url, **{"name": "Ada", "messages": [Chat], **options})
    answers: list[tuple[bool, str]] = []
    joining = in_thread(lambda: answers.append(client.connect()))
    play(server, lambda: answers, "the welcome")
    joining.join()
    assert answers[0][0], answers
    return client


@contextlib.contextmanager
def a_game(**options: Any) -> Iterator[tuple[threads.ManualServer, threads.PolledClient]]:
    """Give a server and a client in it; nobody says goodbye to a server that is not updated."""
    with a_server() as server:
        client = join(server, **options)
        yield server, client
    client.close()


class TestUpdate:
    def test_one_tick_each_and_none_between(self) -> None:
        """Ticks are those that the program runs; each has the same length, whatever the time."""
        ticks: list[float] = []
        before = threading.active_count()
        with a_server() as server:
            server.on_tick(ticks.append)
            assert threading.active_count() == before
            time.sleep(3 / HZ)
            assert (server.tick, ticks) == (0, [])
            for n in range(1, 6):
                server.update()
                assert (server.tick, ticks) == (n, [1 / HZ] * n)

    def test_it_never_waits(self) -> None:
        """An update with nothing to do takes no time, with clients or without."""
        with a_game() as (server, _):
            looks = [time.perf_counter()]
            for _ in range(100):
                server.update()
                looks.append(time.perf_counter())
            assert median(after - before for before, after in pairwise(looks)) < 0.01

    def test_what_has_arrived_is_served_before_the_tick(self) -> None:
        """A message that is there when the update begins has reached its listener when the tick comes."""
        order: list[str] = []
        with a_game() as (server, client):
            server.on(Chat, lambda peer, message: order.append(message.text))
            server.on_tick(lambda dt: order.append("tick"))
            client.send(Chat("hi"))
            client._thread.call(lambda: None)  # after that it is on its way
            server.update()
            assert order == ["hi", "tick"]

    def test_a_game_at_60_hz(self) -> None:
        """Joining takes a few updates; then there is chat, state and requests, each within a few frames."""
        with a_game(schema={"things": Thing}) as (server, client):
            server.on(Chat, lambda peer, message: server.broadcast(message))
            server.on_tick(lambda dt: server.publish({"things": {1: Thing(server.tick)}}))

            @server.on_request(Chat)
            async def answer(peer: netlib.Peer, message: Chat) -> Chat:
                await asyncio.sleep(0)
                return message

            client.send(Chat("hi"))
            frames = play(server, lambda: client.read() == Chat("hi"), "the echo")
            assert frames < 10
            assert play(server, lambda: client.tick == server.tick, "the newest state") < 10
            answers: list[Any] = []
            asking = in_thread(lambda: answers.append(client.request(Chat("you?"))))
            play(server, lambda: answers == [Chat("you?")], "the answer")
            asking.join()

    def test_much_at_once(self) -> None:
        """What is too large for one write goes on in the next updates."""
        text = "x" * 900_000
        with a_game() as (server, client):
            server.broadcast(Chat(text))
            play(server, lambda: client.read() == Chat(text), "the whole")

    def test_what_the_program_sends_between_updates_goes_at_once(self) -> None:
        """Nobody has to update to send, also over a simulated link, which then needs updates."""
        with a_game() as (server, client):
            server.broadcast(Chat("now"))
            wait_until(lambda: client.read() == Chat("now"), "the message")
            server.link = netlib.LinkConditions(latency=0.1)
            server.send(server.peers[0], Chat("late"))
            play(server, lambda: client.read() == Chat("late"), "the late message")

    def test_a_listener_that_fails(self, caplog: pytest.LogCaptureFixture) -> None:
        """It is logged, and the loop of the program goes on."""
        with a_server() as server:

            @server.on_tick
            def broken(dt: float) -> None:
                raise ZeroDivisionError

            ticks: list[float] = []
            server.on_tick(ticks.append)
            server.update()
            server.update()
            assert len(ticks) == 2
        assert caplog.text.count("broken failed") == 2

    def test_async_listeners(self) -> None:
        """A coroutine goes on in later updates."""
        steps: list[int] = []
        with a_server() as server:

            @server.on_tick
            async def tick(dt: float) -> None:
                started = server.tick
                await asyncio.sleep(0.01)
                steps.append(started)

            play(server, lambda: steps, "the end of the sleep")


class TestTimers:
    def test_grace_time(self) -> None:
        """A player that is dropped and does not come back leaves, although only updates move the time."""
        with a_server(limits=netlib.Limits(grace_time=0.2)) as server:
            events: list[Any] = []
            for kind in (netlib.Dropped, netlib.Left):
                server.on(kind, lambda event: events.append(type(event)))
            client = join(server, reconnect_time=0)
            client._thread.call(lambda: client._client._presence.line.connection.abort())  # type: ignore[union-attr]
            play(server, lambda: len(events) == 2, "the leave")
            assert events == [netlib.Dropped, netlib.Left]
            client.close()

    def test_keepalive(self) -> None:
        """A client that has frozen is noticed."""
        thawed = threading.Event()
        with a_server(limits=netlib.Limits(idle_time=0.3)) as server:
            dropped: list[Any] = []
            server.on(netlib.Dropped, dropped.append)
            client = join(server, reconnect_time=0)
            client._thread.post(lambda: thawed.wait(DEADLINE))
            play(server, lambda: dropped, "the drop")
            assert "nothing was heard" in dropped[0].reason
            thawed.set()
            client.close()

    def test_confirmations(self) -> None:
        """The client's messages are confirmed some time after they came."""
        delivered = threading.Event()
        with a_game() as (server, client):
            server.on(Chat, lambda peer, message: None)
            client.send(Chat("hi"), delivered=delivered.set)
            play(server, delivered.is_set, "the confirmation")


class TestStartAndStop:
    def test_again_with_the_same_players(self) -> None:
        """A client that stays resumes when the server starts again; and all may be called twice."""
        server = a_server()
        server.stop()
        server.update()
        server.start()
        with join(server) as client:
            for _ in range(2):
                server.start()
                server.stop()
                server.stop()
                assert not server.running
                wait_until(lambda: client.reconnecting, "the loss")
                server.start()
                play(server, lambda: client.connected, "the return")
            connected = [event for event in client.poll() if isinstance(event, netlib.Connected)]
            assert [event.resumed for event in connected] == [False, True, True]
            assert [peer.id for peer in server.peers] == [client.player_id]
        server.stop()

    @pytest.mark.parametrize("how", ["its own stop", "the stop of the server inside"])
    def test_stop_from_a_listener(self, how: str) -> None:
        """The loop ``while server.running: server.update()`` ends, and the clients are told."""
        server = a_server()
        inside = server.server
        dropped: list[Any] = []
        server.on(netlib.Dropped, dropped.append)

        @server.on(Chat)
        def chat(peer: netlib.Peer, message: Chat) -> None:
            if how == "its own stop":
                server.stop()
            else:
                inside.spawn(inside.stop())

        server.start()
        client = join(server, reconnect_time=0)
        client.send(Chat("stop"))
        while server.running:
            server.update()
            time.sleep(1 / HZ)
        assert dropped, "it waits until everyone is gone"
        wait_until(lambda: netlib.Disconnected(1001, "the server shuts down") in client.poll(), "the goodbye")
        client.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, server.port))

    def test_stop_with_a_frozen_client(self) -> None:
        """A client that does not answer the goodbye is cut off before the loop ends, however it stops."""
        server, thawed, dropped = a_server(), threading.Event(), list[Any]()
        server.on(netlib.Dropped, dropped.append)
        server.start()
        client = join(server, reconnect_time=0)
        client._thread.post(lambda: thawed.wait(DEADLINE))
        server.call(lambda: server.server.spawn(server.server.stop()))
        play(server, lambda: not server.running, "the end")
        assert dropped
        thawed.set()
        client.close()

    def test_start_raises_what_server_does(self) -> None:
        """A port that is taken is PortInUse, and the server may try again."""
        with a_server() as first:
            second = a_server(port=first.port)
            for _ in range(2):
                with pytest.raises(netlib.PortInUse):
                    second.start()
                assert not second.running
        second.start()
        second.stop()

    def test_update_before_start(self) -> None:
        """A loop that was never started says so; one that has stopped ends in peace."""
        server = a_server()
        with pytest.raises(netlib.WrongCall, match=r"not started: call start\(\) before update\(\)"):
            server.update()
        with server:
            server.update()
        server.update()

    async def test_within_asyncio(self) -> None:
        """There it says which class to use instead."""
        with pytest.raises(RuntimeError, match=r"netlib.Server\(manual=True\)"):
            a_server().start()

    def test_ctrl_c(self) -> None:
        """Ctrl-C ends the program's loop, wherever it comes, and leaving says goodbye."""
        server = a_server()
        server.on_tick(lambda dt: signal.raise_signal(signal.SIGINT) if server.tick == 3 else None)
        with pytest.raises(KeyboardInterrupt), server:
            while True:
                server.update()
        assert not server.running
        with socket.socket() as probe:
            probe.bind((LOOPBACK, server.port))

    def test_call(self) -> None:
        """`call` gives what the function returns or raises: before, while it runs, and in listeners."""
        server = a_server()
        assert server.call(lambda: 1) == 1
        with server:
            assert isinstance(server.call(asyncio.get_running_loop), asyncio.AbstractEventLoop)
            with pytest.raises(ZeroDivisionError):
                server.call(lambda: 1 / 0)
            found: list[int] = []
            server.on_tick(lambda dt: found.append(server.call(lambda: 2)))
            server.update()
            assert found == [2]


async def test_the_manual_server_of_asyncio() -> None:
    """`Server(manual=True)` serves by itself, and ticks only when it is told to."""
    async with a_room(manual=True) as server, plain_client(server) as client:
        ticks: list[float] = []
        server.on_tick(ticks.append)
        await client.send(type="ping", time=1.0)
        await client.next("pong")
        assert (server.tick, ticks) == (0, [])
        server.update()
        assert (server.tick, len(ticks)) == (1, 1)
