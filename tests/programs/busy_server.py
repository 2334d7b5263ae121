"""A room that publishes much and says much, until it is told to end; prints its port."""

import netlib

TICK_RATE = 20  # per second
THINGS = 500  # entities: about 20 KB a snapshot
TALK = "x" * 1000  # bytes that are said to everyone, each tick


class Thing(netlib.Entity, frozen=True):
    """Something that moves."""

    x: int
    y: int


server = netlib.Server(
    "busy",
    host="127.0.0.1",
    port=0,
    tick_rate=TICK_RATE,
    discoverable=False,
    limits=netlib.Limits(max_players=100),
)


@server.on_tick
def tick(_: float) -> None:
    """Move everything, and talk."""
    now = server.tick
    server.publish({"things": {id: Thing(id * 100_000 + now, now) for id in range(THINGS)}})
    server.broadcast("talk", text=TALK)
    if now == 1:
        print(server.port, flush=True)


server.declare("talk")
if __name__ == "__main__":
    server.run()
