"""What plays a client in a player's place: it sees what the client sees, on whatever map the round is."""

from functools import cache

import netlib
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import ROUND_ID, Round
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.navigation import Navigator


@cache
def map_of(seed: int) -> tuple[Map, Navigator]:
    """A map and the ways on it, shared by the bots of one program: both take a while to make."""
    map = make_map(seed)
    return map, Navigator(map)


class Autopilot:
    """Decides what a client does next.

    Args:
        seed: makes what it does repeatable, as far as the network is.
    """

    def __init__(self, client: netlib.Client, *, seed: int) -> None:
        self._client, self._seed = client, seed
        self._round_seed = 0
        self._brain: Brain | None = None

    def decide(self) -> Move | None:
        """The input for this tick; None while there is no connection, or no round yet."""
        state = self._client.state
        round: Round | None = state["round"].get(ROUND_ID)
        if round is None or not self._client.connected:
            return None
        map, navigator = map_of(round.seed)
        if self._brain is None or round.seed != self._round_seed:
            self._brain, self._round_seed = Brain(navigator, seed=self._seed), round.seed
        return self._brain.decide(state, self._client.player_id, map)
