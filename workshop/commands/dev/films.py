"""`workshop dev films`: the films on the slides, played anew."""

import click
import msgspec

from netlib import testing
from workshop.course.progress_file import need_checkout
from workshop.slides.build import SLIDES
from workshop.terminal import console


@click.command()
def command() -> None:
    """Play the scenes of the films anew, in a network in memory, and write them to slides/films."""
    need_checkout()
    from workshop.maintenance.films.scenes import SCENES  # late: only a checkout has the solutions that play

    for name, scene in SCENES.items():
        film = msgspec.json.encode(testing.run(scene())) + b"\n"
        (SLIDES / "films" / f"{name}.json").write_bytes(film)
        console.ok(f"slides/films/{name}.json has {len(film) / 1000:.0f} kB.")
