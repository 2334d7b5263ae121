"""What one address may ask for, so that a stranger leaves room for everybody else.

A whole class may sit behind one router, and so have one address. The quotas are large enough for it, and
where something is given back to others, the address that holds most of it gives.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import IPv6Network
from typing import TypeAlias, TypeVar

from netlib.play.timing import RateLimit

MAX_SOURCES = 1024  # sources of which the rates are remembered

T = TypeVar("T")
Rates: TypeAlias = Callable[[str], RateLimit]  # by address


def source_of(address: str) -> str:
    """Whose quota a connection counts for: its IP address, or the network of 64 bits of an IPv6 address.

    The other bits its owner may choose at will.

    Args:
        address: with a port, as `netlib.transport.tcp.host_port` writes it.
    """
    host = address.rpartition(":")[0].strip("[]").partition("%")[0]
    return str(IPv6Network((host, 64), strict=False)) if ":" in host else host


def largest_share(things: Iterable[T], address: Callable[[T], str]) -> list[T]:
    """What the source holds that holds most of these things, in their order; of nothing, nothing."""
    shares: dict[str, list[T]] = {}
    for thing in things:
        shares.setdefault(source_of(address(thing)), []).append(thing)
    return max(shares.values(), key=len, default=[])


def rate_by_source(per_second: float, burst: float) -> Rates:
    """Gives the rate limit of an address's source; the one not asked for longest is forgotten in the end."""
    rate_of = lru_cache(MAX_SOURCES)(lambda source: RateLimit(per_second, burst))
    return lambda address: rate_of(source_of(address))
