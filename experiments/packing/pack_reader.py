"""A pack of unknown origin, read into memory: only what a repeat needs, within bounds, and no name that leads out.

Nothing is unpacked by the archive's own names: of thousands of members the few that are wanted are read, each to a
limit that does not trust the size it states.
"""

from __future__ import annotations

import json
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.inputs.validators import SettingError, shown

WANTED = re.compile(r"recipe\.json|provenance\.json|summary\.json|inputs/.+|tables/[^/]+\.csv")
MOST_FILES = 10_000
LARGEST_FILE = 200_000_000  # bytes, unpacked
LARGEST_PACK = 1_000_000_000
LONGEST_NAME = 200
DEEPEST = 8
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names that Windows takes for devices


def read_pack(path: Path) -> dict[str, bytes]:
    """The files of WANTED in a pack, which is a zip or a folder, by name. Raises SettingError, OSError."""
    if path.is_dir():
        found = _from_folder(path)
    elif path.is_file():
        found = _from_zip(path)
    else:
        raise SettingError(f"{path.name}: no such pack; a zip or a folder that experiments.pack wrote expected")
    for name in ("recipe.json", "provenance.json"):
        if name not in found:
            raise SettingError(f"{path.name}, {name}: missing; a pack that experiments.pack wrote expected")
    return found


def json_of(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """A JSON object of a pack. Raises SettingError."""
    try:
        value = json.loads(files[name])
    except (ValueError, RecursionError):
        raise SettingError(f"{name}: not JSON, a pack that experiments.pack wrote expected") from None
    if not isinstance(value, dict):
        raise SettingError(f"{name}: {shown(value)} given, keys with values expected")
    return value


def check_names(names: Iterable[str]) -> None:
    """Raise SettingError for a name that leads out of its folder, means something else elsewhere, or stands twice."""
    seen: set[str] = set()
    for name in names:
        parts = name.removesuffix("/").split("/")
        bad = len(name) > LONGEST_NAME or len(parts) > DEEPEST or any(_is_bad(part) for part in parts)
        if bad or name.lower() in seen:
            raise SettingError(f"{shown(name)} in the pack: plain names of files below it expected, each once")
        seen.add(name.lower())


def _is_bad(part: str) -> bool:
    return (
        not part.strip(". ")
        or part != part.rstrip(". ")
        or any(letter in '\\:*?"<>|' or not letter.isprintable() for letter in part)
        or _DEVICES.fullmatch(part) is not None
    )


def _from_zip(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_FILES:
                raise SettingError(f"{path.name}: {len(members)} files, at most {MOST_FILES} expected")
            check_names(member.filename for member in members)
            found: dict[str, bytes] = {}
            left = LARGEST_PACK
            for member in members:
                kind = stat.S_IFMT(member.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise SettingError(f"{path.name}, {member.filename}: a link or a device, plain files expected")
                if not member.is_dir() and WANTED.fullmatch(member.filename):
                    with archive.open(member) as file:
                        found[member.filename] = _bounded(file, member.filename, left)
                    left -= len(found[member.filename])
            return found
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, SettingError):
            raise
        raise SettingError(f"{path.name}: cannot be read as a zip ({' '.join(str(error).split())[:80]})") from None


def _from_folder(folder: Path) -> dict[str, bytes]:
    names: list[str] = []
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            one = Path(above, name)
            if one.is_symlink() or not (one.is_dir() or one.is_file()):
                raise SettingError(f"{folder.name}, {name}: a link or a device, plain files expected")
        names += [Path(above, name).relative_to(folder).as_posix() for name in files]
        if len(names) > MOST_FILES:
            raise SettingError(f"{folder.name}: more than {MOST_FILES} files, a pack expected")
    wanted = [name for name in names if WANTED.fullmatch(name)]
    check_names(wanted)
    found: dict[str, bytes] = {}
    left = LARGEST_PACK
    for name in sorted(wanted):
        with open(folder / name, "rb") as file:
            found[name] = _bounded(file, name, left)
        left -= len(found[name])
    return found


def _bounded(file: Any, name: str, left: int) -> bytes:
    most = min(LARGEST_FILE, left)
    content = file.read(most + 1)
    if len(content) > most:
        raise SettingError(
            f"{name} in the pack: too large, at most {LARGEST_FILE // 10**6} MB a file and {LARGEST_PACK // 10**6} MB "
            "in all expected"
        )
    return content
