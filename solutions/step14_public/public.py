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
    options["password"] = password or os.environ.get(PASSWORD, "")
    options["origins"] = origins
    options["limits"] = netlib.Limits(message_size=4096, messages_per_second=100, message_burst=300)
    return options


def certificate(cert: str, key: str) -> ssl.SSLContext | None:
    """What ``wss://`` needs: a certificate, and the key that proves that it is ours; None for ``ws://``."""
    if not cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key)
    except ssl.SSLError as error:
        raise netlib.StartError(f"{cert} and {key} are no certificate and its key: {error}") from error
    return context


def trusted(ca: str) -> ssl.SSLContext:
    """Whom a client believes: the authorities that this system knows, or only the one in a file of ours."""
    return ssl.create_default_context(cafile=ca or None)


def health(server: netlib.Server) -> Page:
    """What a watchdog asks for, and anybody may read: does time go on, how many play? No names."""
    return json_page({"status": "ok", "tick": server.tick, "players": len(server.players)})
