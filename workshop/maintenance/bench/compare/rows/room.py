"""netlib: validation, limits, sessions, metrics and deltas, all of them on as in a game."""

import netlib
from workshop.maintenance.bench.compare.rows.serving import HOST, Announce
from workshop.maintenance.bench.compare.workload import TICK_RATE, Move, World

CROWD = 10_000  # players that may join; the limits of one client stay as they are


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
    server = netlib.Server(
        "bench",
        host=HOST,
        port=0,
        tick_rate=TICK_RATE,
        input_type=Move,
        limits=netlib.Limits(max_players=CROWD, max_connections=CROWD, handshake_burst=CROWD),
        discoverable=False,
    )
    play(server, World())
    async with server:
        announce(server.port)
        await server.wait_stopped()


def play(server: netlib.Server, world: World) -> None:
    """The game of this workload."""

    @server.on(netlib.Joined)
    def joined(event: netlib.Joined) -> None:
        if not event.peer.spectator:
            world.join(event.peer.id, event.peer.name)

    @server.on(netlib.Left)
    def left(event: netlib.Left) -> None:
        world.leave(event.peer.id)

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for move in peer.take_inputs():
                world.step(peer.id, move.move)
        server.publish(world.state)
