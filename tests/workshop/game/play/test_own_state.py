"""A client whose state the game makes, out of messages."""

from typing import Any

import pytest

import netlib
from netlib import testing
from workshop.game.play.own_state import Fields, OwnStateClient
from workshop.game.rules.entities import ROUND_ID, Player, Resource, Round


class Told(netlib.Message, frozen=True):
    """← Collections that are new."""

    state: dict[str, Any]


def updated(state: Fields, message: Told) -> Fields:
    """The state with what was told."""
    return state | {name: {int(id): it for id, it in them.items()} for name, them in message.state.items()}


@testing.in_virtual_time
async def test_it_is_typed_and_empty_before_there_is_a_round() -> None:
    """Entities have their types as soon as the round is known; before that there are none."""
    async with testing.Network() as network:
        server = await network.serve(lambda **options: netlib.Server("x", tick_rate=20, **options))
        url, cable = f"ws://memory:{server.port}", network.new_cable()
        async with OwnStateClient(url, updated, messages=[Told], network=cable) as client:
            ada = {"name": "Ada", "colour": 1, "x": 2, "y": 3}
            server.broadcast(
                Told({"players": {"1": ada}, "resources": {"2": {"kind": "gem", "x": 4, "y": 5}}})
            )
            await testing.message(client, Told)
            assert client.state == {"players": {}, "resources": {}, "round": {}}
            server.broadcast(Told({"round": {str(ROUND_ID): {"seed": 7}}}))
            await testing.message(client, Told)
            assert client.state["players"] == {1: Player("Ada", 1, 2, 3)}
            assert client.state["resources"] == {2: Resource("gem", 4, 5)}
            assert client.state["round"] == {ROUND_ID: Round(7)}
            await testing.until(lambda: client.tick > 5, "time goes on")
            assert client.tick == pytest.approx(server.tick, abs=2)
