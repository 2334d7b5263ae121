"""What pyproject.toml cannot say: a wheel has the finished game inside our own package.

Nothing named `solutions` may lie at the top of somebody's site-packages, yet `workshop play` needs the game.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

GAME = "solutions/step14_public"


class BuildPy(build_py):
    """Puts the game where `workshop.paths` looks for it."""

    def run(self):
        """Begin with an empty folder: setuptools packs what earlier builds have left in it, too."""
        if not self.editable_mode:
            shutil.rmtree(self.build_lib, ignore_errors=True)
            place = Path(self.build_lib, "workshop", "stages", GAME)
            shutil.copytree(GAME, place, ignore=shutil.ignore_patterns("__pycache__"))
        super().run()


setup(cmdclass={"build_py": BuildPy})
