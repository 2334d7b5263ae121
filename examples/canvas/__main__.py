"""A shared drawing board for many: its window shows the board, and everybody's brushes."""

import io
from contextlib import suppress
from pathlib import Path

import pygame

import netlib
from examples.canvas.rules import COLOURS, POINTS, SIZE, Board, Draw, Hover, Mark, is_picture, pack, unpack
from examples.canvas.server import make_server
from examples.running import Options, frames, run

WINDOW, PAINTING = (960, 640), 0.008  # pixels; seconds of a frame in which marks are painted
KEYS = "1-8 colour   Q W width   Z undo   X clear (the host)   right mouse: pan   drop a PNG of up to 4 MB"
SCHEMA, COMMANDS = {"marks": Mark, "brushes": Mark}, {"z": "undo", "x": "clear"}
WIDER, COLOUR_KEYS = {"q": -2, "w": 2}, {str(number + 1): number for number in range(len(COLOURS))}


def ink(paper: pygame.Surface, mark: Mark) -> pygame.Rect:
    """Paint a mark. Returns where."""
    points, colour, width = unpack(mark.points), COLOURS[mark.colour], mark.width
    if mark.png:
        with suppress(pygame.error):  # of a broken file only a corner is seen
            return paper.blit(pygame.image.load(io.BytesIO(mark.png), ".png"), points[0])
    for point in points:
        pygame.draw.circle(paper, colour, point, width * 0.4)
    return pygame.draw.lines(paper, colour, False, [*points, points[-1]], width).inflate(width, width)


class Window:
    """A painter's window. What one draws is painted at once, before the server says it."""

    def __init__(self, client: netlib.Client) -> None:
        self.client, self.screen = client, pygame.display.set_mode(WINDOW)
        self.font, self.view = pygame.font.SysFont("sans", 15), self.screen.get_rect()
        self.paper, self.painted = pygame.Surface(SIZE), dict[int, tuple[Mark, pygame.Rect]]()
        self.number, self.colour, self.width, self.points = 0, 0, 6, list[tuple[int, int]]()

    def brush(self, pixels: list[tuple[int, int]], png: bytes = b"") -> Mark:
        """What would be drawn at some pixels of the window."""
        return Mark(self.number, self.colour, self.width, pack(pixels, self.view.topleft), png)

    def handle(self, event: pygame.Event) -> None:
        """Do what the painter's hand does."""
        if event.type != pygame.MOUSEMOTION:
            self.draw()  # first what was drawn before: undo must not come before the end of a stroke
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.number, self.points = self.number + 1, [event.pos, event.pos]
        elif event.type == pygame.MOUSEMOTION and event.buttons[0] and self.points:
            self.points.append(event.pos)
        elif event.type == pygame.MOUSEMOTION and event.buttons[2]:
            self.view = self.view.move(-event.rel[0], -event.rel[1]).clamp(self.paper.get_rect())
        elif event.type == pygame.KEYDOWN and event.unicode in COMMANDS:
            self.client.send(COMMANDS[event.unicode])
        elif event.type == pygame.KEYDOWN:
            self.colour = COLOUR_KEYS.get(event.unicode, self.colour)
            self.width = max(2, min(40, self.width + WIDER.get(event.unicode, 0)))
        elif event.type == pygame.DROPFILE and is_picture(png := Path(event.file).read_bytes()):
            self.number += 1
            self.client.send(Draw(self.brush([pygame.mouse.get_pos()], png)))

    def draw(self) -> None:
        """Send what was drawn since the last frame, and paint it at once."""
        now, self.points = self.points[:POINTS], self.points[POINTS - 1 :] or self.points[-1:]
        if len(now) > 1:
            self.client.send(Draw(mark := self.brush(now)))
            ink(self.paper, mark)
        if pygame.mouse.get_rel() != (0, 0):
            self.client.send(Hover(self.brush([pygame.mouse.get_pos()])))

    def paint(self, marks: dict[int, Mark]) -> None:
        """Paint again where something was taken back; then, for some time, what is new."""
        for id in self.painted.keys() - marks.keys():
            area = self.painted.pop(id)[1]
            self.paper.set_clip(area)
            self.paper.fill("black")
            for mark in [mark for mark, box in self.painted.values() if box.colliderect(area)]:
                ink(self.paper, mark)
        self.paper.set_clip(None)
        end = netlib.clock() + PAINTING
        for id, mark in marks.items():
            if (id not in self.painted or self.painted[id][0] is not mark) and netlib.clock() < end:
                self.painted[id] = mark, ink(self.paper, mark)

    def show(self) -> None:
        """Draw a frame."""
        state, lost = self.client.state, "" if self.client.connected else "The connection is lost."
        self.paint(state["marks"])
        self.screen.blit(self.paper, (0, 0), self.view)
        for id, brush in state["brushes"].items():
            place = pygame.Vector2(unpack(brush.points)[0]) - self.view.topleft
            pygame.draw.circle(self.screen, COLOURS[brush.colour], place, brush.width / 2 + 2, 1)
            self.screen.blit(self.font.render(state["names"].get(str(id)), True, "white", "#333344"), place)
        words = lost or str(state.get("said") or KEYS)
        self.screen.blit(self.font.render(words, True, "white", "#333344"), (10, WINDOW[1] - 28))


async def play(url: str, flags: Options) -> None:
    """Paint in a window until it is closed."""
    async with netlib.connect(
        url, schema=SCHEMA, messages=COMMANDS.values(), codec=netlib.MSGPACK, **flags.connection
    ) as client:
        window = Window(client)
        async for _, events in frames(60):
            for event in events:
                window.handle(event)
            window.draw()
            window.show()


if __name__ == "__main__":
    run("examples.canvas", __doc__, lambda **place: make_server(Board(), **place), play)
