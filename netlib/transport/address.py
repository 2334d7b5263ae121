"""Addresses as people type, paste and dictate them; whoever is given one reads it here."""

import re
import unicodedata
from ipaddress import IPv4Address

from websockets.uri import WebSocketURI, parse_uri

from netlib.protocol.frames import PORT
from netlib.transport.tcp import host_port

MAX_TYPED = 2048  # characters: longer URLs do not work everywhere, either
_SCHEME = r"(?:(?:ws|http)(s?)(?::/*|//+)(?!\d*$)|/+)?"
_PARTS = re.compile(rf"(?i)^{_SCHEME}([^@/?#]*@)?([^/?#]*)((?!//+[^/])(?:[/?][^#]*)?)(?:#.*)?$")
_IPV6 = re.compile(r"\[?[\da-f.]*:[\da-f.]*:[\da-f:.]*(?:%[^\s,;:\]]+)?\]?", re.I)
_WITH_PORT = re.compile(r"(.*?)[\s,;:]+(?:port\W*)?0*([1-9]\d*)", re.I)


def read_address(typed: str) -> WebSocketURI:
    """Where somebody wants to go who types ``10.0.0.7``, ``myhost 9000``, ``fe80::1%eth0`` or a whole URL.

    Without a port it is 8765; after ``wss://`` and ``https://`` 443, where a proxy would answer.

    Raises:
        ValueError, InvalidURI: this cannot be an address.
    """
    if len(typed) > MAX_TYPED:
        raise ValueError(f"{len(typed)} characters are no address")
    # Digits of any script, and of any width; then without the spaces, quotes and full stop around it.
    text = "".join(str(unicodedata.decimal(char, char)) for char in unicodedata.normalize("NFKC", typed))
    text = re.sub(r"^[^\w\[:/]+|[^\w\]:/]+$", "", text.replace("。", ".").replace("\\", "/"))
    [(tls, who, place, path)] = _PARTS.findall(text)
    host, port = _host_and_port(place)
    where = host_port(host, int(port or (443 if tls else PORT)))
    return parse_uri(f"ws{tls}://{who}{where}{path}")


def _host_and_port(place: str) -> tuple[str, str]:
    """The host, without brackets, and the port; empty when none is given."""
    port, place = "", place if place.endswith("::") else place.rstrip(": ")
    place = re.sub(r"^(\d+),(\d+),(\d+),(\d+)", r"\1.\2.\3.\4", place)  # from a number pad with a comma
    if not _IPV6.fullmatch(place) and (found := _WITH_PORT.fullmatch(place)):
        place, port = found.groups()
    if re.fullmatch(r"[\d.]+", place):
        place = str(IPv4Address(".".join(str(int(number)) for number in place.split("."))))
    return re.sub(r"^\[(.*)\]$", r"\1", re.sub("%25(?=.)", "%", place)), port
