"""What to do about each fault of a network, in the words of each system's own settings. Pure."""

from collections.abc import Mapping

from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT
from workshop.bootstrap.typed import command
from workshop.doctor.firewall_judge import OPEN

SYSTEMS = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}
UDP_PORTS = f"{PORTS[0]}-{PORTS[-1]}"

LET_IN = {
    "win32": "Windows Security, Firewall & network protection, Allow an app through firewall, Change "
    "settings: tick Python, and Private beside it. And the network itself must be private: Settings, Network "
    "& internet, Wi-Fi (or Ethernet), the network's properties, Private network.",
    "darwin": "System Settings, Network, Firewall, Options: Python must say Allow incoming connections, and "
    "Block all incoming connections must be off.",
    "linux": "; or: ".join(OPEN.values()),
}
LET_OUT = {
    "win32": "Windows Security, Firewall & network protection, Advanced settings, Outbound Rules: no rule "
    "may block Python. A virus scanner may have such rules of its own.",
    "darwin": "Programs such as Little Snitch or Lulu ask who may send: allow it for Python and terminals.",
    "linux": "sudo iptables -S OUTPUT (or: sudo nft list ruleset) shows the rule that does it.",
}
LOCAL_NETWORK = (
    "System Settings, Privacy & Security, Local Network: switch on your terminal (Terminal, iTerm, Visual "
    "Studio Code), then quit that program with Cmd-Q and start it again."
)
NO_VPN = {
    "win32": "Settings, Network & internet, VPN: Disconnect. In the VPN's own program: Allow local network.",
    "darwin": "System Settings, VPN: switch it off. In the VPN's own program: Allow local network access.",
    "linux": "Settings, Network, VPN: off; or: nmcli connection show --active, nmcli connection down NAME",
}
ONE_INTERFACE = {
    "win32": "Settings, Network & internet, Advanced network settings: Disable the one that you do not need.",
    "darwin": "System Settings, Network: the one that you do not need, Make Service Inactive.",
    "linux": "Settings, Wi-Fi (or Network): switch one of them off; or: nmcli device disconnect NAME",
}
IPV4 = {
    "win32": "Settings, Network & internet, Wi-Fi (or Ethernet), Hardware properties, IP assignment, Edit: "
    "Automatic (DHCP).",
    "darwin": "System Settings, Network, Wi-Fi, Details, TCP/IP: Configure IPv4, Using DHCP.",
    "linux": "Settings, Wi-Fi (or Network), the network's settings, IPv4: Automatic (DHCP).",
}
SAFE_PACKET = 1200  # bytes, which nearly every way carries
SMALLER_PACKETS = {
    "win32": "As administrator: netsh interface ipv4 set subinterface Wi-Fi mtu={size} store=active (or: "
    "Ethernet)",
    "darwin": "sudo networksetup -setMTU {name} {size}",
    "linux": "sudo ip link set dev {name} mtu {size}",
}
BETTER_WAY = (
    "Move closer to the access point, or take a cable; another one if it is a cable already.",
    "If others see it too: the 5 GHz band, fewer devices, a cable for the machine of the room.",
)
SAME_WIFI = "Join the same Wi-Fi on both machines: not the guests' one, and no mobile network beside it."
NO_ISOLATION = (
    "In the router's settings it is called AP isolation, client isolation or wireless isolation: off. Guest "
    "networks mostly have it on: join the main one."
)
HOTSPOT = {
    "win32": "Or make a network of your own: Settings, Network & internet, Mobile hotspot: On.",
    "darwin": "Or make a network of your own: System Settings, General, Sharing, Internet Sharing: on.",
    "linux": "Or make a network of your own: Settings, Wi-Fi, the menu, Turn On Wi-Fi Hotspot.",
}


def let_in(port: int) -> Mapping[str, str]:
    """How to let others reach a server on a TCP port, and find it."""
    return {**LET_IN, "linux": LET_IN["linux"].replace(f"{PORT}/tcp", f"{port}/tcp")}


def on(fixes: Mapping[str, str], platform: str = "") -> list[str]:
    """What to do on one system; on each of them if we do not know which it is."""
    if platform in fixes:
        return [fixes[platform]]
    return [f"{SYSTEMS[name]}: {text}" for name, text in fixes.items()]


def there(fixes: Mapping[str, str], platform: str = "") -> list[str]:
    """What to do on the other machine."""
    return [
        f"On the other machine. {line}" if platform else f"There, on {line}" for line in on(fixes, platform)
    ]


def smaller_packets(platform: str, name: str, size: int) -> list[str]:
    """How to send no packet above a size, in bytes, on an interface, until the machine restarts."""
    todo = [line.format(name=name, size=size) for line in on(SMALLER_PACKETS, platform)]
    return [f"Or let this machine send smaller packets, until it restarts: {todo[0]}", *todo[1:]]


def on_every_address(port: int = PORT) -> list[str]:
    """What to do about a server that only its own machine can reach."""
    return [
        f"Start the room with: {command('host')}",
        f"In a program of your own: netlib.Server(..., port={port}) without host=, or websockets.serve(..., "
        f'"0.0.0.0", {port}); localhost and 127.0.0.1 mean: this machine alone.',
    ]
