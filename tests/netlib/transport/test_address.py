"""Addresses as people type them: what can be meant, and what cannot be an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import InvalidURI

import netlib
from netlib.protocol.frames import PORT
from netlib.transport.address import read_address
from tests.support.rooms import a_room

HERE = ("127.0.0.1", PORT)
TYPED: dict[str, tuple[str, int]] = {
    "127.0.0.1": HERE,
    " 127.0.0.1\n": HERE,
    "127.0.0.1/": HERE,
    "127.0.0.1//": HERE,
    "127.0.0.1:": HERE,
    "127.0.0.1:8765:": HERE,
    "127.0.0.1:8765,": HERE,
    "127.0.0.1.": HERE,
    "127.0.0.1 8765": HERE,
    "127.0.0.1 : 8765": HERE,
    "127.0.0.1, port 8765.": HERE,
    "127.0.0.1;8765": HERE,
    "127,0,0,1:8765": HERE,
    "127.000.000.001": HERE,
    "//127.0.0.1:8765": HERE,
    "ws://127.0.0.1": HERE,
    "ws://127.0.0.1/": HERE,
    "ws://127.0.0.1:/": HERE,
    "HTTP://127.0.0.1:8765": HERE,
    "Http://127.0.0.1:8765/": HERE,
    "http:127.0.0.1": HERE,
    "http:/127.0.0.1": HERE,
    "ws//127.0.0.1": HERE,
    "http:\\\\127.0.0.1\\": HERE,
    "http://127.0.0.1:8765/play?a=b#c": HERE,
    "'127.0.0.1'": HERE,
    "“127.0.0.1:8765”": HERE,
    "<http://127.0.0.1:8765/>": HERE,
    "(127.0.0.1)": HERE,
    "\ufeff127.0.0.1\u200b": HERE,
    "１２７．０．０．１：８７６５": HERE,
    "127。0。0。1": HERE,
    "۱۲۷.۰.۰.۱": HERE,
    "[127.0.0.1]:9000": ("127.0.0.1", 9000),
    "myhost": ("myhost", PORT),
    "MyHost:9000": ("myhost", 9000),
    "Ada-PC.local:9000.": ("ada-pc.local", 9000),
    "host:": ("host", PORT),
    "host:/": ("host", PORT),
    "http:9000": ("http", 9000),
    "müller.example": ("xn--mller-kva.example", PORT),
    "::1": ("::1", PORT),
    "[::1]": ("::1", PORT),
    "[::1]:9000": ("::1", 9000),
    "::1 9000": ("::1", 9000),
    "fe80::": ("fe80::", PORT),
    "fe80::1": ("fe80::1", PORT),
    "fe80::1%eth0": ("fe80::1%eth0", PORT),
    "fe80::1%11": ("fe80::1%11", PORT),
    "fe80::1%25": ("fe80::1%25", PORT),
    "[fe80::1%25eth0]": ("fe80::1%eth0", PORT),
    "ws://[FE80::1%25Eth0]:9000/": ("fe80::1%Eth0", 9000),
    "fe80::1%eth0:9000": ("fe80::1%eth0", 9000),
    "fe80::1%eth0 9000": ("fe80::1%eth0", 9000),
}


@pytest.mark.parametrize("typed", TYPED)
def test_what_people_type_is_understood(typed: str) -> None:
    """Spaces, quotes, commas, schemes, digits from another keyboard: what is meant is clear."""
    address = read_address(typed)
    assert (address.host, address.port, address.secure) == (*TYPED[typed], False)


@pytest.mark.parametrize(
    ("typed", "port", "path"),
    [
        ("wss://play.example", 443, "/"),
        ("https://play.example/", 443, "/"),
        ("HTTPS://play.example:8765/room?a=b#c", 8765, "/room?a=b"),
    ],
)
def test_with_tls_a_proxy_answers(typed: str, port: int, path: str) -> None:
    """The address of a page with TLS is the game's: at the port and path that a browser would ask."""
    address = read_address(typed)
    assert (address.host, address.port, address.secure, address.resource_name) == (
        "play.example",
        port,
        True,
        path,
    )


def test_a_proxy_may_want_a_name_and_a_password() -> None:
    """They are passed on as they were typed."""
    assert read_address("wss://Ada:Plum@play.example/Room").user_info == ("Ada", "Plum")


NONE = [
    "",
    " ",
    "5",
    "8765",
    ":8765",
    "127.0.0.1:abc",
    "host:99999",
    "host:0",
    "[::1",
    "a:b:c",
    "ftp://myhost",
]
NONE += [
    "http://",
    "ws://",
    "/",
    "%",
    "\ud800",
    "192.168.1..5",
    "10.0.0",
    "300.1.1.1",
    "1.2.3.4.5",
    "10.0.0.1:1:2",
]


@pytest.mark.parametrize("typed", NONE)
async def test_what_cannot_be_an_address(typed: str) -> None:
    """It is repeated as it was typed, with an example of one."""
    with pytest.raises((ValueError, InvalidURI)):
        read_address(typed)
    with pytest.raises(netlib.HostNotFound) as told:
        await netlib.connect(typed)
    assert str(told.value) == f"{typed!r} is not an address; try 192.168.1.5, or ws://host:8765"


@given(st.text(st.sampled_from("ws:htp/[]%.,;1028765afe 。：\\\"'@#?é٣"), max_size=24))
def test_whatever_is_typed(typed: str) -> None:
    """Any text is an address, with a host and a port that exist, or it is none; nothing else happens."""
    try:
        address = read_address(typed)
    except (ValueError, InvalidURI):
        return
    assert address.host
    assert 0 < address.port < 65536


@pytest.mark.parametrize(
    "form", ["127.0.0.1:{}/", "HTTP://127.0.0.1:{}", "127.0.0.1 {}", "１２７.０.０.１：{},"]
)
async def test_it_leads_to_the_room(form: str) -> None:
    """A client comes in by what was typed."""
    async with a_room() as server, netlib.connect(form.format(server.port), name="Ada") as client:
        assert client.connected


def test_what_is_longer_than_an_address_is_not_looked_at() -> None:
    """Whoever pastes a whole document gets an answer at once."""
    with pytest.raises(ValueError, match="100001 characters are no address"):
        read_address("a" + " " * 100_000)
