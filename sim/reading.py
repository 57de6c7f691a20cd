"""Reading what a user wrote: the one YAML reader, checks of single values, and their errors.

Whatever is wrong ends in a `SettingError` of one sentence: where it stands, the key, the value
given and what is allowed. Parsed files are kept until their time stamp changes.
"""

from __future__ import annotations

import difflib
import math
import numbers
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

CONFIGS = Path(__file__).parent.parent / "configs"

T = TypeVar("T")


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


_kept: dict[tuple[str, str], tuple[Any, Any]] = {}


def file_text(path: Path) -> str:
    """A UTF-8 file's text, or a SettingError that names it."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingError(f"{place_name(path)}: no such file in {folder_name(path)}") from None
    except UnicodeDecodeError as error:
        raise SettingError(f"{place_name(path)}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise SettingError(f"{place_name(path)}: cannot be read ({error.strerror})") from None


def kept(paths: Iterable[Path], kind: str, parse: Callable[[], T]) -> T:
    """What `parse` makes of the files, made again only when one of them changes.

    `kind` tells apart what is made of the same files.
    """
    names = tuple(map(str, paths))
    stamp = tuple(_stamp(name) for name in names)
    key = ("\n".join(names), kind)
    found = _kept.get(key)
    if found is None or found[0] != stamp:
        found = (stamp, parse())
        _kept[key] = found
    return found[1]


def _stamp(path: str) -> tuple[int, int, int]:
    try:
        seen = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)


def yaml_files(folder: Path) -> tuple[Path, ...]:
    """The YAML files of a folder by name; names must be ASCII words, as ids are."""
    return kept([folder], "yaml files", lambda: _yaml_files(folder))


def _yaml_files(folder: Path) -> tuple[Path, ...]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    except OSError:
        return ()
    for name in names:
        if not (name.isascii() and name[:-5].isidentifier()):
            raise SettingError(f"{name}: a file name of ASCII letters, digits and _ expected")
    return tuple(Path(folder) / name for name in names)


def read_yaml(path: Path | str) -> dict[str, Any]:
    """A YAML file as a plain dict: safe, duplicate keys and NaN refused.

    Errors name file and line. An empty file is an empty dict.
    """
    return parse_yaml(file_text(Path(path)), place_name(path))


def parse_yaml(source: str, origin: str) -> dict[str, Any]:
    """YAML text whose top level is a mapping, as a plain dict; `origin` stands in errors."""
    value = _load(source, origin)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SettingError(f"{origin}: keys with values expected, {shown(value)} given")
    return value


def parse_scalar(source: str, origin: str = "command line") -> Any:
    """What YAML makes of one value on a command line (`0.5`, `true`, `[a, b]`, `{start: 3}`)."""
    return _load(source, origin)


def _load(source: str, origin: str) -> Any:
    import yaml

    try:
        return _loader()(source).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        problem = " ".join((error.problem or "not YAML").split())
        raise SettingError(f"{origin}{line}: {problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split()) or "nested too deeply"
        raise SettingError(f"{origin}: {problem}") from None


@cache
def _loader() -> type:
    """A safe loader with the scalars of YAML 1.2: no `on`/`no`, no dates, 1e3 is a number."""
    import re

    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    Loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": {}})

    def pairs(loader: Any, node: Any, deep: bool = False) -> dict:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.MarkedYAMLError(
                    problem=f"key {shown(key)} given, a name expected",
                    problem_mark=key_node.start_mark,
                )
            if key in result:
                raise yaml.MarkedYAMLError(problem=f"key {key} given twice", problem_mark=key_node.start_mark)
            result[key] = loader.construct_object(value_node, deep=True)
        return result

    def finite(loader: Any, node: Any) -> float:
        value = loader.construct_yaml_float(node)
        if not math.isfinite(value):
            raise yaml.MarkedYAMLError(
                problem=f"{node.value} given, a finite number expected",
                problem_mark=node.start_mark,
            )
        return value

    def resolve(tag: str, pattern: str, first: str) -> None:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))

    resolve("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
    resolve("null", r"^(?:~|null|Null|NULL|)$", "~nN\0")
    Loader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile(r"^$")))
    resolve("int", r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789")
    resolve(
        "float",
        r"^(?:[-+]?(?:[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        "-+.0123456789",
    )
    Loader.add_constructor("tag:yaml.org,2002:map", pairs)
    Loader.add_constructor("tag:yaml.org,2002:float", finite)
    return Loader
