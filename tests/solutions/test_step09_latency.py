"""The link and the round trip: when messages arrive, in which order, and what many measurements say."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib import testing
from solutions.step09_latency.link import Link
from solutions.step09_latency.round_trip import RoundTrip

SECONDS = st.floats(0.001, 5.0)


async def carried(link: Link, count: int, apart: float) -> list[tuple[int, float]]:
    """Send messages, and give those that arrived with the time that each was under way."""
    arrived: list[tuple[int, float]] = []
    carrying = asyncio.create_task(link.carry())
    for number in range(count):
        sent = netlib.clock()
        link.send(lambda number=number, sent=sent: arrived.append((number, netlib.clock() - sent)))  # type: ignore[misc]
        await asyncio.sleep(apart)
    await testing.until(lambda: len(arrived) == count)
    carrying.cancel()
    return arrived


@testing.in_virtual_time
async def test_each_message_takes_half_of_the_latency() -> None:
    """A hundred a second, each 150 ms under way: none waits for the one in front of it."""
    arrived = await carried(Link(netlib.LinkConditions(latency=0.3)), 100, 0.01)
    assert [number for number, _ in arrived] == list(range(100))
    assert all(under_way == pytest.approx(0.15, abs=0.002) for _, under_way in arrived)


@testing.in_virtual_time
async def test_jitter_never_reorders() -> None:
    """However much messages vary, they arrive in the order in which they were sent."""
    arrived = await carried(Link(netlib.LinkConditions(latency=0.2, jitter=0.1)), 200, 0.005)
    assert [number for number, _ in arrived] == list(range(200))
    times = [under_way for _, under_way in arrived]
    assert max(times) - min(times) > 0.05


@testing.in_virtual_time
async def test_what_is_due_together_arrives_together() -> None:
    """A program that is busy gives the link few turns, and in each of them everything comes that is due."""
    link, arrived = Link(netlib.PERFECT), list[int]()
    for number in range(50):
        link.send(lambda number=number: arrived.append(number))  # type: ignore[misc]
    carrying = asyncio.create_task(link.carry())
    await asyncio.sleep(0)
    assert arrived == list(range(50))
    carrying.cancel()


@given(st.lists(SECONDS, min_size=1))
def test_the_round_trip_lies_among_its_measurements(measurements: list[float]) -> None:
    """It is never larger than the largest, nor smaller than the smallest; the first one is taken as it is."""
    round_trip = RoundTrip()
    round_trip.add(measurements[0])
    assert round_trip.smoothed == measurements[0]
    for measured in measurements[1:]:
        round_trip.add(measured)
    assert min(measurements) - 1e-9 <= round_trip.smoothed <= max(measurements) + 1e-9
    assert 0 <= round_trip.variation <= max(measurements)


@given(SECONDS, SECONDS)
def test_the_round_trip_follows(before: float, after: float) -> None:
    """After many measurements of another value it is that value, and varies no more."""
    round_trip = RoundTrip()
    for measured in [before] * 10 + [after] * 200:
        round_trip.add(measured)
    assert round_trip.smoothed == pytest.approx(after, rel=1e-3)
    assert round_trip.variation < 0.01
