"""The starter as it came, whatever somebody has made of it since.

There are two sources. Git, where the checkout has one: the newest commit that touched what attendees do not
edit, so that their own commits are never taken for ours. And a copy that the first command keeps in
`.workshop/pristine`: for a ZIP file, for a machine without git, and for a repository that somebody began
over their own work.
"""

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import msgspec

from workshop.course import stage_files
from workshop.course.stage_files import Contents
from workshop.errors import WorkshopError

KEPT, MANIFEST = "pristine", "manifest.json"
NOT_EDITED = ("solutions", "workshop", "netlib")  # folders that an attendee has no reason to commit to
GIT_SECONDS = 20.0  # that git may take; a virus scanner reads along


class NoPristine(WorkshopError):
    """Nobody knows any more what the starter looked like; the text says what to do."""


class Manifest(msgspec.Struct, frozen=True):
    """What was kept.

    Args:
        commit: where git had it from; None when there was no git.
        digests: SHA-256 of each file, by its path below `starter`.
    """

    commit: str | None
    digests: dict[str, str]


def keep_pristine(root: Path, state: Path) -> bool:
    """Keep the starter, unless it is kept already: that costs one look at a file.

    Never in the way: where it cannot be done, nothing happens.

    Args:
        root: the checkout.
        state: the folder for what we remember.

    Returns:
        Whether it is kept.
    """
    if (state / KEPT / MANIFEST).exists():
        return True
    if not (root / "starter").is_dir():
        return False
    with contextlib.suppress(OSError):
        _keep(root, state)
    return (state / KEPT / MANIFEST).exists()


def _keep(root: Path, state: Path) -> None:
    commit = _commit(root)
    contents = _completed(_starter_of(root, commit) if commit else {}, stage_files.read(root / "starter"))
    digests = {path: _digest(data) for path, data in contents.items()}
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state, prefix=KEPT) as folder:
        whole = Path(folder) / KEPT
        stage_files.write(whole, contents)
        (whole / MANIFEST).write_bytes(msgspec.json.encode(Manifest(commit, digests)))
        _put(whole, state / KEPT)


def _put(whole: Path, place: Path) -> None:
    """Give it its name at once and whole; an unfinished one from elsewhere goes, another's stays."""
    if place.is_dir() and not (place / MANIFEST).exists():
        shutil.rmtree(place)
    if not place.exists():
        whole.rename(place)


def _completed(from_git: Contents, there_now: Contents) -> Contents:
    """What git has, and of the stages that it has not, what lies there."""
    known = {_step(path) for path in from_git}
    return from_git | {path: data for path, data in there_now.items() if _step(path) not in known}


def _step(path: str) -> str:
    return path.partition("/")[0]


def pristine(root: Path, state: Path, step: str) -> Contents:
    """The files of a step's starter as they came, by their path in it.

    Args:
        root: the checkout.
        state: the folder for what we remember.
        step: the step's id.

    Raises:
        NoPristine: neither git nor the copy has them.
    """
    manifest = _manifest(state)
    kept = _kept(state, manifest)
    sources = [kept, {}] if _only_the_copy(root, manifest) else [_from_git(root), kept]
    for source in sources:
        if found := _of_step(source, step):
            return found
    raise NoPristine(
        f"The untouched starter of {step} is not here: this checkout has neither git's history nor an "
        f"intact copy in {state / KEPT}. Get the project once more, and copy starter/{step} from there."
    )


def _only_the_copy(root: Path, manifest: Manifest | None) -> bool:
    """Whether git must not be asked: somebody began its repository after they had begun to work."""
    if manifest is None:
        return False
    return manifest.commit is None or _git(root, "cat-file", "-e", f"{manifest.commit}^{{commit}}") is None


def _of_step(starter: Contents, step: str) -> Contents:
    begin = f"{step}/"
    return {path.removeprefix(begin): data for path, data in starter.items() if path.startswith(begin)}


def _from_git(root: Path) -> Contents:
    commit = _commit(root)
    return _starter_of(root, commit) if commit else {}


def _manifest(state: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((state / KEPT / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, ValueError):
        return None


def _kept(state: Path, manifest: Manifest | None) -> Contents:
    """The files of the copy; those that somebody has changed since are left out."""
    if manifest is None:
        return {}
    try:
        contents = stage_files.read(state / KEPT)
    except OSError:
        return {}
    steps = {
        path.partition("/")[0] for path, digest in manifest.digests.items() if _spoilt(contents, path, digest)
    }
    return {path: data for path, data in contents.items() if path.partition("/")[0] not in steps}


def _spoilt(contents: Contents, path: str, digest: str) -> bool:
    return path not in contents or _digest(contents[path]) != digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _commit(root: Path) -> str | None:
    """The newest commit that is ours; None without git, or when this is no repository of ours."""
    said = _git(root, "log", "-1", "--format=%H", "HEAD", "--", *NOT_EDITED)
    return (said or b"").decode().strip() or None


def _starter_of(root: Path, commit: str) -> Contents:
    archive = _git(root, "archive", "--format=tar", commit, "starter")
    if archive is None:
        return {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = {member.name: tar.extractfile(member) for member in tar if member.isfile()}
        return {name.removeprefix("starter/"): file.read() for name, file in files.items() if file}


def _git(root: Path, *words: str) -> bytes | None:
    """What git says; None when it fails or is not there."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        result = subprocess.run(
            ["git", *words],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None
