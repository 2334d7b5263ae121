"""Keepalive: finding out that a silent connection is dead."""

from netlib.transport import Connection


def keep_alive(connection: Connection, now: float, idle_time: float) -> None:
    """Ping a connection that has been silent for half its idle time, end it after all of it."""
    silent = now - connection.last_received
    if silent > idle_time:
        connection.abort(reason=f"nothing was heard for {silent:.0f} s")
    elif silent > idle_time / 2:
        connection.ping()
