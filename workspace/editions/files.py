"""Putting the files of an edition into a folder."""

from collections.abc import Mapping
from pathlib import Path


def write_files(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write every file and return the paths; each stands whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        unfinished, path = folder / f".{name}.part", folder / name
        unfinished.write_bytes(content)
        unfinished.replace(path)
        written.append(path)
    return written
