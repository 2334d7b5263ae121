"""A room as its parts know it: ticks of one length, and events that only the room itself tells."""

from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, plain_client
from tests.support.sessions import noted


async def test_a_peer_cannot_trigger_events_by_name() -> None:
    """Messages called joined, left or Left reach nobody who listens for the event."""
    async with a_room() as server, plain_client(server) as client:
        events = noted(server)
        for name in ("joined", "left", "Left", "Joined", "_tick", "disconnected"):
            await client.send(type=name, peer=1)
            assert (await client.next())["code"] == "unknown_type"
        assert events == []


async def test_ticks_have_a_fixed_length_and_count_time() -> None:
    """`dt` is the tick's duration; tick / tick_rate is the server's time."""
    async with a_room(tick_rate=100) as server:
        seen: list[tuple[int, float]] = []
        server.on_tick(lambda dt: seen.append((server.tick, dt)))
        await wait_until_async(lambda: len(seen) >= 5, "ticks")
        assert {dt for _, dt in seen} == {0.01}
        numbers = [tick for tick, _ in seen]
        assert numbers == sorted(set(numbers))
        assert server.tick / server.tick_rate <= server.time
        assert server.metrics.ticks + server.metrics.ticks_skipped == server.tick
