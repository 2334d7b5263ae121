"""What git knows of a checkout; nothing where git, or a repository, is missing."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

SECONDS = 60.0  # that git may take; a virus scanner slows it down


def said(root: Path, *words: str) -> bytes | None:
    """What git prints; None if it fails or is not installed."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command, none = ["git", *words], subprocess.DEVNULL
    try:
        done = subprocess.run(
            command, cwd=root, env=environ, stdin=none, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def archived(root: Path, commit: str, *paths: str) -> dict[str, bytes]:
    """The files of a commit by their path, or those below some paths; none if git cannot tell."""
    packed = said(root, "archive", "--format=tar", commit, *paths)
    if not packed:
        return {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive if entry.isfile()}
        return {name: file.read() for name, file in files.items() if file}
