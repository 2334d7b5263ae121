"""What a client knows, as the screen wants it: the scene, the corner, the net graph, why nothing comes."""

from collections.abc import Mapping
from typing import Any

from websockets.frames import CloseCode

import netlib
from workshop.game.drawing.hud import Status
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.view import Scene
from workshop.game.play.controls import Controls
from workshop.game.play.opening import no_game
from workshop.game.rules.entities import ROUND_ID, Player, Round
from workshop.game.rules.maps import Point
from workshop.game.rules.messages import Move

CUT = "The connection was cut."
MOST_ENTITIES = 2000  # players, or resources, that are drawn; a class has hundreds
MAX_AGE = 1.0  # seconds that the clock of the round goes on without news


def reading(client: netlib.Client, controls: Controls, **measured: Any) -> Reading:
    """The network as this client sees it now; ``measured`` are fields that only the game knows."""
    now, metrics, room = netlib.clock(), client.metrics, client.room_state
    known = {
        "rtt": metrics.rtt,
        "jitter": metrics.jitter,
        "snapshots_per_second": metrics.snapshots.per_second(now),
        "bytes_per_second_in": metrics.bytes_in.per_second(now),
        "bytes_per_second_out": metrics.bytes_out.per_second(now),
        "prediction_on": controls.prediction,
        "interpolation_on": controls.interpolation,
        "conditions": client.link,
        "server_conditions": netlib.LinkConditions(room.latency, room.jitter, room.loss),
    }
    return Reading(now, **(known | measured))


def measured(me: netlib.Predictor[Player, Move], others: netlib.InterpolationBuffer) -> dict[str, Any]:
    """What netlib's prediction and interpolation know of the network."""
    return {
        "prediction_error": me.prediction_error,
        "corrections": me.corrections,
        "verdict": me.verdict.kind,
        "worst_field": me.verdict.field,
        "interpolation_delay": others.interpolation_delay,
    }


def scene_of(client: netlib.Client, players: Mapping[int, Player], *, focus: Point, received: float) -> Scene:
    """What is to be seen now: these players, and of all else the newest.

    A player who presses at a resource must know whether it is still there.

    Args:
        focus: where a spectator looks.
        received: when the newest state came, in seconds of `netlib.clock`.

    Raises:
        netlib.NotOurServer: the room has taken the round away, or has more than a window can draw.
    """
    if ROUND_ID not in client.state["round"]:
        raise no_game(client, "its round is gone")
    if max(map(len, client.state.values())) > MOST_ENTITIES:
        raise no_game(client, f"there are more than {MOST_ENTITIES} players or resources")
    state, passed = client.state, min(netlib.clock() - received, MAX_AGE)
    tick = client.tick + passed * client.tick_rate
    round: Round = state["round"][ROUND_ID]
    return Scene(players, state["resources"], round, client.player_id, focus, tick, client.tick_rate)


def status(client: netlib.Client, rtt: float | None, fps: float) -> Status:
    """What the corner says; ``rtt`` in seconds."""
    return Status(client.room, rtt, fps, "" if client.link.perfect else str(client.link))


def wait_of(trying: netlib.Reconnecting) -> float:
    """Seconds until the next try."""
    return max(0.0, trying.next_try - netlib.clock())


def why_lost(lost: netlib.Interrupted, trying: netlib.Reconnecting) -> str:
    """Why there is no connection, in words for the player."""
    if lost.code == CloseCode.GOING_AWAY:
        return f"The room has closed{f' ({lost.reason})' if lost.reason else ''}; trying again…"
    reason = trying.reason if trying.tries > 1 else lost.reason
    return reason[:1].upper() + reason[1:] or CUT
