"""Tic-tac-toe on many tables."""

from typing import Any

import pygame

import netlib
from examples.running import Options, frames, run
from examples.tables import bots
from examples.tables.rules import SCHEMA, Choose, Table, winning_line
from examples.tables.server import make_server
from netlib.rooms import Join, Listing, list_rooms

FPS, PAPER, INK, BUTTON, LIT = 30, "#fdf8ec", "#2b2b3a", "#e6ddc6", "#ffd166"
HINT = "1-9 or a click: your mark, or your secret number for another game. Esc leaves."


class Window:
    """Shows a screen, made anew for each frame. ``wish`` is what the button stands for that was pressed."""

    def __init__(self) -> None:
        self.screen, self.frames = pygame.display.set_mode((800, 600)), frames(FPS)

    async def frame(self) -> None:
        """Let the player see what was drawn, and begin anew; StopAsyncIteration once the window is closed."""
        _, self.events = await anext(self.frames)
        self.wish: Any = None
        self.typed = "".join(event.unicode for event in self.events if event.type == pygame.KEYDOWN)
        self.screen.fill(PAPER)

    def show(self, words: str, area: Any, wish: Any = None, key: str = "-", lit: bool = False) -> None:
        """Write something. With a wish it is a button, which a click or a key presses."""
        box = pygame.draw.rect(self.screen, LIT if lit else BUTTON if wish else PAPER, area, border_radius=8)
        picture = pygame.font.Font(None, box.height * 2 // 3).render(words, True, INK)
        picture = pygame.transform.smoothscale_by(picture, min(1, box.width / max(1, picture.width)))
        self.screen.blit(picture, picture.get_rect(center=box.center))
        clicks = [event.pos for event in self.events if event.type == pygame.MOUSEBUTTONDOWN]
        self.wish = wish if key in self.typed or any(map(box.collidepoint, clicks)) else self.wish


async def play(url: str, options: Options) -> None:
    """Go from the lobby to a table and back, until the window is closed."""
    ui, note = Window(), f"Tic-tac-toe: welcome, {options.name}!"
    while True:
        try:
            to = await lobby(ui, url, note)
            async with netlib.connect(
                url, join=to, spectator=bool(to.id), schema=SCHEMA, **options.connection
            ) as it:
                note = await at_table(ui, it)
        except netlib.NetlibError as error:
            note = str(error)
        except StopAsyncIteration:  # the window is closed
            return


async def lobby(ui: Window, url: str, note: str) -> Join:
    """Let the player choose a table."""
    code, tables, due = "", list[Listing](), netlib.clock() + 0.2
    while True:
        await ui.frame()
        tables, due = (await list_rooms(url), netlib.clock() + 1.0) if netlib.clock() > due else (tables, due)
        code = (code + "".join(filter(str.isalnum, ui.typed))).upper()[-5:]
        ui.show(note, (0, 60, 800, 36))
        ui.show("Play with anybody", (60, 140, 330, 60), Join("table"))
        ui.show("Open a private table", (410, 140, 330, 60), Join("table", private=True))
        ui.show(f"Type a friend's code: {code or '…'}", (60, 220, 680, 60), Join(code=code), "\r")
        for row, it in enumerate(tables[:5]):
            ui.show(f"Watch {it.metadata.get('names', '…')}", (60, 310 + 55 * row, 680, 45), Join(id=it.id))
        if isinstance(ui.wish, Join):
            return ui.wish


async def at_table(ui: Window, client: netlib.Client[Any]) -> str:
    """Play or watch at a table, until the player leaves it. Returns what the lobby says then."""
    while not isinstance(ui.wish, str):
        await ui.frame()
        table = client.state["table"].get(1, Table())
        lit = [it.number - 1 for it in client.state["secrets"].values()] or winning_line(table.marks)
        ui.show(f"Table {client.room_code}", (0, 20, 800, 80))
        ui.show(table.score, (0, 100, 800, 45))
        ui.show(table.news, (200, 150, 400, 42), lit=table.turn == client.player_id)
        for cell, mark in enumerate(table.marks):
            area = 245 + cell % 3 * 105, 210 + cell // 3 * 105, 100, 100
            ui.show(mark, area, Choose(cell), str(cell + 1), cell in lit)
        ui.show(HINT if client.connected else "The connection is lost: coming back …", (0, 540, 800, 36))
        ui.show("Leave", (660, 20, 120, 45), "You have left the table.", "\x1b")
        ui.wish = next((it.reason for it in client.poll() if isinstance(it, netlib.Disconnected)), ui.wish)
        if isinstance(ui.wish, Choose):
            client.send(ui.wish)
    return ui.wish


if __name__ == "__main__":
    run(__package__, __doc__, make_server, play, bots.play)
