"""All that the doctor looks at, in the order of its report."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT
from workshop.doctor.finding import Finding
from workshop.doctor.firewall_judge import judge_firewall
from workshop.doctor.firewall_probe import look_at_firewall
from workshop.doctor.network_judge import judge_loopback, judge_name, judge_port, judge_search_ports
from workshop.doctor.network_probe import is_taken, look_at_loopback, look_at_name, look_at_port
from workshop.doctor.place_judge import judge_place
from workshop.doctor.place_probe import look_at_place, look_at_terminal
from workshop.doctor.python_judge import judge_python
from workshop.doctor.python_probe import look_at_python
from workshop.doctor.screen_judge import judge_screen, judge_terminal
from workshop.doctor.screen_probe import look_at_screen
from workshop.paths import ROOT


async def examination(
    root: Path = ROOT, *, port: int = PORT, search_ports: Sequence[int] = PORTS
) -> list[Finding]:
    """Look at everything, all at once, since most of it is waiting; takes about a second.

    Args:
        root: the checkout.
        port: the TCP port that must be free for a room.
        search_ports: the UDP ports by which rooms are found.
    """
    python, screen, name, its_port, firewall, loopback = await asyncio.gather(
        asyncio.to_thread(look_at_python, root),
        asyncio.to_thread(look_at_screen),
        asyncio.to_thread(look_at_name),
        asyncio.to_thread(look_at_port, port),
        asyncio.to_thread(look_at_firewall),
        look_at_loopback(),
    )
    return [
        *judge_python(python),
        *judge_screen(screen),
        *judge_terminal(look_at_terminal()),
        *judge_place(look_at_place(root)),
        *judge_loopback(loopback),
        *judge_name(name),
        *judge_port(its_port),
        *judge_search_ports(search_ports, list(filter(is_taken, search_ports))),
        *judge_firewall(firewall),
    ]
