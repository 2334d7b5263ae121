"""Notices that this machine cannot keep up, before the figures are about the machine."""

FPS = 60.0  # frames per second that the lab asks for at first
WATCH = 2.0  # seconds between two verdicts
LATE = 0.75  # share of the frames, or of the ticks, below which a rate is lowered
LEAST_FPS = 15.0


class Pace:
    """Counts frames and ticks, and says what should be lowered.

    Attributes:
        fps: frames per second that are asked for now.
        trouble: what was lowered, in words; empty while all is well.
    """

    def __init__(self) -> None:
        self.fps, self.trouble = FPS, ""
        self.restart()

    def restart(self) -> None:
        """Count anew: what was before tells nothing of what is now."""
        self._frames, self._time, self._skipped = 0, 0.0, 0

    def frame(self, dt: float, skipped: int, tick_rate: float) -> bool:
        """Count a frame, ``dt`` seconds after the last one. Returns whether the tick rate must be lower.

        Args:
            skipped: ticks that the server has skipped so far.
        """
        self._frames, self._time = self._frames + 1, self._time + dt
        if self._time < WATCH:
            return False
        frames, lost = self._frames / self._time, (skipped - self._skipped) / self._time
        self._frames, self._time, self._skipped = 0, 0.0, skipped
        if frames < LATE * self.fps and self.fps > LEAST_FPS:
            self.fps /= 2
            self.trouble = f"This machine is too slow: {self.fps:.0f} frames a second from now on"
            return False
        return lost > (1 - LATE) * tick_rate
