"""The client without any trick against latency: what stages play whose lesson is another."""

from __future__ import annotations

import netlib
from workshop.game.controls import Controls, held_keys
from workshop.game.opening import first_screen
from workshop.game.telemetry import scene_of, status
from workshop.game.window import Window
from workshop.game.world import something_in_reach

FPS = 60  # frames per second


async def play(window: Window, client: netlib.Client) -> bool:
    """Play until the player quits (True), or until the connection has ended (False).

    Everybody is drawn where the newest snapshot says, oneself included.

    Raises:
        netlib.ConnectionLost: it ended before the game began.
    """
    screen, controls = await first_screen(client), Controls()
    ticks = netlib.Accumulator(1 / client.tick_rate)
    async for dt in netlib.frames(FPS):
        players = client.state["players"]
        for event in client.poll():
            screen.chat.hear(event, players)
        for line in controls.take(window):
            screen.say(line, client, players)
        client.link = controls.conditions(client.link)
        me = players.get(client.player_id)
        for _ in range(ticks.add(dt) if me else 0):
            in_reach = me is not None and something_in_reach(me, client.state["resources"])
            client.send_input(controls.move(held_keys(), in_reach=in_reach))
        scene = scene_of(client, players, focus=screen.view.map.spawns[0], received=netlib.clock())
        screen.show(window, scene, status(client, screen.fps), controls, dt)
        if controls.quit or not client.connected:
            break
    return controls.quit
