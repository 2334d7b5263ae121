"""What measures the round trip. The tool `ping` calls its own messages so, too."""

from __future__ import annotations

import netlib

ASK_SECONDS = 0.1  # between two requests


class EchoRequest(netlib.Message, frozen=True):
    """→ Please answer at once. ``time`` is the client's, in seconds."""

    time: float


class EchoReply(netlib.Message, frozen=True):
    """← The answer: ``time`` as it was in the request, and what time it is for the server, in seconds."""

    time: float
    server_time: float
