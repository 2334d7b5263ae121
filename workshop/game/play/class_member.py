"""An attendee's window says who in the class its player is, so that the table has one row for both."""

from websockets.exceptions import InvalidURI

import netlib
from netlib.transport.address import read_address
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.messages import ClassPlays


def introduce(client: netlib.Client) -> None:
    """Tell the class's own room which attendee plays here, again after each new welcome.

    No other room is told: the token must not reach it.
    """
    membership = MembershipFile().read()
    if membership is None or place(client.url) != place(membership.address):
        return
    told = ClassPlays(membership.nickname, membership.token)
    client.on(netlib.Connected, lambda event: None if event.resumed else client.send(told))
    client.send(told)


def place(address: str) -> tuple[str, int] | None:
    """Host and port of an address, however it was typed; None of what is none."""
    try:
        found = read_address(address)
    except (ValueError, InvalidURI):
        return None
    return found.host, found.port
