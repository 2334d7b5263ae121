"""The untouched starter, whatever the attendee has made of it since.

There are two sources. One is git, if the checkout has it: the newest commit that touched what attendees do
not edit, so that we never take their own commits for ours. The other is a copy that the first command keeps
in `.workshop/pristine`: for a ZIP file, for a machine without git, and for an attendee who began a repository
after they had begun to work.
"""

import contextlib
import hashlib
import shutil
import tempfile
from pathlib import Path

import msgspec

from workshop import git
from workshop.course import stage_files
from workshop.course.stage_files import Contents
from workshop.errors import WorkshopError

KEPT, MANIFEST = "pristine", "manifest.json"
NOT_EDITED = ("solutions", "workshop", "netlib")  # folders that an attendee has no reason to commit to


class NoPristine(WorkshopError):
    """The untouched starter is lost; the text says what to do."""


class Manifest(msgspec.Struct, frozen=True):
    """What was kept.

    Args:
        commit: the commit that it came from; None without git.
        digests: SHA-256 of each file, by its path below `starter`.
    """

    commit: str | None
    digests: dict[str, str]


def keep_pristine(root: Path, state: Path) -> bool:
    """Keep a copy of the starter, unless there is one: that costs one look at a file.

    If it cannot be kept, nothing happens.

    Args:
        root: the checkout.
        state: the folder for what we remember.

    Returns:
        Whether there is a copy now.
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
    contents = _starter_of(root, commit) if commit else {}
    known = {_step(path) for path in contents}  # stages that git does not have are taken as they are
    there_now = stage_files.read(root / "starter")
    contents |= {path: data for path, data in there_now.items() if _step(path) not in known}
    digests = {path: _digest(data) for path, data in contents.items()}
    state.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=state, prefix=KEPT) as folder:
        whole = Path(folder) / KEPT
        stage_files.write(whole, contents)
        (whole / MANIFEST).write_bytes(msgspec.json.encode(Manifest(commit, digests)))
        _put(whole, state / KEPT)


def _put(whole: Path, place: Path) -> None:
    """Move the finished copy into place at once. An unfinished one there is removed, a finished one stays."""
    if place.is_dir() and not (place / MANIFEST).exists():
        shutil.rmtree(place)
    if not place.exists():
        whole.rename(place)


def _step(path: str) -> str:
    return path.partition("/")[0]


def pristine(root: Path, state: Path, step: str) -> Contents:
    """The untouched files of a step's starter, by their path in it.

    Args:
        root: the checkout.
        state: the folder for what we remember.
        step: the step's id.

    Raises:
        NoPristine: neither git nor the copy has them.
    """
    manifest = _manifest(state)
    kept = _kept(state, manifest)
    commit = None if _only_the_copy(root, manifest) else _commit(root)
    for source in (_starter_of(root, commit) if commit else {}, kept):
        prefix = f"{step}/"
        found = {path.removeprefix(prefix): source[path] for path in source if path.startswith(prefix)}
        if found:
            return found
    raise NoPristine(
        f"The untouched starter of {step} is not here: this checkout has neither git's history nor an "
        f"intact copy in {state / KEPT}. Get the project once more, and copy starter/{step} from there."
    )


def _only_the_copy(root: Path, manifest: Manifest | None) -> bool:
    """Whether not to ask git: the attendee began its repository after they had begun to work."""
    if manifest is None or manifest.commit is None:
        return manifest is not None
    return git.said(root, "cat-file", "-e", f"{manifest.commit}^{{commit}}") is None


def _manifest(state: Path) -> Manifest | None:
    try:
        return msgspec.json.decode((state / KEPT / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, ValueError):
        return None


def _kept(state: Path, manifest: Manifest | None) -> Contents:
    """The files of the copy, except those that were changed since."""
    if manifest is None:
        return {}
    try:
        contents = stage_files.read(state / KEPT)
    except OSError:
        return {}
    now = {path: _digest(data) for path, data in contents.items()}
    spoilt = {_step(path) for path, digest in manifest.digests.items() if now.get(path) != digest}
    return {path: data for path, data in contents.items() if _step(path) not in spoilt}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _commit(root: Path) -> str | None:
    """The newest commit of ours; None without git, or if this is no repository of ours."""
    said = git.said(root, "log", "-1", "--format=%H", "HEAD", "--", *NOT_EDITED)
    return (said or b"").decode().strip() or None


def _starter_of(root: Path, commit: str) -> Contents:
    archive = git.archived(root, commit, "starter")
    return {name.removeprefix("starter/"): data for name, data in archive.items()}
