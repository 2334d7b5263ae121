"""What calls take: a wrong argument is refused where it is given, in one sentence that names it."""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import pytest

import netlib
from netlib import threads
from netlib.arguments import (
    Count,
    Port,
    Positive,
    Rate,
    Seconds,
    check,
    check_fields,
    check_listener,
    checked,
)
from netlib.errors import WrongArgument


class Chat(netlib.Message, frozen=True):
    text: str


class Player(netlib.Entity, frozen=True):
    x: int = 0


class Move(netlib.Input, frozen=True):
    dx: float = 0.0


MoveT = TypeVar("MoveT", bound=netlib.Input)


class Plain:
    """Nothing of netlib's."""


def step(player: Player, move: Move) -> Player:
    return player


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "words"),
    [
        (str, ["", "x"], [5, None, b"x"], "a string"),
        (int, [0, -5, 2**70], [True, 1.5, "5", None], "a whole number"),
        (float, [0.5, 3, math.inf], [True, "3", None], "a number"),
        (bool, [True, False], [0, 1, "yes", None], "True or False"),
        (Port, [0, 65535], [-1, 65536, 99999, "8765", True, 80.5], "a whole number from 0 to 65535"),
        (Rate, [0.01, 1000], [0, -3, 1001, "30", True, math.nan], "a number above 0, and at most 1000"),
        (Positive, [0.01, math.inf], [0, -1, None], "a number above 0"),
        (Seconds, [0, 0.0, math.inf], [-1, "5", math.nan], "a number of seconds, at least 0"),
        (Count, [0, 5], [-1, 2.5, True], "a whole number, at least 0"),
        (int | None, [5, None], ["x"], "a whole number or None"),
        (netlib.Limits, [netlib.Limits()], [{}, 5, netlib.Limits], "an object of class Limits"),
        (netlib.Limits | None, [None], [{}], "an object of class Limits or None"),
        (type[netlib.Input] | None, [Move, None], [Move(), Chat, 5], "a subclass of Input or None"),
        (Callable[[int], int], [abs, print], [5, None], "a function"),
        (Sequence[int], [[], [1], (1, 2)], ["12", 5, {1}], "a list"),
        (Iterable[str], [["a"], iter([5])], ["abc", 5], "a list"),
        (Mapping[str, type[netlib.Entity]], [{"p": Player}, {}], [[Player]], "a dict"),
        (Any, [5, None], [], ""),
        (MoveT, [5, None], [], ""),
        (type[MoveT], [Move], [Chat, Move()], "a subclass of Input"),
    ],
)  # fmt: skip
def test_a_value_is_what_its_annotation_says(
    kind: Any, right: list[Any], wrong: list[Any], words: str
) -> None:
    """Numbers are no text and truth values no numbers; else what came is shown, and what is wanted."""
    for value in right:
        check("it", value, kind)
    for value in wrong:
        with pytest.raises(WrongArgument) as raised:
            check("it", value, kind)
        assert str(raised.value) == f"it is {value!r:.60}; it must be {words}"


def test_programs_may_still_catch_what_python_raises() -> None:
    """A wrong argument is also a TypeError and a ValueError; a call that makes no sense, a RuntimeError."""
    assert issubclass(WrongArgument, TypeError) and issubclass(WrongArgument, ValueError)
    assert issubclass(netlib.WrongCall, RuntimeError)


def test_a_checked_function_stays_what_it_is() -> None:
    """Its name, its arguments and what it returns; what is missing Python itself says."""

    @checked
    def area(width: int, height: int = 2, *, unit: str = "m") -> str:
        """Say it."""
        return f"{width * height} {unit}²"

    assert (area(3), area(3, height=4, unit="km"), area.__doc__) == ("6 m²", "12 km²", "Say it.")
    assert list(inspect.signature(area).parameters) == ["width", "height", "unit"]
    with pytest.raises(WrongArgument, match=r'area has no argument "hieght"; did you mean "height"\?'):
        area(3, hieght=4)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'width'"):
        area()  # type: ignore[call-arg]


def test_a_struct_can_look_at_its_fields() -> None:
    """When it is made, and when it is decoded."""

    class Size(msgspec.Struct):
        width: Count = 0

        def __post_init__(self) -> None:
            check_fields(self)

    assert Size(5).width == 5
    with pytest.raises(WrongArgument, match="width is -1; it must be"):
        Size(-1)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"width":-1}', type=Size)


def test_a_function_is_called_with_what_it_takes() -> None:
    """More arguments than it will get are fine when they have defaults; what does not tell is believed."""
    for fine in (lambda a, b: None, lambda *args: None, lambda a, b=1, c=2: None, max, step):
        check_listener("it", fine, "peer", "message")
    for wrong in (lambda: None, lambda a: None, lambda a, b, c: None, lambda a, b, *, c: None, len):
        with pytest.raises(WrongArgument, match=r"^it is .*; it must be a function of \(peer, message\)$"):
            check_listener("it", wrong, "peer", "message")


CLIENT: list[tuple[dict[str, Any], str]] = [
    ({"url": 5}, "url is 5; it must be a string"),
    ({"messages": Chat}, "messages is <class .*Chat'>; it must be a list"),
    ({"messages": "chat"}, "messages is 'chat'; it must be a list"),
    (
        {"messages": [Chat("x")]},
        r"the key is Chat\(text='x'\); it must be a subclass of Message or a subclass of Event or a string",
    ),
    ({"messages": [Plain]}, "the key is <class .*; it must be a subclass of Message"),
    ({"messages": [netlib.Joined]}, "Joined never happens here"),
    ({"schema": [Player]}, "schema is .*; it must be a dict or None"),
    ({"schema": {"p": Plain}}, "schema is .*; it must be a subclass of Entity"),
    ({"name": 5}, "name is 5; it must be a string"),
    ({"name": "x" * 30}, "name is 'x*'; your name has 30 characters; choose one with at most 20"),
    ({"name": ""}, "name is ''; your name is empty"),
    ({"password": 5}, "password is 5; it must be a string"),
    ({"codec": "json"}, "codec is 'json'; it must be netlib.JSON or netlib.MSGPACK"),
    ({"link": 0.2}, "link is 0.2; it must be an object of class LinkConditions"),
    ({"reconnect_time": -1}, "reconnect_time is -1; it must be a number of seconds, at least 0"),
    ({"timeout": None}, "timeout is None; it must be a number of seconds"),
    ({"seed": "x"}, "seed is 'x'; it must be a whole number or None"),
    ({"spectator": 1}, "spectator is 1; it must be True or False"),
    ({"ssl": True}, "ssl is True; it must be an object of class SSLContext"),
    ({"nam": "x"}, 'Client has no argument "nam"; did you mean "name"'),
]


@pytest.mark.parametrize(("options", "text"), CLIENT)
@pytest.mark.parametrize("make", [netlib.Client, netlib.connect, threads.PolledClient])
def test_a_client(make: Any, options: dict[str, Any], text: str) -> None:
    """With and without asyncio: what is wrong with a client is told where it is made."""
    with pytest.raises(WrongArgument, match=text):
        make(**{"url": "localhost", **options})


SERVER: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "name is None; it must be a string"),
    ({"host": 5}, "host is 5; it must be a string or None"),
    ({"port": 99999}, "port is 99999; it must be a whole number from 0 to 65535"),
    ({"port": "8765"}, "port is '8765'; it must be a whole number from 0 to 65535"),
    ({"port": True}, "port is True; it must be"),
    ({"tick_rate": 0}, "tick_rate is 0; it must be a number above 0, and at most 1000"),
    ({"tick_rate": -3}, "tick_rate is -3; it must be"),
    ({"snapshot_rate": 0}, "snapshot_rate is 0; it must be a number above 0, and at most 1000 or None"),
    (
        {"limits": {"max_players": 3}},
        "limits is {'max_players': 3}; it must be an object of class Limits or None",
    ),
    ({"input_type": Chat}, "input_type is .*; it must be a subclass of Input or None"),
    ({"input_type": Move()}, r"input_type is Move\(.*\); it must be a subclass of Input or None"),
    ({"password": 5}, "password is 5; it must be a string"),
    ({"host_password": 5}, "host_password is 5; it must be a string"),
    ({"origins": "https://play.example"}, "origins is 'https://play.example'; it must be a list"),
    ({"link": 0.2}, "link is 0.2; it must be an object of class LinkConditions"),
    ({"seed": "x"}, "seed is 'x'; it must be a whole number or None"),
    ({"discovery_ports": 8766}, "discovery_ports is 8766; it must be a list"),
    ({"tickrate": 5}, 'Server has no argument "tickrate"; did you mean "tick_rate"'),
]


@pytest.mark.parametrize(("options", "text"), SERVER)
@pytest.mark.parametrize("make", [netlib.Server, threads.BackgroundServer, threads.ManualServer])
def test_a_server(make: Any, options: dict[str, Any], text: str) -> None:
    """With and without asyncio: what is wrong with a server is told where it is made."""
    with pytest.raises(WrongArgument, match=text):
        make(**{"name": "room", **options})


loose: Any = netlib  # a type checker finds these, too


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: loose.Limits(max_players="3"), "max_players is '3'; it must be a whole number, at least 0"),
        (lambda: loose.Limits(idle_time=0), "idle_time is 0; it must be a number above 0"),
        (lambda: loose.Limits(max_players=600), "max_players is 600; it must be at most max_connections"),
        (lambda: loose.LinkConditions(latency=250), "latency is 250; .* from 0 to 60; not milliseconds"),
        (lambda: loose.LinkConditions(loss=2), "loss is 2; it must be a share, .*; not percent"),
        (lambda: loose.LinkConditions(jitter="x"), "jitter is 'x'; it must be seconds"),
        (lambda: loose.Browser(ports=8766), "ports is 8766; it must be a list"),
        (lambda: loose.Browser(interval=0), "interval is 0; it must be a number above 0"),
        (
            lambda: loose.threads.BackgroundBrowser(interfaces="lo"),
            "interfaces is 'lo'; it must be a list or None",
        ),
        (lambda: loose.threads.BackgroundBrowser(port=[1]), 'no argument "port"; did you mean "ports"'),
        (lambda: loose.Predictor(5), "step is 5; it must be a function"),
        (lambda: loose.Predictor(step, fields="x"), "fields is 'x'; it must be a list"),
        (lambda: loose.Predictor(step, tick_rate=0), "tick_rate is 0; it must be a number above 0"),
        (lambda: loose.InterpolationBuffer(["x"], tick_rate=30), "it must be a dict"),
        (lambda: loose.InterpolationBuffer({}, tick_rate=0), "tick_rate is 0; .* once it has joined"),
        (lambda: loose.frames(0), "fps is 0; it must be a number above 0"),
        (lambda: loose.Accumulator(0), "tick_duration is 0; it must be a number above 0"),
    ],
)
def test_all_else(make: Callable[[], object], text: str) -> None:
    """Limits, links, searching, prediction, interpolation and loops."""
    with pytest.raises(WrongArgument, match=text):
        make()
