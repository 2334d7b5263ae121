"""Which control sets what; the panel lays them out."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from netlib import LinkConditions
from workshop.lab.engine.history import History
from workshop.lab.engine.settings import SNAPSHOT_RATES, TICK_RATES, Settings
from workshop.lab.panel import Panel
from workshop.lab.stories import STORIES
from workshop.lab.widgets import Button, Control, Slider, Toggle

TOGGLES: Final = {
    "prediction": ("Predict", "P", "Your input is applied here at once, before the server knows of it."),
    "reconciliation": ("Reconcile", "R", "Each snapshot puts you where the server has you; your newer inputs follow."),
    "smoothing": ("Smooth", "M", "A correction fades in; without it you jump."),
    "interpolation": ("Interpolate", "I", "Others are drawn a little in the past, between two snapshots."),
    "extrapolation": ("Extrapolate", "E", "When no snapshot comes, others run on for a tenth of a second."),
    "lag_compensation": ("Lag comp.", "L", "The server judges your shot by what you saw, not by how it is now."),
}  # fmt: skip
SLIDERS: Final = (
    ("Latency", "ms", range(0, 1001, 10), "Added to the round trip, half each way."),
    ("Jitter", "ms", range(0, 201, 5), "By how much each way varies, up and down."),
    ("Loss", "%", range(21), "Lost once, a message comes a round trip later, and all behind it waits."),
    ("Tick rate", "Hz", TICK_RATES, "How often the server moves the world; another one is another server."),
    ("Snapshots", "Hz", SNAPSHOT_RATES, "How often the server tells what has changed; no more than ticks."),
)


class Controls:
    """All controls, and the settings that they stand for.

    Args:
        history: what Pause and its neighbours play.
        bump: pushes the driven player.
        more: what Tab reaches, too, and the caller draws.

    Attributes:
        bot: whether a bot drives.
        stories: buttons that the caller draws.
        chosen: the number of the chosen story; None for none.
    """

    def __init__(
        self, settings: Settings, history: History, bump: Callable[[], object], more: Sequence[Control] = ()
    ) -> None:
        self.settings, self.chosen = settings, None
        self._sliders = [Slider(name, unit, steps, 0, about) for name, unit, steps, about in SLIDERS]
        self._toggles = {
            name: Toggle(label, key, True, about) for name, (label, key, about) in TOGGLES.items()
        }
        self.bot = Toggle("Bot drives", "K", True, "A bot drives you; a movement key takes over.")
        self.stories = [Button(story.name.split()[0], str(at)) for at, story in enumerate(STORIES, 1)]
        self._does: dict[Button, Callable[[], object]] = {
            Button("Pause", "Space", "Look at one moment of the recording; the game runs on."): lambda: (
                history.play(0.0 if history.speed else 1.0)
            ),
            Button("Back", "C", "One frame back in the recording."): lambda: history.step(-1),
            Button("Frame", "N", "One frame further."): lambda: history.step(1),
            Button("Snapshot", "X", "On to the next snapshot."): lambda: history.step(1, snapshots=True),
            Button("¼ speed", "F", "The recording from here on, four times slower."): lambda: history.play(
                0.25
            ),
            Button("1/10 speed", "T", "Ten times slower."): lambda: history.play(0.1),
            Button("Live", "G", "Back to what happens now."): lambda: history.play(1.0),
            Button(
                "Bump me", "B", "The server pushes you, as it does now and then: no client can foresee it."
            ): bump,
        }
        rows = self._sliders, [*self._toggles.values(), self.bot], list(self._does)
        self.panel = Panel(rows, also=[*self.stories, *more])
        self.set(settings)

    def set(self, settings: Settings) -> None:
        """Show these settings."""
        self.settings, link = settings, settings.link
        values = (
            link.latency * 1000,
            link.jitter * 1000,
            link.loss * 100,
            settings.tick_rate,
            settings.snapshot_rate,
        )
        for slider, value in zip(self._sliders, values, strict=True):
            slider.value = value
        for name, toggle in self._toggles.items():
            toggle.on = getattr(settings, name)

    def take(self, control: Control) -> None:
        """A control was changed or pressed."""
        if isinstance(control, Button) and (does := self._does.get(control)):
            does()
        elif control in self.stories:
            self.tell(self.stories.index(control))
        else:
            self._read()

    def tell(self, story: int) -> None:
        """Choose a story, and its link."""
        self.chosen = story
        self.set(replace(self.settings, link=STORIES[story].link))

    def _read(self) -> None:
        """Take the settings from the controls; there are no more snapshots than ticks."""
        latency, jitter, loss, ticks, snapshots = (slider.value for slider in self._sliders)
        link = LinkConditions(latency / 1000, jitter / 1000, loss / 100)
        self.chosen = self.chosen if link == self.settings.link else None
        on = {name: toggle.on for name, toggle in self._toggles.items()}
        self.set(Settings(link, ticks, min(ticks, snapshots), **on))
