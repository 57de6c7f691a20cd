"""Reading files that a user or the toolkit wrote: text, and the one YAML reader.

Whatever is wrong ends in a `SettingError` of one sentence. Parsed files are kept until their time stamp changes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sim.inputs.validators import SettingError, folder_name, place_name, shown

CONFIGS = Path(__file__).parents[2] / "configs"

T = TypeVar("T")

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
