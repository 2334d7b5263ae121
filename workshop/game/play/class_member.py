"""An attendee's window says who in the class its player is, so that the table has one row for both."""

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


def place(address: str) -> tuple[str, int]:
    """Host and port of an address, however it was typed."""
    found = read_address(address)
    return found.host, found.port
