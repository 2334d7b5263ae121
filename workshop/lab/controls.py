"""Which control sets what."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from netlib import LinkConditions
from workshop.lab.engine.history import History
from workshop.lab.engine.settings import SNAPSHOT_RATES, TICK_RATES, Settings
from workshop.lab.panel import Panel
from workshop.lab.stories import STORIES, Story
from workshop.lab.timeline import Timeline
from workshop.lab.widgets import Button, Control, Slider, Toggle

TOGGLES: Final = {
    "prediction": ("Predict", "P", "Your inputs move you here at once, before the server knows of them."),
    "reconciliation": ("Reconcile", "R", "Snapshots put you right; newer inputs are replayed on top."),
    "smoothing": ("Smooth", "M", "After a correction you glide to the right place; without it you jump."),
    "interpolation": ("Interpolate", "I", "Others are drawn a little in the past, between two snapshots."),
    "extrapolation": ("Extrapolate", "E", "When no snapshot comes, others run on for a tenth of a second."),
    "lag_compensation": (
        "Lag comp.",
        "L",
        "The server judges your shots by what you saw, not by what is now.",
    ),
}
SLIDERS: Final = (
    ("Latency", "ms", range(0, 1001, 10), "Added to the round trip, half each way."),
    ("Jitter", "ms", range(0, 201, 5), "By how much each way is longer or shorter, at most."),
    ("Loss", "%", range(21), "A lost message comes a round trip later, and all behind it waits."),
    ("Tick rate", "Hz", TICK_RATES, "How often the server moves the world. A new rate starts a new server."),
    ("Snapshots", "Hz", SNAPSHOT_RATES, "How often the server says what has changed; at most once a tick."),
)


class Controls:
    """All controls, the settings that they stand for, and the story that was chosen; ``told`` are read."""

    def __init__(
        self, settings: Settings, history: History, bump: Callable[[], object], told: Sequence[Control]
    ) -> None:
        self._sliders = [Slider(name, unit, steps, 0, about) for name, unit, steps, about in SLIDERS]
        self._toggles = {of: Toggle(name, key, True, about) for of, (name, key, about) in TOGGLES.items()}
        self.bot = Toggle("Bot drives", "K", True, "A bot drives you; a key that moves you takes over.")
        self.stories = [
            Button(it.name.split()[0], str(number), it.sentences) for number, it in enumerate(STORIES, 1)
        ]
        self.timeline = Timeline()
        self.story: Story | None = None
        play, step = history.play, history.step
        self._does: dict[Control, Callable[[], object]] = {
            Button("Pause", "Space", "Stop the picture; the game runs on."): lambda: play(not history.speed),
            Button("Back", "C", "One frame back in the recording."): lambda: step(-1),
            Button("Frame", "N", "One frame on."): lambda: step(1),
            Button("Snapshot", "X", "On to the next snapshot."): lambda: step(1, snapshots=True),
            Button("¼ speed", "F", "From here on, four times slower."): lambda: play(0.25),
            Button("1/10 speed", "T", "From here on, ten times slower."): lambda: play(0.1),
            Button("Live", "G", "Back to what happens now."): lambda: play(1.0),
            Button("Bump me", "B", "The server pushes you; no client foresees that."): bump,
        }  # fmt: skip
        rows = self._sliders, [*self._toggles.values(), self.bot], list(self._does)
        self.panel = Panel(rows, also=[*self.stories, *told, self.timeline])
        self.show(settings)

    def show(self, settings: Settings) -> None:
        """Show these settings."""
        self.settings, link = settings, settings.link
        values = [link.latency * 1000, link.jitter * 1000, link.loss * 100]
        values += [settings.tick_rate, settings.snapshot_rate]
        for slider, value in zip(self._sliders, values, strict=True):
            slider.value = value
        for name, toggle in self._toggles.items():
            toggle.on = getattr(settings, name)

    def take(self, control: Control | None) -> None:
        """A control was changed, or pressed; or none was."""
        if control in self._does:
            self._does[control]()
        elif control in self.stories:
            self.tell(self.stories.index(control))
        elif control is not None:
            self._read()

    def tell(self, number: int) -> None:
        """Choose a story, and its network."""
        self.story = story = STORIES[number]
        self.show(replace(self.settings, link=story.link))

    def _read(self) -> None:
        """Take the settings from the controls."""
        latency, jitter, loss, ticks, snapshots = (slider.value for slider in self._sliders)
        link = LinkConditions(latency / 1000, jitter / 1000, loss / 100)
        on = {name: bool(toggle.on) for name, toggle in self._toggles.items()}
        self.story = self.story if link == self.settings.link else None
        self.show(Settings(link, ticks, min(ticks, snapshots), **on))
