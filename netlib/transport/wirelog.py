"""The trace of every message, for ``--log FILE``: time, direction, peer, message.

It goes to the standard logger ``netlib.wire`` at level DEBUG; a line reads
``→ 10.0.0.7:50312 {"type":"welcome",…}``, so that the traces of two sides can be laid beside
each other. Passwords and resume tokens are blanked out.
"""

import logging
import re

import msgspec

from netlib.protocol.codecs import MALFORMED

log = logging.getLogger("netlib.wire")

MAX_SHOWN = 2000  # bytes of a message that are written

_SECRETS = re.compile(r'("(?:password|resume|nonce)"\s*:\s*)"(?:[^"\\]|\\.)+"?')


def trace(direction: str, address: str, data: bytes, binary: bool) -> None:
    """Trace one message; ``direction`` is → on its way out, ← when it arrived."""
    if log.isEnabledFor(logging.DEBUG):
        log.debug("%s %s %s", direction, address, traced(data, binary))


def traced(data: bytes, binary: bool) -> str:
    """One line of text for a message, whatever is in it."""
    if binary:
        try:
            data = msgspec.json.encode(msgspec.msgpack.decode(data))
        except (*MALFORMED, TypeError):
            return f"({len(data)} bytes) {data[:MAX_SHOWN].hex(' ')}"
    text = _SECRETS.sub(r'\1"…"', data.decode(errors="replace"))
    text = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}… ({len(data)} bytes)"
