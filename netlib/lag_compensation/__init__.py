"""Lag compensation: a shot hits what was on the shooter's screen when it was fired.

A player sees the others as they were a while ago: half a round trip, and the delay of the interpolation.
Its input says which tick that was (`netlib.Client.send_input`, ``shown``), and the server looks there::

    history = History(server.tick_rate, {"players": ("x", "y")})

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for input in peer.take_inputs():
                targets = history.seen(input)["players"]
                ...
        server.publish(state)
        history.add(server.tick, state)

(Y. Bernier, "Latency Compensating Methods in Client/Server In-game Protocol Design", Valve 2001; Valve's
developer wiki, "Source Multiplayer Networking". The price is known, too: one may be hit behind a corner.)
"""

from netlib.lag_compensation.history import History

__all__ = ["History"]
