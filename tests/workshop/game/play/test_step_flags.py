"""A step's own flags."""

import pytest

from workshop.game.play.step_flags import with_seconds


def test_further_flags_stand_beside_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step's own times are parsed, and all other words are left to the usual flags."""
    monkeypatch.setattr("sys.argv", ["server", "--port", "7", "--longest-pause", "2.5"])
    found = with_seconds(lambda words: {"words": list(words)}, first_pause=0.5, longest_pause=8.0)
    assert found == {"words": ["--port", "7"], "first_pause": 0.5, "longest_pause": 2.5}
