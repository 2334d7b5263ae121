"""Notices that this machine cannot keep up, before the figures are about the machine."""

from netlib.play.timing import MAX_FRAME_TIME

FPS, LEAST_FPS = 60.0, 15.0  # frames per second at first, and at least
WATCH, LATE = 4.0, 0.75  # seconds between two verdicts; share of frames, or ticks, that must come


class Pace:
    """Counts frames and ticks. ``fps`` is how many frames a second to ask for now."""

    def __init__(self) -> None:
        self.fps = FPS
        self.begin()

    def begin(self) -> None:
        """Count anew, as after something that takes long on any machine."""
        self._frames, self._time, self._lost = 0, 0.0, 0.0
        self._skipped: int | None = None

    def frame(self, dt: float, skipped: int, tick_rate: float) -> str:
        """Count a frame. Says "frames" when they are fewer from now on, "ticks" when those are too many.

        A window that is dragged, or a laptop that sleeps, is not slow: ``dt`` is at most `MAX_FRAME_TIME`,
        and of the ticks that were ``skipped`` meanwhile no more than those of that time count.
        """
        new = skipped - (skipped if self._skipped is None else self._skipped)
        self._skipped, self._lost = skipped, self._lost + min(new, MAX_FRAME_TIME * tick_rate)
        self._frames, self._time = self._frames + 1, self._time + dt
        if self._time < WATCH:
            return ""
        frames, lost = self._frames / self._time, self._lost / self._time
        self.begin()
        if frames < LATE * self.fps and self.fps > LEAST_FPS:
            self.fps /= 2
            return "frames"
        return "ticks" if lost > (1 - LATE) * tick_rate else ""
