"""Which firewalls are on, as far as we can see that without special rights."""

import platform as system
import re
import sys
from pathlib import Path

from workshop.doctor.firewall_judge import FirewallSeen
from workshop.doctor.port_owner import Ask, ask, text_of

MAC_FIREWALL = "/usr/libexec/ApplicationFirewall/socketfilterfw"
UFW_SETTINGS = Path("/etc/ufw/ufw.conf")


def look_at_firewall(platform: str = sys.platform, ask: Ask = ask, ufw: Path = UFW_SETTINGS) -> FirewallSeen:
    """Ask the system.

    Args:
        ask: gives what a command prints.
        ufw: where Ubuntu's firewall says whether it is on.
    """
    if platform == "darwin":
        numbers = [int(number) for number in re.findall(r"\d+", system.mac_ver()[0])]
        on = re.search(r"State = [12]|enabled", ask([MAC_FIREWALL, "--getglobalstate"]))
        return FirewallSeen(platform, numbers, ["the firewall"] if on else [])
    if platform == "win32":
        return FirewallSeen(platform)
    names = ["ufw"] if re.search(r"(?im)^\s*ENABLED\s*=\s*yes", text_of(ufw)) else []
    if ask(["systemctl", "is-active", "firewalld"]).strip() == "active":
        names.append("firewalld")
    return FirewallSeen(platform, active=names)
