"""A fire in the night, the client: Enter to talk, 1 to 4 to wave and more, M to mute, Esc to go.

Run it with ``python -m starter.step05_events.client --name Ada``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pygame

import netlib
from starter.step05_events.messages import MESSAGES, Chat, Emote, Kind, Who
from workshop.game.drawing.campfire import Campfire
from workshop.game.drawing.chat import ChatEntry, ChatLog
from workshop.game.drawing.palette import WARNING, player_colour
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.play.start import start

WORDS: Final[dict[Kind, str]] = {"wave": "Hello!", "laugh": "Ha ha!", "cheer": "Hooray!", "sleep": "Zzz..."}
KEYS: Final = dict(zip((pygame.K_1, pygame.K_2, pygame.K_3, pygame.K_4), WORDS, strict=True))
HELP = "Enter: talk    1: wave    2: laugh    3: cheer    4: sleep    M: "


class Visitor:
    """Somebody at the fire: what the others do is shown, what we do is sent."""

    def __init__(self, client: netlib.Client) -> None:
        self.client, self.fire = client, Campfire()
        self.log, self.entry, self.keyboard = ChatLog(), ChatEntry(), Keyboard()
        self.muted = self.quit = False
        client.on(netlib.ServerError, self.refused)
        client.on(netlib.Disconnected, self.ended)
        # TODO 05.6: nobody hears what the others say and do: listen for Who, Chat and Emote, as for the two
        # events above. And let greet be called with the first Who, and never again.

    def who(self, message: Who) -> None:
        self.fire.names = message.names

    def chat(self, message: Chat) -> None:
        self.log.say(self.fire.name(message.sender), message.text, player_colour(message.sender))

    def emote(self, message: Emote) -> None:
        self.fire.show(message.sender, WORDS[message.kind])

    def greet(self, _: Who) -> None:
        """Wave to those who are here when we come."""
        self.do("wave")

    def refused(self, event: netlib.ServerError) -> None:
        self.log.note(event.message, WARNING)

    def ended(self, event: netlib.Disconnected) -> None:
        self.log.note(f"The connection has ended: {event.reason}", WARNING)

    def mute(self) -> None:
        """Listen to emotes no longer; or, when we do not, again."""
        self.muted = not self.muted
        # TODO 05.7: while we are muted, self.emote must not be called: client.off takes a listener away
        # again. It needs the same function that client.on got. When we are muted no longer, add it again.

    def say(self, text: str) -> None:
        """Say something; the server tells the others, and we show it here."""
        self.client.send(Chat(text))
        self.chat(Chat(text, sender=self.client.player_id))

    def do(self, kind: Kind) -> None:
        """Wave, or something else; it is sent and shown as what is said."""
        self.client.send(Emote(kind))
        self.fire.show(self.client.player_id, WORDS[kind])

    def handle(self, event: pygame.event.Event) -> None:
        """What happened in the window: typing first, then keys."""
        if event.type == pygame.QUIT:
            self.quit = True
        elif self.entry.text is not None:
            if line := self.entry.handle(event):
                self.say(line)
        elif event.type == pygame.KEYDOWN:
            self.press(self.keyboard.take(event))

    def press(self, key: int) -> None:
        if key == pygame.K_RETURN:
            self.entry.text = ""
        elif key == pygame.K_m:
            self.mute()
        elif key in KEYS:
            self.do(KEYS[key])
        self.quit = key == pygame.K_ESCAPE

    async def stay(self, window: Window, seconds: float | None) -> None:
        """Draw frame after frame until the player goes, or the seconds are over."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(60):
            for event in window.events():
                self.handle(event)
            window.set_typing(self.entry.text is not None)
            if self.quit or netlib.clock() > end:
                return
            self.log.pass_time(dt)
            help = HELP + ("unmute" if self.muted else "mute")
            self.fire.draw(window, self.client.player_id, dt, help)
            self.log.draw(window.surface, window.text, self.entry.text, self.entry.composing)
            pygame.display.flip()


async def run(url: str, *, seconds: float | None, screenshot: Path | None, **more: Any) -> int:
    """Visit the fire; ``more`` is for `netlib.Client`. Returns the exit code."""
    client = netlib.Client(url, messages=MESSAGES, **more)
    visitor = Visitor(client)  # it listens before we are in, so that it misses nothing
    async with client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            await visitor.stay(window, seconds)
    return 0


if __name__ == "__main__":
    start(run(**client_options()))
