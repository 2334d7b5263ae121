"""A client without asyncio: what it says, reads and waits for, and what it never waits for."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import pytest

import netlib
from netlib import threads
from tests.support.callers import Chat, Move
from tests.support.processes import in_thread, wait_until, wait_until_async
from tests.support.rooms import LOOPBACK
from tests.support.sessions import Thing

STANDS = 20.0  # seconds for which a server that stands still would hold up a client that waits for it


def a_server(**options: Any) -> threads.BackgroundServer:
    """Return a server in a thread that echoes chat, answers requests, and fails at "fail"."""
    room = {"host": LOOPBACK, "port": 0, "discoverable": False, "input_type": Move, **options}
    server = threads.BackgroundServer("room", **room)
    server.on(Chat, lambda peer, message: server.send(peer, message))

    @server.on_request(Chat)
    async def answer(peer: netlib.Peer, message: Chat) -> Chat:
        if message.text == "fail":
            raise netlib.RequestFailed("no", "not that")
        if message.text == "never":
            await asyncio.Event().wait()
        return Chat(message.text.upper())

    return server


@pytest.fixture
def server() -> Iterator[threads.BackgroundServer]:
    """Give a room that is open."""
    with a_server() as room:
        yield room


def a_client(server: threads.BackgroundServer, **options: Any) -> threads.PolledClient:
    """Return a client that has not joined yet."""
    return threads.PolledClient(server.url, **{"name": "Ada", "messages": [Chat], **options})


class TestConnect:
    def test_ok(self, server: threads.BackgroundServer) -> None:
        """A client that is in gets True and a sentence; asked again, it stays in."""
        client = a_client(server)
        assert not client.connected
        for _ in range(2):
            assert client.connect() == (True, 'joined "room" as Ada')
        assert (client.connected, client.error, client.room, client.name) == (True, None, "room", "Ada")
        assert (client.player_id, client.tick_rate, client.url) == (1, 30.0, server.url)
        client.close()
        client.close()
        assert not client.connected
        assert client.poll() == [netlib.Connected(1), netlib.Disconnected(1000, "goodbye")]

    def test_nobody_listens(self) -> None:
        """What went wrong, and what to do, is said in words; the exception is there for programs."""
        client = threads.PolledClient(f"{LOOPBACK}:1", name="Ada")
        ok, message = client.connect()
        assert not ok
        assert "is the server running" in message
        assert isinstance(client.error, netlib.Unreachable)
        assert (client.poll(), client.read(), client.connected, client.state) == ([], None, False, {})

    @pytest.mark.parametrize(
        ("options", "error"),
        [
            ({"password": "wrong"}, netlib.WrongPassword),
            ({"password": "\ud800"}, netlib.BadMessage),
        ],
    )
    def test_refused(self, options: dict[str, Any], error: type[netlib.NetlibError]) -> None:
        """The errors are those of the asyncio client; and the next try may be right."""
        with a_server(password="right") as server:
            client = a_client(server, **options)
            ok, message = client.connect()
            assert (ok, type(client.error)) == (False, error)
            assert message == str(client.error)
            with pytest.raises(error), client:
                pass
            with a_client(server, password="right") as other:
                assert other.connected

    def test_wrong_options(self) -> None:
        """What is no option of `netlib.Client` is a TypeError at once."""
        with pytest.raises(TypeError, match='Client has no argument "nmae"; did you mean "name"'):
            threads.PolledClient(LOOPBACK, nmae="Ada")

    def test_once_more_after_it_was_kicked(self, server: threads.BackgroundServer) -> None:
        """The same client may join anew after it has ended for good, and after it has left."""
        with a_client(server) as client:
            server.kick(server.peers[0], "enough")
            wait_until(lambda: netlib.Disconnected(1008, "enough") in client.poll(), "the kick")
            assert client.connect()[0]
            client.close()
            assert client.connect()[0]
            client.send(Chat("still me"))
            wait_until(lambda: client.read() == Chat("still me"), "the echo")
            assert client.player_id == 3


class TestReading:
    def test_poll_and_read(self, server: threads.BackgroundServer) -> None:
        """`poll` gives all that happened, once and in order; `read` gives one message; neither waits."""
        with a_client(server) as client:
            assert client.poll() == [netlib.Connected(1)]
            assert (client.poll(), client.read()) == ([], None)
            server.publish({"things": {}})
            for text in ("one", "two", "three"):
                client.send(Chat(text))
            assert client.request(Chat("all here?")) == Chat("ALL HERE?")
            assert (client.read(), client.read()) == (Chat("one"), Chat("two"))
            assert client.poll()[:1] == [Chat("three")]
            assert client.read() is None

    async def test_the_same_events_as_with_asyncio(self) -> None:
        """A polled client and an asyncio client to whom the same happens are told the same."""

        def same(event: Any) -> Any:
            return type(event) if isinstance(event, netlib.Connected) else event

        with a_server() as server, a_client(server) as polled:
            async with netlib.connect(server.url, name="Bob", messages=[Chat]) as client:
                happened: list[list[Any]] = [[], []]

                def told(count: int) -> bool:
                    happened[0] += map(same, client.poll())
                    happened[1] += map(same, polled.poll())
                    return min(map(len, happened)) >= count

                server.broadcast(Chat("to all"))
                for one in (client, polled):
                    one.send(netlib.Untyped("unheard_of", {}))
                await wait_until_async(lambda: told(3), "the error")
                await asyncio.to_thread(server.stop)
                await wait_until_async(lambda: told(4), "the interruption")
                server.start()
                await wait_until_async(lambda: told(5), "the return")
                for peer in server.peers:
                    server.kick(peer, "enough")
                await wait_until_async(lambda: told(6), "the end")
                assert happened[0] == happened[1]
                assert len(happened[0]) == 6

    def test_state(self, server: threads.BackgroundServer) -> None:
        """The state follows the server's, with its tick; StateChanged tells so."""
        with a_client(server, schema={"things": Thing}) as client:
            assert client.tick == -1
            server.publish({"things": {7: Thing(5)}})
            wait_until(lambda: client.state == {"things": {7: Thing(5)}}, "the state")
            assert netlib.StateChanged(client.tick) in client.poll()

    def test_when_nobody_reads(
        self, server: threads.BackgroundServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What nobody reads is bounded: the oldest is dropped."""
        monkeypatch.setattr("netlib.threads.polled.MAX_WAITING", 10)
        with a_client(server) as client:
            for n in range(50):
                server.broadcast(Chat(str(n)))
            client.request(Chat("all here?"))
            assert client.poll() == [Chat(str(n)) for n in range(40, 50)]

    def test_several_readers(self, server: threads.BackgroundServer) -> None:
        """Of several threads that read, each thing goes to one."""
        found: list[Any] = []
        over = threading.Event()

        def keep_reading(client: threads.PolledClient) -> None:
            while not over.is_set():
                found.extend(client.poll())
                if (message := client.read()) is not None:
                    found.append(message)

        with a_client(server) as client:
            client.poll()
            readers = [in_thread(lambda: keep_reading(client)) for _ in range(3)]
            for n in range(300):
                server.broadcast(Chat(str(n)))
            wait_until(lambda: len(found) >= 300, "all texts")
            over.set()
            for reader in readers:
                reader.join(20)
        assert sorted(int(message.text) for message in found) == list(range(300))


class TestListening:
    def test_listeners_are_called_in_the_poll(self, server: threads.BackgroundServer) -> None:
        """Events, messages and names are heard in the polling thread, in order, beside the list."""
        told: list[Any] = []
        client = a_client(server)
        client.on(netlib.Connected, told.append)
        client.on("shout", lambda message: told.append((message["words"], threading.current_thread())))

        @client.on(Chat)
        def heard(message: Chat) -> None:
            told.append(message)

        client.once(Chat, lambda message: told.append("once"))
        server.declare("shout")
        with client:
            server.broadcast(Chat("one"))
            server.broadcast("shout", words="two")
            wait_until(lambda: len(client._happened) == 3, "what was sent")
            assert told == []
            assert len(client.poll()) == 3
            assert told == [
                netlib.Connected(1),
                Chat("one"),
                "once",
                ("two", threading.current_thread()),
            ]
            client.off(Chat, heard)
            server.broadcast(Chat("three"))
            wait_until(lambda: client._happened, "the last one")
            assert client.poll() == [Chat("three")]
            assert len(told) == 4

    def test_a_listener_that_fails(self, server: threads.BackgroundServer) -> None:
        """It is logged, and the others still hear; a coroutine function is refused at once."""
        told: list[Any] = []
        with a_client(server) as client:
            client.on(Chat, lambda message: 1 / 0)
            client.on(Chat, told.append)
            server.broadcast(Chat("hi"))
            wait_until(lambda: client.poll() and told, "the message")

            async def later(message: Chat) -> None: ...

            with pytest.raises(TypeError):
                client.on(Chat, later)

    def test_the_server_may_ask(self, server: threads.BackgroundServer) -> None:
        """A polled client answers requests, and waits for a message without polling."""
        with a_client(server) as client:

            @client.on_request(Chat)
            def answer(message: Chat) -> Chat:
                return Chat(message.text.upper())

            (peer,) = server.peers
            answers: list[Any] = []

            async def ask() -> None:
                answers.append(await peer.request(Chat("hi"), reply=Chat))

            server.spawn(ask())
            wait_until(lambda: answers, "the answer")
            assert answers == [Chat("HI")]
            with pytest.raises(TimeoutError):
                client.wait_for(Chat, timeout=0.01)
            client.drain()
            wait_until(lambda: client.backlog == 0, "the confirmation")
            assert client.room_state == netlib.RoomState()
        with pytest.raises(netlib.WrongCall, match="call connect\\(\\) first"):
            client.drain()


class TestSending:
    def test_before_and_after(self, server: threads.BackgroundServer) -> None:
        """A client that is in no room says so, and what to call; it does not lose what it is given."""
        client = a_client(server)

        def refused() -> None:
            for send in (
                lambda: client.send(Chat("hi")),
                lambda: client.send_input(Move()),
                lambda: client.request(Chat("hi")),
            ):
                with pytest.raises(netlib.WrongCall, match=r"not in a room: call connect\(\) first"):
                    send()

        refused()
        client.link = netlib.LinkConditions(latency=0.01)
        with client:
            assert client.link.latency == 0.01
            client.send(Chat("hi"))
            wait_until(lambda: client.read() == Chat("hi"), "the echo")
        refused()

    def test_what_cannot_be_read(self, server: threads.BackgroundServer) -> None:
        """What no reader would take is raised here, not in the network's thread."""
        with a_client(server) as client:
            sends: list[Callable[..., None]] = [client.send, server.broadcast]
            for send in sends:
                with pytest.raises(netlib.BadMessage, match=r"cannot send Chat: .*text"):
                    send(Chat(3))  # type: ignore[arg-type]
                with pytest.raises(netlib.WrongArgument, match="the message is <class"):
                    send(Chat)
            with pytest.raises(netlib.WrongArgument, match="the input is"):
                client.send_input(Chat("hi"))  # type: ignore[arg-type]
            for side in (client, server):
                with pytest.raises(netlib.WrongArgument, match=r"link is 0\.2"):
                    side.link = 0.2  # type: ignore[assignment]

    def test_by_name_and_wrong_ones(self, server: threads.BackgroundServer) -> None:
        """A declared message goes by its name, too; what is wrong is raised here."""
        with a_client(server) as client:
            client.send("chat", text="hi")
            wait_until(lambda: client.read() == Chat("hi"), "the echo")
            with pytest.raises(netlib.UnknownType, match='did you mean "chat"'):
                client.send("chta")
            with pytest.raises(netlib.BadMessage):
                client.send("chat", text=object())

    def test_a_field_may_be_called_as_an_option_is(self, server: threads.BackgroundServer) -> None:
        """With a name every keyword is a field; options go with a message."""
        told: list[Any] = []
        server.on("talk", lambda peer, message: told.append(message.fields))
        server.on_request("talk")(lambda peer, message: told.append(message.fields))
        fields = {"message": "hi", "timeout": 3, "delivered": 4, "exclude": 5, "peer": 6, "self": 7}
        with a_client(server, messages=["talk"]) as client:
            client.send("talk", **fields)
            client.request("talk", **fields)
            server.broadcast("talk", **fields)
            server.send(server.peers[0], "talk", **fields)
            heard: list[Any] = []
            client.on("talk", lambda message: heard.append(message.fields))
            wait_until(lambda: client.poll() is not None and len(heard) == 2, "both at the client")
            wait_until(lambda: len(told) == 2, "both at the server")
            client.send(client.message("talk", words="hi"), delivered=lambda: told.append("there"))
            wait_until(lambda: told[-1] == "there", "the confirmation")
            server.broadcast(server.message("talk", words="hi"), exclude=server.peers)
        assert told == [fields, fields, {"words": "hi"}, "there"]
        assert heard == [fields, fields]

    def test_inputs_from_several_threads(self, server: threads.BackgroundServer) -> None:
        """Inputs are numbered in the order in which they go; each number is given once."""
        numbers: list[int] = []
        with a_client(server) as client:
            (peer,) = server.peers

            def move() -> None:
                numbers.extend(client.send_input(Move(dx=1)) for _ in range(4))

            for mover in [in_thread(move) for _ in range(3)]:
                mover.join(20)
            server.on_tick(lambda dt: peer.take_inputs())
            wait_until(lambda: peer.last_input_seq == 12, "all inputs")
            server.publish({})
            wait_until(lambda: client.last_input_seq == 12, "the confirmation")
        assert sorted(numbers) == list(range(1, 13))


class TestRequests:
    def test_answers(self, server: threads.BackgroundServer) -> None:
        """A request waits for its answer, and raises the other side's error."""
        with a_client(server) as client:
            assert client.request("chat", text="hi") == Chat("HI")
            with pytest.raises(netlib.RequestFailed, match="not that"):
                client.request(Chat("fail"))
            with pytest.raises(TimeoutError):
                client.request(Chat("never"), timeout=0.05)

    def test_nobody_to_ask(self, server: threads.BackgroundServer) -> None:
        """A client that is not in a room, or no longer, is told so at once."""
        client = a_client(server)
        with pytest.raises(netlib.WrongCall):
            client.request(Chat("hi"))
        with client:
            server.kick(server.peers[0], "enough")
            wait_until(lambda: not client.connected, "the kick")
            with pytest.raises(netlib.ConnectionLost):
                client.request(Chat("hi"))
        with pytest.raises(netlib.WrongCall):
            client.request(Chat("hi"))

    @pytest.mark.parametrize("how", ["close", "kick"])
    def test_an_end_while_waiting(self, server: threads.BackgroundServer, how: str) -> None:
        """A caller that waits for an answer while a thread closes, or the server kicks, gets an error."""
        asked = threading.Event()
        with a_client(server) as client:
            server.on_tick(lambda dt: asked.set() if server.metrics.joined else None)
            end = client.close if how == "close" else lambda: server.kick(server.peers[0])
            other = in_thread(lambda: asked.wait(20) and end())
            with pytest.raises(netlib.ConnectionLost):
                client.request(Chat("never"), timeout=None)
            other.join(20)


class TestTheLink:
    def test_round_trip_and_conditions(self, server: threads.BackgroundServer) -> None:
        """The round trip is measured while nobody polls, and simulated conditions can be set."""
        with a_client(server) as client:
            wait_until(lambda: client.metrics.rtt is not None, "a measurement")
            client.link = netlib.LinkConditions(latency=0.2)
            wait_until(lambda: client.link.latency == 0.2, "the conditions")
            start = time.perf_counter()
            client.request(Chat("hi"))
            assert time.perf_counter() - start > 0.15
            assert client.server_clock is not None

    def test_polling_never_waits_for_a_silent_server(self, server: threads.BackgroundServer) -> None:
        """A server that stands still holds up nothing but requests."""
        released, standing = threading.Event(), threading.Event()
        with a_client(server) as client:
            server.once(Chat, lambda peer, message: standing.set() or released.wait(STANDS))  # type: ignore[func-returns-value]
            client.send(Chat("stand still"))
            assert standing.wait(20)
            start = time.perf_counter()
            for _ in range(100):
                client.poll()
                client.read()
                client.send(Chat("hello?"))
                client.send_input(Move())
            took = time.perf_counter() - start
            released.set()
            assert took < STANDS / 2


def test_in_a_frame_loop_of_pygame(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that polls 60 times a second keeps its frames, and hears 200 messages a second in time."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame = pytest.importorskip("pygame")
    late: list[float] = []
    with a_server(tick_rate=200) as server, a_client(server) as client:
        server.on_tick(lambda dt: server.broadcast(Chat(str(time.perf_counter()))))
        clock, frames, polls, start = pygame.time.Clock(), 60, list[float](), time.perf_counter()
        for _ in range(frames):
            now = time.perf_counter()
            late += [now - float(happened.text) for happened in client.poll() if isinstance(happened, Chat)]
            polls.append(time.perf_counter() - now)
            clock.tick(60)
        took = time.perf_counter() - start
    assert median(polls) < 1 / 240, "a frame is hardly longer for it"
    assert len(late) > 60
    assert median(late) < 1 / 60 + took / frames, "no message waits for longer than for the next frame"
