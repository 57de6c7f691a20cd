"""Measures of the user's own: a file in any folder, or a mapping in an experiment file.

A file needs `entries`, what the measure moves; its name is the id. Whatever else it leaves open has a default, and
which numbers those are is told. A measure is data: nothing in it is imported or executed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.inputs.files import kept, read_yaml
from sim.inputs.measures import Measure, measure_of, read_measures
from sim.inputs.places import Note
from sim.inputs.validators import Problems, SettingError, mapping, place_name, refuse, unknown
from sim.levers import LEVERS

DEFAULTS: dict[str, Any] = {"nature": "rule", "ramp_weeks": 26, "start": 0, "costs": {}}  # assumption
NOT_STATED = {"risk_en": "Not stated.", "risk_zh": "未说明。", "source": "Not stated."}
NAMES_ZH = {
    "nature": "性质",
    "ramp_weeks": "到位周数",
    "start": "起始周",
    "costs": "成本",
    "strength": "强弱",
    "rule": "规则",
    "built": "建成",
    "drive": "运动",
}


def own_measures(sources: Sequence[tuple[str, Mapping[str, Any]]], configs: Path | None = None) -> dict[str, Measure]:
    """Measures that sources (origin, keys of a setting) define or use from their folders, id -> record.

    What `own_measures` gives (a mapping, or the path of a file) comes before a file in a folder (`measures_dir`), a
    later folder before an earlier one. Raises SettingError with all that is wrong.
    """
    packaged, folders = read_measures(configs), _folders(sources)
    found: dict[str, Measure | None] = {}
    wrong = Problems()
    for origin, given in sources:
        for id, data in mapping(given.get("own_measures"), origin, "own_measures").items():
            if isinstance(data, Path):
                found[id] = wrong.look(_from_file, data, packaged)
            else:
                found[id] = wrong.look(_measure, id, data, f"{origin}, own_measures.{id}", packaged)
    for origin, given in sources if folders else ():
        for id in mapping(given.get("measures"), origin, "measures"):
            paths = [folder / f"{id}.yaml" for folder in reversed(folders) if id.isidentifier()]
            paths = [path for path in paths if path.is_file()]
            if paths and id not in found:
                found[id] = wrong.look(_from_file, paths[0], packaged)
            elif not paths and id not in (*found, *packaged, *LEVERS):
                names = sorted(path.stem for folder in folders for path in folder.glob("*.yaml"))
                hint = f"no {id}.yaml in {', '.join(map(str, folders))}"
                wrong.found.append(str(unknown(origin, f"measures.{id}", "measure", [*packaged, *names], hint)))
    wrong.end()
    return {id: measure for id, measure in found.items() if measure is not None}


def _folders(sources: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Path]:
    """The folders of measures that sources name. Raises SettingError for what is no folder."""
    found = []
    for origin, given in sources:
        value = given.get("measures_dir")
        for one in value if isinstance(value, list | tuple) else [] if value is None else [value]:
            if not isinstance(one, str | Path) or not str(one).strip() or "\0" in str(one) or not os.path.isdir(one):
                raise refuse(origin, "measures_dir", one, "a folder of measure files")
            found.append(Path(one))
    return found


def _from_file(path: Path, packaged: Mapping[str, Measure]) -> Measure:
    return kept([path], "own measure", lambda: _measure(path.stem, read_yaml(path), place_name(path), packaged))


def _measure(id: str, given: Any, origin: str, packaged: Mapping[str, Measure]) -> Measure:
    """One measure with its defaults; all that is wrong with it in one SettingError."""
    if id in packaged:
        raise SettingError(f"{origin}: a measure of the toolkit has the name {id}, another expected")
    if not (id.isascii() and id.isidentifier()):
        raise SettingError(f"{origin}: {id!r} given, a name of ASCII letters, digits and _ expected")
    data = {key: value for key, value in mapping(given, origin, "measure").items() if value is not None}
    label = _or(data.get("label_en"), id.replace("_", " ").capitalize())
    words = {"label_en": label, "label_zh": _or(data.get("label_zh"), label)}
    words |= {f"sentence_{one}": words[f"label_{one}"] for one in ("en", "zh")}
    filled = {key: value for key, value in DEFAULTS.items() if key not in data}
    entries = data.get("entries")
    single = [row for row in entries or () if isinstance(row, Mapping) and "mode" in row and "weak" not in row]
    if isinstance(entries, list):
        data["entries"] = [_with_ends(row) for row in entries]
    notes = _told(id, filled, bool(single))
    return measure_of(id, {"id": id, **words, **NOT_STATED, **filled, **data}, origin, notes)[1]


def _or(given: Any, otherwise: str) -> str:
    """A text that was given; what is none is refused later, once."""
    return given if isinstance(given, str) and given.strip() else otherwise


def _with_ends(row: Any) -> Any:
    """An entry whose strength is certain where it gives none but the mode."""
    if isinstance(row, Mapping) and "mode" in row and "weak" not in row and "strong" not in row:
        return {**row, "weak": row["mode"], "strong": row["mode"]}
    return row


def _told(id: str, filled: Mapping[str, Any], certain: bool) -> tuple[Note, ...]:
    """Which numbers of a measure are defaults."""
    parts = [
        (f"{key} {value}", f"{NAMES_ZH[key]}{NAMES_ZH.get(value, value)}") for key, value in filled.items() if value
    ]
    parts += [("costs 0", "成本为0")] if "costs" in filled else []
    parts += [("strength certain (weak and strong as mode)", "强弱取最可能值")] if certain else []
    if not parts:
        return ()
    en, zh = ", ".join(one for one, _ in parts), "，".join(one for _, one in parts)
    return (Note(f"measure {id}, by default: {en}", f"措施{id}的默认值：{zh}"),)
