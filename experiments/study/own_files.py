"""What an experiment file in any folder may use from beside it: tables of villages and measures."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sim.inputs.measures import MEASURES


def beside(file: Mapping[str, Any], line: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The experiment with its own paths from its folder, and the measures that are used and have a file there.

    A relative path (town.table, measures_dir) is looked for beside the file first, then in the working folder. A
    measure that the toolkit lacks is looked for as <id>.yaml beside the file and in `measures` below that.
    """
    found = _rebased(file, folder)
    settings = found.get("settings")
    if isinstance(settings, Mapping):
        found["settings"] = {
            name: _rebased(own, folder) if isinstance(own, Mapping) else own for name, own in settings.items()
        }
    given = found.get("own_measures") or {}
    if not isinstance(given, Mapping):
        return found
    files: dict[str, Path] = {}
    for id in sorted({*_used(found), *_used(line)} - {*MEASURES, *given}):
        places = [folder / f"{id}.yaml", folder / "measures" / f"{id}.yaml"] if id.isidentifier() else []
        existing = [path for path in places if path.is_file()]
        if existing:
            files[id] = existing[0]
    return {**found, "own_measures": {**files, **given}} if files else found


def _used(source: Mapping[str, Any]) -> set[str]:
    """Ids of the measures that a study's source speaks of."""
    settings = source.get("settings")
    each = [source, *(settings.values() if isinstance(settings, Mapping) else ())]
    uses = [one.get("measures") for one in each if isinstance(one, Mapping)]
    return {str(id) for one in uses if isinstance(one, Mapping) for id in one}


def _rebased(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A setting's keys with paths that exist below `folder` spelled out."""

    def spelled(value: Any, exists: Callable[[Path], bool]) -> Any:
        if isinstance(value, list):
            return [spelled(one, exists) for one in value]
        if isinstance(value, str) and "\0" not in value and exists(folder / value):
            return str(folder / value)
        return value

    found = dict(given)
    for key, exists in (("town_table", os.path.isfile), ("measures_dir", os.path.isdir)):
        if key in found:
            found[key] = spelled(found[key], exists)
    town = found.get("town")
    if isinstance(town, Mapping) and "table" in town:
        found["town"] = {**town, "table": spelled(town["table"], os.path.isfile)}
    return found
