"""Values as they were given, before a key says what they mean: text, paths, mappings and dotted keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.validators import SettingError

ORIGIN = "command line"


def check_text(value: object, place: str, key: str = "") -> None:
    """Raise SettingError for text that cannot be written down again, wherever in `value` it stands.

    That is half of a pair of UTF-16 alone: written as an escape, or what Python makes of the name of a file whose
    bytes are no UTF-8.
    """
    if isinstance(value, Mapping):
        for name, inner in value.items():
            check_text(str(name), place, key)
            check_text(inner, place, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            check_text(inner, place, key)
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            where = f"{place}, {key}" if key else place
            raise SettingError(f"{where}: {value!a} given, text or a file name in UTF-8 expected") from None


def path_of(given: str, key: str, origin: str = ORIGIN) -> Path:
    """A path that was given, `~` spelled out. Raises SettingError."""
    try:
        path = Path(given).expanduser()
    except RuntimeError:  # nobody of that name, or no home
        raise SettingError(f"{origin}, {key}: {given} given, whose ~ names no home folder; a path expected") from None
    try:
        path.resolve()
    except RuntimeError:
        raise SettingError(f"{origin}, {key}: {given} given, a link that leads to itself; a path expected") from None
    except (OSError, ValueError):  # whoever opens it says what is wrong with it
        pass
    return path


class Whole(dict):
    """A mapping that was given as one value, as in measures={one_window: 1}: it takes the place of an earlier one."""


def _mark_whole(value: object) -> object:
    """A value with every mapping in it marked as given whole."""
    return Whole({key: _mark_whole(inner) for key, inner in value.items()}) if isinstance(value, Mapping) else value


def nest(values: Mapping[str, object]) -> dict[str, object]:
    """Unfold dotted keys: {"measures.one_window": 1} -> {"measures": {"one_window": 1}}; mappings given are `Whole`."""
    result: dict[str, object] = {}
    for key, value in values.items():
        parts = key.split(".")
        place = result
        for part in parts[:-1]:
            step = place.setdefault(part, {})
            if not isinstance(step, dict):
                raise SettingError(f"{ORIGIN}, {key}: given beside a value of {part}, one of them expected")
            place = step
        if parts[-1] in place:
            raise SettingError(f"{ORIGIN}, {key}: given as a whole and in part, one of them expected")
        place[parts[-1]] = _mark_whole(value)
    return result


@dataclass(frozen=True, slots=True)
class Source:
    """What the command line and the experiment file (its name in errors: origin) say, over configs/config.yaml."""

    line: Mapping[str, Any]
    file: Mapping[str, Any]
    config: Mapping[str, Any]
    origin: str

    def choose(self, key: str, default: object) -> tuple[Any, str]:
        """A key's value and where it comes from: command line, experiment file, config.yaml."""
        places = ((self.line, ORIGIN), (self.file, self.origin), (self.config, "configs/config.yaml"))
        return next(((given[key], place) for given, place in places if key in given), (default, places[-1][1]))

    def place(self, *key: str) -> str:
        """Where a key inside ranking was given."""
        found: Any = self.line.get("ranking")
        for part in key:
            found = found.get(part) if isinstance(found, Mapping) else None
        return self.origin if found is None else ORIGIN
