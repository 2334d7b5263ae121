"""What a room needs before strangers may knock: TLS, a password, limits, known sites, its health."""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from typing import Any

import netlib
from netlib.server.http import Page, json_page

PASSWORD = "GEM_RUSH_PASSWORD"  # environment variable; a command line can be read by others here


def guarded(
    *, password: str = "", cert: str = "", key: str = "", origins: Sequence[str] = (), **others: Any
) -> dict[str, Any]:
    """The options of a room, made fit for strangers; see `netlib.Server`.

    Args:
        password: as typed; when it is empty, the one from the environment counts.
        cert, key: files, as `certificate` wants them.
        origins: sites whose web pages may connect, beside our own pages.
    """
    options = {**others, "ssl": certificate(cert, key)}
    # TODO 14.2: ask for the password: as typed; else the one in the environment variable that PASSWORD
    # names; else none (""). Never write one into the code.
    options["password"] = ""
    # TODO 14.3: "*" lets the page of any site connect, with its visitor at the keys. Let in `origins` alone.
    options["origins"] = ["*"]
    # TODO 14.4: nobody is ever refused. Allow what the game needs, and little more: the longest message is a
    # line of chat, 200 characters of up to 12 bytes; a player sends about 60 messages a second, and after a
    # pause of the network up to 300 at once.
    options["limits"] = netlib.Limits(message_size=2**26, messages_per_second=1e6, message_burst=1e6)
    return options


def certificate(cert: str, key: str) -> ssl.SSLContext | None:
    """What ``wss://`` needs: a certificate, and the key that proves that it is ours; None for ``ws://``."""
    if not cert:
        return None
    # TODO 14.1: make an ssl.SSLContext for a server, load the certificate and its key into it, and return it.
    # Files that are no such pair raise ssl.SSLError: raise a netlib.StartError(…) instead, whose text names
    # both files.
    return None


def trusted(ca: str) -> ssl.SSLContext:
    """Whom a client believes: the authorities that this system knows, or only the one in a file of ours."""
    # TODO 14.5: this believes every certificate, also that of somebody in between. Have it checked: by the
    # authority in the file `ca`, or, when that is empty, by those that this system knows.
    return ssl._create_unverified_context()


def health(server: netlib.Server) -> Page:
    """What a watchdog asks for, and anybody may read: does time go on, how many play? No names."""
    # TODO 14.6: a program has to read this: make it JSON, with "status" ("ok"), "tick" (the server's) and
    # "players" (how many they are). An empty room is "ok", too.
    return Page(b"it runs, I think\n")
