"""Both sides of the network, without a window: the server, which alone decides, and a player of it."""

from typing import Any

from msgspec.structs import replace

import netlib
from examples.pong import rules

PREDICTED = (*rules.FACES, "x", "y", "dx", "dy", "wait")  # of the paddles only the own one
TWO = netlib.Limits(max_players=2)


class Pong:
    """The server: one match after the other, for two; a bot plays when there is only one.

    Args:
        options: those of `netlib.Server`.
    """

    def __init__(self, **options: Any) -> None:
        self.room = netlib.Server("Pong", input_type=rules.Move, limits=TWO, **options)
        self.table = rules.Table()
        self.room.on_tick(self.tick)

    def tick(self, dt: float) -> None:
        """One step of the game, in the order of `Player.step`: the paddles, the ball. Then the news to all.

        Those who are here play; when somebody comes or leaves, a match begins.
        """
        left, right, *_ = [peer.name for peer in self.room.players] + [rules.BOT, rules.BOT]
        if (left, right) != self.table.names:
            self.table = rules.Table(names=(left, right))
        for side, peer in zip(rules.FACES, [*self.room.players, None, None], strict=False):
            for move in peer.take_inputs() if peer else [rules.bot_move(self.table, side)]:
                self.table = rules.moved(self.table, side, move)
        self.table = rules.counted(rules.advanced(self.table))
        self.room.publish({"table": {0: self.table}})


class Player:
    """The client: what it does is sent and shows at once, and so does the ball near its own paddle.

    The own paddle and the ball are predicted as one thing, the table. So the ball is as far ahead of the
    news as the paddle is, and meets it where the server will see them meet. What the other does shows
    as a correction.
    """

    def __init__(self, client: netlib.Client[rules.Table]) -> None:
        self.client, rate = client, client.tick_rate
        self.ticks = netlib.Accumulator(1 / rate)
        self.ahead = netlib.Predictor(self.step, fields=PREDICTED, tick_rate=rate)
        self.behind = netlib.InterpolationBuffer({"table": (*rules.FACES, "x", "y")}, tick_rate=rate)
        client.on(netlib.StateChanged, self.take_in)

    def step(self, table: rules.Table, move: rules.Move) -> rules.Table:
        """Return the table one tick later, as we predict it: meanwhile the other's paddle stays."""
        return rules.advanced(rules.moved(table, rules.side_of(table, self.client.name), move))

    def take_in(self, event: netlib.StateChanged) -> None:
        """Take in a snapshot: how the table was, and from where the prediction goes on."""
        self.behind.add(event.tick, self.client.state, netlib.clock())
        self.ahead.reconcile(self.client.state["table"][0], self.client.last_input_seq)

    def move(self, dt: float, move: rules.Move) -> None:
        """Send a move for each tick that has passed, and predict what it does to the table."""
        for _ in range(self.ticks.add(dt)):
            if self.client.connected and not self.ahead.stalled:
                self.ahead.predict(replace(move, seq=self.client.send_input(move)))

    def see(self, dt: float, move: rules.Move) -> rules.Table | None:
        """Return what to draw: the other as seen last, ourselves as predicted, the ball between the two.

        Near the own paddle the ball is where it is predicted. At the other's the other decides, and a
        prediction is a guess: so there it is where it was seen. On the way it flies a little slower or
        faster for it: at a round trip of 200 ms by a tenth or two.
        """
        now, sample = self.ahead.displayed(dt, move, self.ticks.alpha), self.behind.sample(netlib.clock())
        if now is None or sample is None:
            return None
        then, mine = sample.state["table"][0], rules.side_of(now, self.client.name)
        share = min(1.0, abs(now.x - (rules.WIDTH - rules.FACES[mine])) / rules.WIDTH * 4 / 3)
        x, y = (round(old + (new - old) * share) for old, new in ((then.x, now.x), (then.y, now.y)))
        return replace(now, x=x, y=y, **{it: getattr(then, it) for it in rules.FACES if it != mine})
