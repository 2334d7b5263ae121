"""Quotas: whose they are, who holds most, and a rate for each address."""

import pytest

from netlib.transport import quotas
from netlib.transport.quotas import largest_share, rate_by_source, source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.7:8765", "10.0.0.7"),
        ("[2001:db8:1:2:aaaa::1]:8765", "2001:db8:1:2::/64"),
        ("[fe80::1%eth0]:8765", "fe80::/64"),
        ("?", ""),
    ],
)
def test_whose_quota_it_is(address: str, source: str) -> None:
    """That of an IPv4 address, or of an IPv6 network: its owner may have any address there."""
    assert source_of(address) == source


def test_two_addresses_of_one_ipv6_network_share_a_quota() -> None:
    """Nobody gets more by choosing other last bits."""
    assert source_of("[2001:db8::1]:1") == source_of("[2001:db8::ffff:1]:2")
    assert source_of("[2001:db8::1]:1") != source_of("[2001:db8:0:1::1]:1")


def test_who_holds_most() -> None:
    """All that this address holds, in the order in which it came; of nothing, nothing."""
    assert largest_share(["a:1", "b:1", "b:2", "a:2", "b:3"], str) == ["b:1", "b:2", "b:3"]
    assert largest_share([], str) == []


def test_each_address_has_a_rate_of_its_own() -> None:
    """One address that asks too much costs the others nothing."""
    rate_of = rate_by_source(1.0, 2.0)
    assert [rate_of("a:1").allows(5.0) for _ in range(3)] == [True, True, False]
    assert rate_of("b:1").allows(5.0)
    assert rate_of("a:1").allows(6.0)


def test_addresses_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of them is bounded, and the one that was not seen for longest goes first."""
    monkeypatch.setattr(quotas, "MAX_SOURCES", 2)
    rate_of = rate_by_source(0.001, 1.0)
    for source in "aba":
        rate_of(f"{source}:2").allows(1.0)
    rate_of("c:1")
    assert not rate_of("a:1").allows(2.0), "it was seen last but one"
    assert rate_of("b:1").allows(2.0), "it is new again"
