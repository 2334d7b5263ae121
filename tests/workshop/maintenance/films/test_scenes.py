"""The films on the slides are what the game does today, each is small, and each is shown."""

import itertools
from pathlib import Path

import msgspec
import pytest

from netlib import testing
from workshop.commands.dev import films
from workshop.maintenance.films.scenes import SCENES
from workshop.maintenance.films.shot import Film
from workshop.slides.build import SLIDES

MOST = 50_000  # bytes of a film
FOLDER = SLIDES / "films"
MOVING = ("04", "06", "07", "09", "10", "11", "12")  # steps whose decks have a film


@pytest.mark.parametrize("name", SCENES)
def test_a_film_is_what_the_game_does(name: str) -> None:
    """Played again, a scene gives the film that is shown, position by position."""
    data = (FOLDER / f"{name}.json").read_bytes()
    assert len(data) < MOST
    shown = msgspec.json.decode(data, type=Film)
    assert shown == testing.run(SCENES[name]()), "`workshop dev films` makes them anew"
    assert all(len(track) == 2 * shown.frames for lane in shown.lanes for track in lane.tracks.values())


def test_the_command_makes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`workshop dev films` writes each film, to the byte as it is shown."""
    monkeypatch.setattr(films, "SLIDES", tmp_path)
    (tmp_path / "films").mkdir()
    films.command.main([], standalone_mode=False)
    made = {file.name: file.read_bytes() for file in (tmp_path / "films").iterdir()}
    assert made == {file.name: file.read_bytes() for file in FOLDER.iterdir()}


def test_each_film_is_shown() -> None:
    """There is no film without a scene, and each is on a slide of its step."""
    assert {file.stem for file in FOLDER.iterdir()} == SCENES.keys()
    for step, name in zip(MOVING, SCENES, strict=True):
        (deck,) = SLIDES.glob(f"step{step}_*.md")
        assert f"(films/{name}.json)" in deck.read_text(encoding="utf-8")


def lane_of(name: str, place: int, look: str) -> list[int]:
    """Where somebody is drawn from left to right, frame by frame."""
    film = msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=Film)
    return film.lanes[place].tracks[look][::2]


def steps(xs: list[int]) -> list[int]:
    """By how much somebody moves in each frame."""
    return [after - before for before, after in itertools.pairwise(xs)]


def test_what_the_films_show() -> None:
    """Without the cure somebody leaps, is torn back, stands or is two; with it nobody does."""
    assert max(map(abs, steps(lane_of("stutter", 1, "other")))) > 20
    assert max(map(abs, steps(lane_of("stutter", 2, "other")))) < 8
    start = slice(0, 80)  # the player runs to the right alone
    assert min(steps(lane_of("rubber_band", 1, "player")[start])) < -5
    assert min(steps(lane_of("rubber_band", 2, "player")[start])) >= 0
    assert max(map(abs, steps(lane_of("believed", 0, "player")))) > 400
    assert max(map(abs, steps(lane_of("believed", 1, "player")))) <= 8
    said = msgspec.json.decode((FOLDER / "believed.json").read_bytes(), type=Film).captions[-1][1]
    cheater, other = (int(word) for word in said.split() if word.isdigit())
    assert cheater > 10 * other, "cheating pays where claims are believed, and nowhere else"
    assert len(set(lane_of("frozen", 0, "ring")[230:299])) == 1
    assert lane_of("frozen", 1, "ring") == lane_of("frozen", 1, "mouse")
    assert lane_of("twin", 0, "asleep")[-1] >= 0
    assert lane_of("twin", 1, "asleep")[-1] == -1
