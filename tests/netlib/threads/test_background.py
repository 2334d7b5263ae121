"""A server in a thread: started, used and stopped from anywhere."""

import asyncio
import logging
import math
import socket
import sys
import threading
from functools import partial
from typing import Annotated, Any

import pytest

import netlib
from netlib import threads
from netlib.threads import loop_thread as machinery
from tests.support.callers import Chat
from tests.support.processes import in_thread, wait_until
from tests.support.rooms import LOOPBACK, a_room, ctrl_c_in_a_tick, url
from tests.support.sessions import Thing


def a_server(**options: Any) -> threads.BackgroundServer:
    """Return a server in a thread that nobody on the LAN can find."""
    return threads.BackgroundServer("room", **{"host": LOOPBACK, "port": 0, "discoverable": False, **options})


def a_client(server: threads.BackgroundServer, **options: Any) -> threads.PolledClient:
    """Return a client that has joined."""
    client = threads.PolledClient(server.url, **{"name": "Ada", "messages": [Chat], **options})
    ok, message = client.connect()
    assert ok, message
    return client


def texts(client: threads.PolledClient, count: int) -> list[str]:
    """Return the next so many chat texts."""
    found: list[str] = []

    def enough() -> bool:
        found.extend(happened.text for happened in client.poll() if isinstance(happened, Chat))
        return len(found) >= count

    wait_until(enough, f"{count} texts")
    return found


class TestStartAndStop:
    def test_start_returns_when_it_listens(self) -> None:
        """The code that has started the server can connect at once."""
        before = threading.enumerate()
        with a_server() as server, a_client(server):
            assert server.running
        assert not server.running
        assert threading.enumerate() == before, "stop waits for the end of the thread"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, server.port))

    @pytest.mark.parametrize(
        ("options", "error"), [({"port": None}, netlib.PortInUse), ({"host": "192.0.2.1"}, netlib.StartError)]
    )
    def test_start_raises_what_server_does(self, options: dict[str, Any], error: type[Exception]) -> None:
        """An address that cannot be had is an error here, and not in the thread; no thread stays."""
        with a_server() as other:
            options = {name: other.port if value is None else value for name, value in options.items()}
            server = a_server(**options)
            for _ in range(2):
                with pytest.raises(error):
                    server.start()
                assert not server.running
            with pytest.raises(error):
                server.run()

    def test_again_and_again(self) -> None:
        """Starting what runs and stopping what stands are harmless, and it may be started once more."""
        server = a_server()
        server.stop()
        for _ in range(3):
            server.start()
            server.start()
            port = server.port
            a_client(server).close()
            server.stop()
            server.stop()
        server.start()
        assert server.port == port
        server.stop()

    def test_run_while_it_runs(self) -> None:
        """A server that has been started cannot be run as well, and takes no harm."""
        with a_server() as server, a_client(server) as client:
            with pytest.raises(RuntimeError, match="is running already"):
                server.run()
            assert client.connected

    @pytest.mark.parametrize("how", ["its own stop", "the stop of the server inside"])
    def test_stop_from_a_listener(self, how: str) -> None:
        """A listener may stop its own server; the thread ends by itself, and the clients are told why."""
        server = a_server()

        @server.on(Chat)
        async def stop(peer: netlib.Peer, message: Chat) -> None:
            if how == "its own stop":
                server.stop()
            else:
                await server.server.stop()

        server.start()
        with a_client(server, reconnect_time=0) as client:
            client.send(Chat("stop"))
            wait_until(lambda: not server.running, "the end")
            wait_until(lambda: netlib.Disconnected(1001, "the server shuts down") in client.poll(), "the end")

    def test_goodbye(self) -> None:
        """Whichever thread stops the server, the clients hear so: 1001, not a broken line."""
        server = a_server()
        server.start()
        with a_client(server, reconnect_time=0) as client:
            in_thread(server.stop).join(20)
            assert not server.running
            wait_until(lambda: netlib.Disconnected(1001, "the server shuts down") in client.poll(), "the end")

    def test_a_function_that_never_ends(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A listener that blocks for ever cannot hold up who stops the server for ever; the log tells."""
        monkeypatch.setattr(machinery, "END_TIME", 0.05)
        caplog.set_level(logging.WARNING)
        released, blocked = threading.Event(), threading.Event()

        def block(dt: float) -> None:
            blocked.set()
            released.wait(20)

        server = a_server(tick_rate=100)
        server.on_tick(block)
        server.start()
        assert blocked.wait(20)
        server.stop()
        assert "does not end: a function in it blocks" in caplog.text
        released.set()
        wait_until(lambda: not server.running, "the end")


class TestRestart:
    def test_a_client_comes_back_by_itself(self) -> None:
        """A client that stays resumes after each restart, and gets what was sent meanwhile, once."""
        server = a_server()
        with server, a_client(server) as client:
            id = client.player_id
            for n in range(3):
                server.stop()
                wait_until(lambda: client.reconnecting, "the loss")
                client.poll()
                server.broadcast(Chat(f"from the server {n}"))
                client.send(Chat(f"from the client {n}"))
                heard: list[str] = []
                listener = server.on(
                    Chat, partial(lambda heard, peer, message: heard.append(message.text), heard)
                )
                server.start()
                wait_until(lambda: client.connected, "the return")
                assert client.reconnecting is None
                assert texts(client, 1) == [f"from the server {n}"]
                wait_until(lambda heard=heard: heard, "the message")  # type: ignore[misc]
                server.off(Chat, listener)
                assert heard == [f"from the client {n}"]
            assert client.player_id == id
            assert [(peer.id, peer.connected) for peer in server.peers] == [(id, True)]
            assert server.metrics.resumed == 3

    def test_messages_are_confirmed_after_a_restart(self) -> None:
        """A confirmation that was due when the server stopped does not silence all later ones."""
        server = a_server()
        with server, a_client(server) as client:
            server.on(Chat, lambda peer, message: server.stop())
            client.send(Chat("stop, with the confirmation still to be sent"))
            wait_until(lambda: not server.running, "the end")
            server.start()
            wait_until(lambda: client.connected, "the return")
            server.call(lambda: server.server._events._listeners.clear())
            delivered = threading.Event()
            client.send(Chat("and this?"), delivered=delivered.set)
            assert delivered.wait(20)

    @pytest.mark.parametrize("who", ["a listener", "another thread"])
    def test_run_blocks_until_stop_and_may_run_again(self, who: str) -> None:
        """`run` serves in the caller's thread; a client that stays over two runs is the same player."""
        server = a_server()
        server.on(Chat, lambda peer, message: server.stop() if who == "a listener" else None)
        ended = []

        def main() -> None:
            for _ in range(2):
                server.run()
                ended.append(True)

        program = in_thread(main)
        wait_until(lambda: server.running and server.port, "the start")
        with a_client(server) as client:
            for n in range(2):
                wait_until(lambda: client.connected, "being there")
                if who == "a listener":
                    client.send(Chat("stop"))
                else:
                    server.stop()
                wait_until(lambda n=n: len(ended) > n, "the end of the run")  # type: ignore[misc]
            program.join(20)
            connected = [event for event in client.poll() if isinstance(event, netlib.Connected)]
            assert connected == [netlib.Connected(1), netlib.Connected(1, resumed=True)]

    def test_run_ends_with_ctrl_c(self) -> None:
        """In the main thread, Ctrl-C is the normal end of `run`, and the port is free then."""
        server = a_server(tick_rate=100)
        ctrl_c_in_a_tick(server)
        server.run()
        assert not server.running
        with socket.socket() as probe:
            probe.bind((LOOPBACK, server.port))

    @pytest.mark.parametrize("who", ["a listener", "another thread"])
    def test_a_plain_server_runs_again(self, who: str) -> None:
        """`netlib.Server.run` can be called again, too; a client that stays is the same player."""
        server = a_room()

        def stop() -> None:
            server.spawn(server.stop())

        def run_twice() -> None:
            server.run()
            server.run()

        server.on(Chat, lambda peer, message: stop())
        loops: list[asyncio.AbstractEventLoop] = []
        server.on_tick(lambda dt: loops.append(asyncio.get_running_loop()))
        program = in_thread(run_twice)
        wait_until(lambda: loops, "the start")
        with threads.PolledClient(url(server), name="Ada", messages=[Chat]) as client:
            for n in range(1, 3):
                wait_until(lambda n=n: len(set(loops)) == n and client.connected, "being there")  # type: ignore[misc]
                if who == "a listener":
                    client.send(Chat("stop"))
                else:
                    loops[-1].call_soon_threadsafe(stop)
                wait_until(lambda: not client.connected, "the stop")
            program.join(20)
            connected = [event for event in client.poll() if isinstance(event, netlib.Connected)]
            assert connected == [netlib.Connected(1), netlib.Connected(1, resumed=True)]


class TestUse:
    def test_listeners_run_in_the_servers_thread(self) -> None:
        """All listeners, sync or async, run in one thread, which is not the caller's."""
        names: set[str] = set()
        server = a_server(tick_rate=100)
        server.on(netlib.Joined, lambda event: names.add(threading.current_thread().name))
        server.on_tick(lambda dt: names.add(threading.current_thread().name))

        @server.on(Chat)
        async def chat(peer: netlib.Peer, message: Chat) -> None:
            await asyncio.sleep(0)
            names.add(threading.current_thread().name)
            server.broadcast(message)

        with server, a_client(server) as client:
            client.send(Chat("hi"))
            assert texts(client, 1) == ["hi"]
        assert names == {"netlib server 'room'"}

    def test_in_listeners_order_is_kept(self) -> None:
        """What a listener sends by the server and by a peer goes in the order in which it is written."""
        server = a_server()

        @server.on(Chat)
        def chat(peer: netlib.Peer, message: Chat) -> None:
            server.broadcast(Chat("one"))
            peer.send(Chat("two"))
            server.send(peer, Chat("three"))

        with server, a_client(server) as client:
            client.send(Chat("go"))
            assert texts(client, 3) == ["one", "two", "three"]

    def test_from_many_threads(self) -> None:
        """What several threads broadcast arrives whole, once, and in the order of each."""
        with a_server() as server, a_client(server) as client:

            def speak(who: str) -> None:
                for n in range(100):
                    server.broadcast(Chat(f"{who}{n:02}"))

            speakers = [in_thread(lambda who=who: speak(who)) for who in "abcd"]  # type: ignore[misc]
            heard = texts(client, 400)
            for speaker in speakers:
                speaker.join(20)
            for who in "abcd":
                assert [text for text in heard if text[0] == who] == [f"{who}{n:02}" for n in range(100)]

    def test_telling_never_waits(self) -> None:
        """A program that holds a lock for which the server's thread waits may still speak."""
        lock, waiting = threading.Lock(), threading.Event()
        server = a_server(tick_rate=100)

        @server.on_tick
        def tick(dt: float) -> None:
            if lock.locked():
                waiting.set()
            with lock:
                pass

        with server, a_client(server, schema={"things": Thing}) as client:
            with lock:
                assert waiting.wait(20)
                (peer,) = server.peers
                server.broadcast(Chat("to all"))
                server.send(peer, Chat("to one"))
                server.publish({"things": {1: Thing(5)}})
                server.link = netlib.LinkConditions(latency=0.001)
                assert server.link.latency == 0, "the server's thread stands"
            assert texts(client, 2) == ["to all", "to one"]
            wait_until(lambda: client.state == {"things": {1: Thing(5)}}, "the state")
            wait_until(lambda: server.link.latency == 0.001, "the link conditions")

    def test_what_is_wrong_is_raised_here(self) -> None:
        """A message of an unknown name, or that cannot be encoded, is the caller's error."""
        with a_server() as server, a_client(server) as client:
            (peer,) = server.peers
            server.on("emote", lambda peer, message: None)
            with pytest.raises(netlib.UnknownType, match='did you mean "emote"'):
                server.broadcast("emotr")
            with pytest.raises(netlib.BadMessage):
                server.send(peer, netlib.Untyped("emote", {"what": object()}))
            assert client.connected

    def test_publish_takes_the_state_as_it_is(self) -> None:
        """The caller may change its state right after publishing it."""
        with a_server() as server, a_client(server, schema={"things": Thing}) as client:
            things = {1: Thing(1)}

            def publish() -> None:
                server.publish({"things": things})
                things.clear()

            server.call(publish)
            wait_until(lambda: client.state == {"things": {1: Thing(1)}}, "the state")
            things[2] = Thing(2)
            server.publish({"things": things})
            things[3] = Thing(3)
            wait_until(lambda: client.state == {"things": {2: Thing(2)}}, "the next state")

    def test_publish_refuses_at_the_call(self) -> None:
        """In the caller's thread, where the mistake is; steps are counted once."""

        class Ball(netlib.Entity, frozen=True):
            x: Annotated[float, netlib.Quantised(0.5)] = 0.0

        with a_server() as server, a_client(server, schema={"balls": Ball}) as client:
            server.publish({"balls": {1: Ball(7.2)}})
            wait_until(lambda: client.state["balls"], "the state")
            assert client.state == {"balls": {1: Ball(7.0)}}
            with pytest.raises(netlib.BadMessage, match=r"balls\[2\]"):
                server.publish({"balls": {2: Ball(math.nan)}})
            with pytest.raises(netlib.WrongArgument, match=r"balls\['a'\]"):
                server.publish({"balls": {"a": Ball()}})  # type: ignore[dict-item]
            assert client.state == {"balls": {1: Ball(7.0)}}

    def test_call(self) -> None:
        """`call` gives back what the function returns or raises, in whichever thread it is called."""
        server = a_server()
        here = threading.current_thread()
        assert server.call(threading.current_thread) is here, "it does not run yet"
        with server:
            there = server.call(threading.current_thread)
            assert there is not here
            assert server.call(lambda: server.call(threading.current_thread)) is there
            with pytest.raises(ZeroDivisionError):
                server.call(lambda: 1 / 0)
            assert server.call(lambda: 1) == 1

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    def test_call_of_what_ends_the_thread(self) -> None:
        """Code that waits for a thread that ends instead is told so, and does not wait for ever."""
        with a_server() as server, pytest.raises(RuntimeError, match="has ended"):
            server.call(sys.exit)

    def test_listening_while_it_runs(self) -> None:
        """Listeners may come and go at any time, also for requests."""
        with a_server() as server, a_client(server) as client:
            heard: list[str] = []
            listener = server.on(Chat, lambda peer, message: heard.append(message.text))
            server.once(Chat, lambda peer, message: heard.append("once"))

            @server.on_request(Chat)
            def answer(peer: netlib.Peer, message: Chat) -> Chat:
                return Chat(f"you said {message.text}")

            client.send(Chat("one"))
            client.send(Chat("two"))
            assert client.request(Chat("hi")) == Chat("you said hi")
            server.off(Chat, listener)
            client.send(Chat("three"))
            assert client.request(Chat("hi")) == Chat("you said hi")
            assert heard == ["one", "once", "two"]

    def test_looking_at_it(self) -> None:
        """Name, address, players and counters can be read from any thread, while it runs and after."""
        server = a_server(tick_rate=100)
        with server, a_client(server):
            assert (server.name, server.hostname) == ("room", LOOPBACK)
            assert server.url == f"ws://{LOOPBACK}:{server.port}"
            assert (server.info().players, len(server.players)) == (1, 1)
            wait_until(lambda: server.metrics.joined == 1, "the count")
            wait_until(lambda: server.tick > 3, "ticks")

    @pytest.mark.parametrize("host", [None, "", "0.0.0.0", "::"])
    def test_every_interface_is_no_hostname(self, host: str | None) -> None:
        """A server that listens everywhere names an address at which others reach it."""
        everywhere = a_server(host=host)
        assert everywhere.hostname.count(".") == 3
        assert everywhere.hostname != "0.0.0.0"
        assert everywhere.url.startswith(f"ws://{everywhere.hostname}:")

    def test_waiting_for_its_end(self) -> None:
        """`wait` ends when the server does, or when the time is over; a listener would wait for itself."""
        with a_server() as server, a_client(server) as client:
            assert not server.wait(timeout=0.01)
            waiting = in_thread(server.wait)
            with pytest.raises(RuntimeError, match="wait for itself"):
                server.call(server.wait)
            assert client.connected and waiting.is_alive()
            server.stop()
            waiting.join(20)
            assert not waiting.is_alive() and server.wait(timeout=0)

    def test_events_pauses_and_waiting_for_a_message(self) -> None:
        """What a game does with a `Server` it does with this one, from its own thread."""
        happened: list[Any] = []
        with a_server() as server, a_client(server) as client:
            for kind in (netlib.Paused, netlib.Started):
                server.on(kind, happened.append)
            server.emit(netlib.Started())
            server.pause(by="me")
            wait_until(lambda: server.paused, "the pause")
            server.unpause()
            wait_until(lambda: not server.paused, "its end")
            assert happened == [netlib.Started(), netlib.Paused("me"), netlib.Started()]
            server.declare("shout")
            got: list[Any] = []

            def speak() -> bool:
                client.send(Chat("hi"))
                return bool(got)

            speaking = in_thread(lambda: wait_until(speak, "the message"))
            got.append(server.wait_for(Chat, where=lambda peer, chat: chat.text == "hi", timeout=20))
            speaking.join(20)
            assert got == [(server.peers[0], Chat("hi"))]
            with pytest.raises(TimeoutError):
                server.wait_for("shout", timeout=0.01)
            assert (server.host, server.tick_rate, server.limits) == (LOOPBACK, 30, netlib.Limits())
            assert server.time > 0 and "/info" in server.pages and server.discoverable_on is None
        with pytest.raises(RuntimeError):
            server.wait_for(Chat)


def test_the_servers_offer_what_they_say() -> None:
    """`netlib.threads` is the door to all of it."""
    names = "BackgroundBrowser BackgroundServer ManualServer PolledClient"
    assert sorted(threads.__all__) == names.split()


# What has another name there, or is for netlib's own parts, or wants an event loop.
OTHERWISE = {
    "serve_forever",
    "wait_stopped",
    "update",
    "cancel_tasks",
    "answer",
    "read",
    "meant",
    "message_of",
}
PARTS = {
    "check_call",
    "finish_tasks",
    "go",
    "show",
    "room_id",
    "code",
    "closed",
    "handle",
    "announce",
    "conditions_changed",
    "catalog",
    "hear",
    "publisher",
    "rights",
    "roster",
    "ticker",
    "ticking",
}


def public(thing: object) -> set[str]:
    """Return the names of a thing that are meant for games."""
    return (
        {name for name in dir(thing) if not name.startswith("_")} - OTHERWISE - PARTS - {"stopping", "server"}
    )


def test_the_servers_have_what_a_server_has() -> None:
    """Who knows `netlib.Server` knows these: nothing public is missing, and what is more is listed."""
    background = threads.BackgroundServer("room", discoverable=False)
    server = public(netlib.Server("room", discoverable=False))
    assert public(background) - server == {"hostname", "url", "running", "kick", "wait"}
    assert server - public(background) == set()
    assert server - public(threads.ManualServer("room", discoverable=False)) == {"run"}


def test_the_polled_client_has_what_a_client_has() -> None:
    """Who knows `netlib.Client` knows it: nothing public is missing but what wants an event loop."""
    client = public(netlib.Client("127.0.0.1"))
    polled = public(threads.PolledClient("127.0.0.1"))
    assert polled - client == {"connect", "error"}  # and `read`, for one message at a time
    assert client - polled == {"open", "received", "encoded", "spawn", "call"}
