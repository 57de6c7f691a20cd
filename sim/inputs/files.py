"""Reading files that a user or the toolkit wrote: bounded bytes, text, CSV, JSON, and the one YAML reader.

Whatever is wrong ends in a `SettingError` of one sentence: also what is no file, what is too large, and what would
never end. Parsed files are kept until their time stamp changes.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sim.inputs.validators import SettingError, folder_name, place_name, shown

CONFIGS = Path(__file__).parents[2] / "configs"
LARGEST = {"YAML": 2_000_000, "CSV": 50_000_000, "XLSX": 20_000_000, "JSON": 200_000_000}  # bytes of a file, by kind
DEEPEST = 40  # levels of a YAML file or value, one in another; libyaml's own composer has no bound and crashes
MOST_NODES = 200_000  # of a YAML file, each alias counted as all that it stands for

T = TypeVar("T")

_kept: dict[tuple[str, str], tuple[Any, Any]] = {}


def file_bytes(path: Path, kind: str) -> bytes:
    """Content of a file of a kind of LARGEST; a SettingError for what is no file, or too large. Never waits."""
    origin = place_name(path)
    try:
        _regular(os.stat(path), origin, kind)
        # Between the two looks the path may become a pipe, of which an open would wait for the other end.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            _regular(os.fstat(handle), origin, kind)
            content = file.read(LARGEST[kind] + 1) or b""
    except SettingError:
        raise
    except FileNotFoundError:
        raise SettingError(f"{origin}: no such file in {folder_name(path)}") from None
    except OSError as error:
        raise SettingError(f"{origin}: cannot be read ({error.strerror})") from None
    except ValueError as error:  # a null byte in the name
        raise SettingError(f"{origin}: cannot be read ({error})") from None
    if len(content) > LARGEST[kind]:
        raise _too_large(origin, kind)
    return content


def _regular(found: os.stat_result, origin: str, kind: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise SettingError(f"{origin}: a folder given, a {kind} file expected")
    if not stat.S_ISREG(found.st_mode):
        raise SettingError(f"{origin}: a device, pipe or socket given, a {kind} file expected")
    if found.st_size > LARGEST[kind]:
        raise _too_large(origin, kind)


def _too_large(origin: str, kind: str) -> SettingError:
    return SettingError(f"{origin}: too large, a {kind} file of at most {LARGEST[kind] // 1_000_000} MB expected")


def file_text(path: Path, kind: str = "YAML") -> str:
    """A UTF-8 file's text, or a SettingError that names it."""
    try:
        return file_bytes(path, kind).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingError(f"{place_name(path)}: not UTF-8 text (byte {error.start})") from None


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Lines of a UTF-8 CSV file by its header, [] for an empty file; every line has as many cells as the header."""
    origin = place_name(path)
    reader = csv.reader(io.StringIO(file_text(path, "CSV"), newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        problem = " ".join(str(error).split())
        raise SettingError(f"{origin}, line {reader.line_num}: not CSV ({problem})") from None
    if not lines:
        return []
    header = lines[0][1]
    for name in header:
        if header.count(name) > 1:
            raise SettingError(f"{origin}, column {name}: given twice, once expected")
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise SettingError(f"{origin}, line {number}: {len(cells)} cells given, {len(header)} expected")
    return [dict(zip(header, cells, strict=True)) for _, cells in lines[1:]]


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file whose top level is an object."""
    text = file_text(path, "JSON")
    try:
        value = json.loads(text)
    except ValueError as error:
        raise SettingError(f"{place_name(path)}: not JSON ({error})") from None
    except RecursionError:
        raise SettingError(f"{place_name(path)}: not JSON of ours (nested too deeply)") from None
    if not isinstance(value, dict):
        raise SettingError(f"{place_name(path)}: keys with values expected, {shown(value)} given")
    return value


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
        _check_size(source, origin)
        return _loader()(source).get_single_data()
    except SettingError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        problem = " ".join((error.problem or "not YAML").split())
        raise SettingError(f"{origin}{line}: {problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split()) or "nested too deeply"
        raise SettingError(f"{origin}: {problem}") from None


def _check_size(source: str, origin: str) -> None:
    """Refuse YAML text that is too deep, or too large once every alias is written out.

    Looks at the flat stream of events: nothing is built, so that nothing can explode.
    """
    import yaml

    nodes = 0  # so far, aliases written out
    sizes: dict[str, int] = {}  # of anchored nodes that are complete
    unfinished: list[tuple[str | None, int]] = []  # anchors of the collections around, and nodes before each
    for event in yaml.parse(source, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in unfinished):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise SettingError(
                    f"{origin}, line {line}: *{event.anchor} stands in what it refers to, values expected"
                )
            nodes += sizes.get(event.anchor or "", 1)
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            if isinstance(event, yaml.CollectionStartEvent):
                unfinished.append((event.anchor, nodes - 1))
            elif event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = unfinished.pop()
            if anchor:
                sizes[anchor] = nodes - before
        if len(unfinished) > DEEPEST or nodes > MOST_NODES:
            what = f"at most {MOST_NODES} values, references (*) written out"
            allowed = f"at most {DEEPEST} levels" if len(unfinished) > DEEPEST else what
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise SettingError(f"{origin}, line {line}: {allowed} expected, more given")


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
