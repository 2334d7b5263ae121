"""Wheels that hold nothing, for tests that fetch: pip takes them from a folder, and asks no network."""

import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}"


def a_wheel(
    folder: Path, name: str, version: str = "1.0", *, requires: Sequence[str] = (), tag: str = "py3-none-any"
) -> Path:
    """Write a wheel of that name into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    file = folder / f"{stem}-{tag}.whl"
    needs = "".join(f"Requires-Dist: {text}\n" for text in requires)
    with zipfile.ZipFile(file, "w") as archive:
        info = f"{stem}.dist-info"
        archive.writestr(f"{info}/METADATA", METADATA.format(name=name, version=version, requires=needs))
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    return file


def from_nowhere() -> Mapping[str, str]:
    """The environment in which pip asks a port of this machine where nobody listens."""
    return {
        **only_from(Path()),
        "PIP_NO_INDEX": "",
        "PIP_FIND_LINKS": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9",
    }


def only_from(folder: Path) -> Mapping[str, str]:
    """The environment in which pip knows that folder and nothing else."""
    return {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "PIP_INDEX_URL": "",
        "PIP_EXTRA_INDEX_URL": "",
    }
