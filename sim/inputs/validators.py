"""Checks of single values, and their errors.

Whatever is wrong with what a user gave ends in a `SettingError` of one sentence: where it stands, the key, the
value given and what is allowed.
"""

from __future__ import annotations

import difflib
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

MOST_SAID = 20  # further problems of one file that are said


class SettingError(ValueError):
    """Something a user gave cannot be used; the text is one sentence for the screen."""


class Frozen(Mapping):
    """A mapping that cannot change: hashable and picklable; nested mappings are frozen too."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Any, Any]) -> None:
        self._items = {
            key: Frozen(value) if isinstance(value, Mapping) and type(value) is not Frozen else value
            for key, value in items.items()
        }

    def __getitem__(self, key: Any) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


class Problems:
    """What is wrong with one file, gathered so that all of it is said at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(self, check: Callable[..., T], *arguments: Any) -> T | None:
        """What `check` returns; None, and its sentence kept, where it raises a SettingError."""
        try:
            return check(*arguments)
        except SettingError as error:
            self.found.append(str(error))
            return None

    def end(self) -> None:
        """Raise one SettingError with all that was found; the place that they share stands once."""
        if not self.found:
            return
        first, *others = dict.fromkeys(self.found)
        place = first.split(", ")[0]
        rest = [sentence.removeprefix(f"{place}, ") for sentence in others]
        more = [f"{len(rest) - MOST_SAID} more"] if len(rest) > MOST_SAID else []
        raise SettingError("; also ".join([first, *rest[:MOST_SAID], *more]))


def thawed(value: Any) -> Any:
    """A `Frozen` as plain nested dicts; anything else as it is."""
    if isinstance(value, Mapping):
        return {key: thawed(inner) for key, inner in value.items()}
    return value


def shown(value: Any) -> str:
    """`value` as it stands in an error: short, on one line, strings in quotes."""
    whole_float = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    try:
        text = repr(int(value) if whole_float else value)
    except (ValueError, RecursionError):  # more digits or deeper than Python prints
        text = f"a {type(value).__name__} too large to show"
    return text if len(text) <= 60 else text[:57] + "..."


def place_name(path: Path | str) -> str:
    """The name by which an error calls a file, short and on one line."""
    name = " ".join(Path(path).name.split())
    return name if len(name) <= 80 else name[:77] + "..."


def folder_name(path: Path | str) -> str:
    """The folder in which an error says it looked for a file, on one line."""
    return " ".join(str(Path(path).absolute().parent).split("\n"))


def refuse(origin: str, key: str, value: Any, allowed: str, suggestion: Any = None) -> SettingError:
    """The error for a value that is not allowed; raise what this returns."""
    text = f"{origin}, {key}: {shown(value)} given, {allowed} expected"
    if suggestion is not None:
        text += f"; did you mean {suggestion}?"
    return SettingError(text)


def unknown(origin: str, key: str, what: str, known: Iterable[str], hint: str = "") -> SettingError:
    """The error for a name that does not exist, with the nearest one that does."""
    known = list(known)
    last = key.replace(" ", ".").rsplit(".", 1)[-1]
    close = difflib.get_close_matches(last.lower(), known, n=1, cutoff=0.6)
    text = f"{origin}, {shown(key)[1:-1]}: no such {what}"
    if close:
        return SettingError(f"{text}; did you mean {close[0]}?")
    if hint:
        return SettingError(f"{text}; {hint}")
    names = ", ".join(known[:16]) + (", ..." if len(known) > 16 else "")
    return SettingError(f"{text}; known: {names or 'none'}")


def known_keys(given: Mapping, known: Iterable[str], origin: str, prefix: str = "") -> None:
    """Raise if `given` has a key that is not among `known`."""
    known = tuple(known)
    for key in given:
        if key not in known:
            raise unknown(origin, f"{prefix}{key}", "key", known)


def plain(value: float) -> str:
    """A bound as people write it: 5000 rather than 5000.0."""
    return f"{value:.12g}" if abs(value) < 1e12 else repr(value)


def number(value: Any, low: float, high: float, origin: str, key: str, what: str = "") -> float:
    """`value` as a finite float within [low, high], or a SettingError. A bool is not a number."""
    allowed = f"{what or 'a number'} between {plain(low)} and {plain(high)}"
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise refuse(origin, key, value, allowed, _number_in(value, low, high))
    real: Any = value
    if not low <= real <= high:  # also true of nan
        percent = high <= 1 and 2 <= real <= 100 * high
        raise refuse(origin, key, value, allowed, f"{real / 100:.6g}" if percent else None)
    return float(real) + 0.0  # no negative zero: it prints and hashes differently


def _number_in(value: Any, low: float, high: float) -> str | None:
    """The number that stands in a string, if there is an allowed one."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        found = float(text.rstrip("%％").replace(",", "")) / (100 if text[-1:] in ("%", "％") else 1)
    except ValueError:
        return None
    return f"{found:.12g}" if low <= found <= high else None


def whole(value: Any, low: int, high: int, origin: str, key: str, what: str = "") -> int:
    """`value` as an int within [low, high], or a SettingError; 5000.0 counts as whole."""
    what = what or "a whole number"
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        if low <= int(value) <= high:  # exact also beyond the range of floats
            return int(value)
        raise refuse(origin, key, value, f"{what} between {low} and {high}")
    result = number(value, low, high, origin, key, what)
    if result != int(result):
        raise refuse(origin, key, value, f"{what} between {low} and {high}")
    return int(result)


def text(value: Any, origin: str, key: str) -> str:
    """`value` as a non-empty string."""
    if not isinstance(value, str) or not value.strip():
        raise refuse(origin, key, value, "a text")
    return value.strip()


def choice(value: Any, among: Iterable[str], origin: str, key: str) -> str:
    """`value` as one of the names in `among`."""
    among = tuple(among)
    if isinstance(value, str) and value in among:
        return value
    close = difflib.get_close_matches(value.lower(), among, n=1) if isinstance(value, str) else []
    raise refuse(origin, key, value, " or ".join(among), close[0] if close else None)


def mapping(value: Any, origin: str, key: str) -> Mapping:
    """`value` as a mapping with string keys; nothing (None) counts as empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refuse(origin, key, value, "a mapping from names to values")
    for inner in value:
        if not isinstance(inner, str):
            raise refuse(origin, key, inner, "a name")
    return value
