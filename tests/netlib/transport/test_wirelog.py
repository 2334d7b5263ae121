"""The trace of every message: one line each, traced, and without secrets."""

import json
import logging

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.protocol.codecs import CODECS, MSGPACK, Codec
from netlib.protocol.frames import Hello, Welcome
from netlib.transport.wirelog import MAX_SHOWN, trace, traced

HELLO = Hello(1, "Ada", password="sesame", nonce="nnn", resume="rrr")
WELCOME = Welcome(7, "token", False, "Gem Rush", 0, 30, 0.0)


def test_a_line_has_direction_peer_and_message(caplog: pytest.LogCaptureFixture) -> None:
    """The traces of two sides can be laid beside each other."""
    caplog.set_level(logging.DEBUG, "netlib.wire")
    trace("→", "10.0.0.7:50312", b'{"type":"chat"}', False)
    trace("←", "10.0.0.7:50312", MSGPACK.encode({"type": "chat"}), True)
    assert caplog.messages == ['→ 10.0.0.7:50312 {"type":"chat"}', '← 10.0.0.7:50312 {"type":"chat"}']
    assert {record.name for record in caplog.records} == {"netlib.wire"}


def test_without_debug_nothing_is_written(caplog: pytest.LogCaptureFixture) -> None:
    """The trace costs nothing when nobody asked for it."""
    caplog.set_level(logging.INFO, "netlib.wire")
    trace("→", "x", b"{}", False)
    trace("←", "x", b"{}", False)
    assert caplog.messages == []


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
def test_passwords_and_tokens_are_blanked_out(codec: Codec) -> None:
    """A trace can be shown to others."""
    for message in (HELLO, WELCOME):
        line = traced(codec.encode(message), codec.binary)
        assert not any(secret in line for secret in ("sesame", "nnn", "rrr", "token"))
        assert '"…"' in line
    assert '"name":"Ada"' in traced(codec.encode(HELLO), codec.binary)


@pytest.mark.parametrize("spaces", [(",", ":"), (", ", ": "), (" ,\n", " :\t")])
def test_secrets_are_blanked_out_however_the_json_is_spaced(spaces: tuple[str, str]) -> None:
    """Many programs write a space after the colon."""
    data = json.dumps({"type": "hello", "password": 'se"same', "name": "Ada"}, separators=spaces).encode()
    line = traced(data, False)
    assert "same" not in line
    assert "Ada" in line


def test_a_password_that_is_cut_off_is_blanked_out() -> None:
    """Half a message does not show it either."""
    assert "sesam" not in traced(b'{"type":"hello","password":"sesam', False)


@given(data=st.binary(max_size=60), binary=st.booleans())
def test_any_bytes_are_one_printable_line(data: bytes, binary: bool) -> None:
    """Nothing that a peer sends can break the log, or the terminal that shows it."""
    line = traced(data, binary)
    assert line.isprintable()


def test_control_characters_are_spelled_out() -> None:
    """Line ends and escape sequences do not reach the terminal."""
    assert traced(b'{"text":"a\nb\x1b[31m"}', False) == r'{"text":"a\nb\x1b[31m"}'


@pytest.mark.parametrize("binary", [True, False])
def test_a_huge_message_is_cut(binary: bool) -> None:
    """The trace says how long it was."""
    data = (msgspec.msgpack if binary else msgspec.json).encode({"text": "x" * 50_000})
    line = traced(data, binary)
    assert len(line) < MAX_SHOWN + 50
    assert line.endswith(" bytes)")


def test_binary_that_is_no_messagepack_is_shown_as_bytes() -> None:
    """What cannot be decoded can still be looked at."""
    assert traced(b"\xc1\x00", True) == "(2 bytes) c1 00"
