"""What lies over a recording: the bar below it, with what is worth looking at; a panel with a message."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

import msgspec
import pygame

from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, WARNING, Colour, mixed
from workshop.game.drawing.text import Text

HEIGHT = 146  # this and all lengths below are pixels of a window of 1280×720
INSIDE = 16  # between the panel's border and what is in it
TRACK, TRACK_AT = 6, 40  # height of the line that shows how far it is; how far below the bar's top
LANE, LANES_AT = 6, 52  # the same of the lines with the marks
LONG = 120  # characters that are shown of a long text
WIDTH, ROW, INDENT = 500, 21, 7  # of the panel, of a row in it, of each space of JSON
MOST_PARTS = 9  # that are shown; the cheaper ones together
SHARE = mixed(INK, ACCENT, 0.35)
KEYS = (
    "Space: pause    ← →: 5 s, with Shift a tick    Home, End    ↑ ↓: speed    "
    "C, R, G, T: the next of these, with Shift the one before    M: the message and what it costs",
    "Tab: whom to follow    {flying}: fly    I, O: a stretch begins, ends    "
    "X: save it as a GIF, with Shift as a strip of pictures    Esc: quit",
)
MarkKind: TypeAlias = Literal["correction", "refusal", "gap", "chat"]
LANES: Final[dict[MarkKind, tuple[str, str, Colour]]] = {  # key, what they are called, colour
    "correction": ("C", "corrections", (255, 160, 60)),
    "refusal": ("R", "refusals", WARNING),
    "gap": ("G", "gaps", (150, 180, 255)),
    "chat": ("T", "talk", GOOD),
}


class Mark(msgspec.Struct, frozen=True):
    """What is worth looking at: when, in seconds, and in words."""

    time: float
    kind: MarkKind
    words: str


class Progress(msgspec.Struct, frozen=True):
    """What the bar shows."""

    title: str  # the recording, in words
    time: float  # now, in seconds
    duration: float  # seconds
    speed: float  # seconds of the recording in each second
    paused: bool = False
    news: str = ""  # what has just happened, what is wrong now, or whom the camera follows
    flying: str = "W A S D"  # what is written on the keys that fly
    marks: Sequence[Mark] = ()
    stretch: tuple[float, float] | None = None  # what can be saved, in seconds

    def share(self, time: float) -> float:
        """Where a time lies, from 0 to 1."""
        return min(1.0, time / self.duration) if self.duration else 1.0


def minutes(seconds: float, digits: int = 0) -> str:
    """A time as people read it, such as 1:05, or 1:05.25 with two ``digits``."""
    whole, rest = divmod(int(seconds * 10**digits), 10**digits)
    return f"{whole // 60}:{whole % 60:02}" + (f".{rest:0{digits}}" if digits else "")


def bar_box(surface: pygame.Surface, text: Text) -> pygame.Rect:
    """Where the bar is: at the bottom, as wide as the window."""
    return pygame.Rect(0, surface.height - text.px(HEIGHT), surface.width, text.px(HEIGHT))


def track_box(surface: pygame.Surface, text: Text) -> pygame.Rect:
    """Where the line is that shows how far it is."""
    place = (text.px(INSIDE), bar_box(surface, text).top + text.px(TRACK_AT))
    return pygame.Rect(place, (max(1, surface.width - 2 * place[0]), text.px(TRACK)))


def draw_bar(surface: pygame.Surface, text: Text, progress: Progress) -> None:
    """Draw the bar, on a dark ground."""
    box, track = bar_box(surface, text), track_box(surface, text)
    inside = box.inflate(-2 * text.px(INSIDE), -2 * text.px(10))
    _draw_words(surface, text, progress, inside)
    _draw_track(surface, text, progress, track)
    _draw_marks(surface, text, progress, track, inside.bottom - text.px(20 * len(KEYS) + 4))
    for number, keys in enumerate(KEYS):
        place = (inside.left, inside.bottom - text.px(20) * (len(KEYS) - 1 - number))
        shown = keys.format(flying=progress.flying)
        text.write(surface, shown, 15, FADED, width=inside.width, bottomleft=place)


def _draw_words(surface: pygame.Surface, text: Text, progress: Progress, inside: pygame.Rect) -> None:
    y = inside.top + text.px(10)
    clock = f"{minutes(progress.time, 2 if progress.paused else 0)} / {minutes(progress.duration)}"
    pace, colour = ("paused", ACCENT) if progress.paused else (f"{progress.speed:g}×", PAPER)
    left = text.write(surface, f"{pace}    {clock}", 20, colour, midleft=(inside.left, y))
    start = left.right + text.px(30)
    room, place = inside.right - start, (inside.right, y)
    end = text.write(surface, progress.news, 18, ACCENT, width=room, midright=place).left - text.px(30)
    text.write(surface, progress.title, 18, FADED, width=end - start, center=((start + end) // 2, y))


def _draw_track(surface: pygame.Surface, text: Text, progress: Progress, track: pygame.Rect) -> None:
    if progress.stretch:
        begin, end = (track.left + round(track.width * progress.share(it)) for it in progress.stretch)
        chosen = pygame.Rect(begin, track.top, max(2, end - begin), track.height).inflate(0, text.px(9))
        pygame.draw.rect(surface, PAPER, chosen, 1)
    pygame.draw.rect(surface, FADED, track, 1, border_radius=track.height // 2)
    done = pygame.Rect(track.topleft, (round(track.width * progress.share(progress.time)), track.height))
    pygame.draw.rect(surface, ACCENT, done, border_radius=track.height // 2)
    pygame.draw.circle(surface, ACCENT, done.midright, track.height)


def _draw_marks(
    surface: pygame.Surface, text: Text, progress: Progress, track: pygame.Rect, bottom: int
) -> None:
    """A line for each kind with a tick for each mark; below them what they are, how many, and their keys."""
    x, y = track.left, track.top + text.px(LANES_AT - TRACK_AT)
    for kind, (key, words, colour) in LANES.items():
        places = [round(track.width * progress.share(it.time)) for it in progress.marks if it.kind == kind]
        for place in set(places):
            pygame.draw.rect(surface, colour, (track.left + place - 1, y, 3, max(1, text.px(LANE) - 1)))
        shown, width = colour if places else FADED, max(0, track.right - x)
        label = f"{key}: {words} {len(places)}"
        x = text.write(surface, label, 16, shown, width=width, bottomleft=(x, bottom)).right + text.px(26)
        y += text.px(LANE)


class MessagePage(msgspec.Struct, frozen=True):
    """What the panel shows: words above, the bytes of each part, and in the whole state, and JSON."""

    title: str
    words: str = ""
    costs: Sequence[tuple[str, int, int]] = ()
    lines: Sequence[str] = ()


def panel_box(surface: pygame.Surface, text: Text) -> pygame.Rect:
    """Where the panel is: at the right, above the bar."""
    width = min(text.px(WIDTH), surface.width)
    return pygame.Rect(surface.width - width, 0, width, bar_box(surface, text).top)


def draw_message(surface: pygame.Surface, text: Text, page: MessagePage) -> None:
    """Draw the panel, on a dark ground: as many lines as fit."""
    box, inside, row = panel_box(surface, text), text.px(INSIDE), max(1, text.px(ROW))
    rows, room = [*_rows(page)], max(0, box.height - inside) // row
    if len(rows) > room:
        rows[max(0, room - 1) :] = [(f"… {len(rows) - room + 1} more lines", "", 0.0)] * (room > 0)
    for number, (words, right, share) in enumerate(rows):
        line = pygame.Rect(box.left + inside, inside // 2 + number * row, box.width - 2 * inside, row)
        pygame.draw.rect(surface, SHARE, (*line.topleft, round(line.width * share), row - 2), border_radius=3)
        text.write(surface, right, 16, midright=line.midright)
        line.left += text.px(INDENT) * (len(words) - len(words.lstrip(" ")))
        width = max(0, box.right - line.left - text.px(90 if right else INSIDE))
        colour = PAPER if number else ACCENT
        text.write(surface, words.lstrip(" "), 16, colour, width=width, midleft=line.midleft)


def _rows(page: MessagePage) -> Iterator[tuple[str, str, float]]:
    """The lines of the panel: words, what stands at the right, and the share of it all that is marked."""
    yield page.title, "", 0.0
    yield page.words, "", 0.0
    whole, rest = sum(size for _, size, _ in page.costs), page.costs[MOST_PARTS:]
    cheaper = [(f"{len(rest)} more parts", sum(size for _, size, _ in rest), 0)] if rest else []
    for name, size, full in (*page.costs[:MOST_PARTS], *cheaper):
        yield name, f"{size}{f' of {full:,}' * bool(full)} B", size / whole
    yield from ((line, "", 0.0) for line in ("", *page.lines))
