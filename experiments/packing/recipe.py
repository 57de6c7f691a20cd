"""The recipe of a job: its keys, and the files that they name, in a form that another machine can run.

    recipe.json                 {"job": ..., "values": {dotted key: value}}
    inputs/<experiment>.yaml    the experiment, whole, as it was composed
    inputs/tables/<n>/<name>    tables of villages
    inputs/measures/<id>.yaml   measures of the user's own
    inputs/behaviour/<name>.*   the behavioural set

A recipe is composed by the same checks as a command line. It may name files below inputs/ and nothing else of the
machine: no store, no output, no executor, no other folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from experiments.cli.command_line import read_words
from experiments.job import study_of
from experiments.study.behaviour import SETS
from experiments.study.config_groups import compose_groups, is_path
from experiments.study.keys import DEFAULT_EXPERIMENT, JOBS
from experiments.study.own_files import beside
from experiments.study.study import Study
from experiments.study.values import nest
from sim.inputs.files import file_bytes, parse_yaml
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError, mapping, refuse

PLACE = "recipe.json"
INPUTS = "inputs"
OF_THE_MACHINE = ("output", "hydra.run.dir", "store", "quiet", "executor", "language")  # left out of a recipe
_TABLE = re.compile(r"(.+\.)?(town\.table|town_table)")
_FOLDER = re.compile(r"(.+\.)?measures_dir")
_MEASURE = re.compile(r"(?:.+\.)?measures\.([A-Za-z_]\w*)(\..+)?")


def recipe_of(job: str, words: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The recipe of a command line, and the files it needs by their path in the pack. Raises SettingError."""
    values = {key: value for key, value in read_words(words).values.items() if not _of_the_machine(key)}
    experiment = str(values.pop("experiment", DEFAULT_EXPERIMENT[job]))
    config, origin = compose_groups(experiment, "threads")
    file = dict(mapping(config.get("experiment"), origin, "experiment"))
    if is_path(experiment):
        file = beside(file, nest(values), Path(experiment).parent)
    files: dict[str, bytes] = {}
    own: dict[str, Any] = dict(file.pop("own_measures", None) or {})
    folders = [Path(folder) for given in (file, values) for folder in _folders(given)]
    used = {found[1] for given in (file, values) for key, _ in leaves(given) if (found := _MEASURE.fullmatch(key))}
    for id in sorted(used - set(MEASURES)):
        places = [own[id]] if isinstance(own.get(id), Path) else []
        places += [folder / f"{id}.yaml" for folder in reversed(folders) if id not in own]
        path = next((path for path in places if path.is_file()), None)
        if path is not None:
            files[f"{INPUTS}/measures/{id}.yaml"] = file_bytes(path, "YAML")
    inline = {id: given for id, given in own.items() if not isinstance(given, Path)}
    file = _moved(file, files, "") | ({"own_measures": inline} if inline else {})
    values = _moved(values, files, f"{INPUTS}/")
    behaviour = values.pop("behaviour", None) or file.pop("behaviour", None)
    file.pop("behaviour", None)
    if behaviour:
        values["behaviour"] = _take_behaviour(str(behaviour), files)
    place = f"{INPUTS}/{Path(experiment).stem}.yaml"
    values["experiment"], files[place] = place, _yaml(file)
    return {"job": job, "values": values}, files


def study_from(recipe: Mapping[str, Any], root: Path) -> Study:
    """The checked study of a recipe, perhaps a stranger's, whose files stand in `root`. Raises SettingError."""
    job, given = recipe.get("job"), mapping(recipe.get("values"), PLACE, "values")
    if job not in JOBS:
        raise refuse(PLACE, "job", job, f"one of {', '.join(JOBS)}")
    values = dict(given)
    for key, value in leaves(values):
        if _of_the_machine(key) or _FOLDER.fullmatch(key):
            raise SettingError(f"{PLACE}, {key}: given, but a recipe says nothing of the machine it runs on")
        if _TABLE.fullmatch(key):
            _inside(value, key, PLACE, root, root / INPUTS)
    for key in [key for key in values if _TABLE.fullmatch(key)]:
        values[key] = str(root / values[key])
    for key, ending in (("experiment", ".yaml"), ("behaviour", ".csv")):
        if key in values:
            path = _inside(values[key], key, PLACE, root, root / INPUTS)
            if path.suffix != ending:
                raise refuse(PLACE, key, values[key], f"a {ending} file in the pack")
            values[key] = str(path)
    if "experiment" not in values:
        raise SettingError(f"{PLACE}, experiment: missing, a file in the pack expected")
    _check_experiment(Path(values["experiment"]), root)
    return study_of(job, values)


def _check_experiment(path: Path, root: Path) -> None:
    """Refuse an experiment file of a pack that names a file outside it."""
    for key, value in leaves(parse_yaml(path.read_text(encoding="utf-8"), path.name)):
        if key == "behaviour" or _FOLDER.fullmatch(key):
            raise SettingError(f"{path.name}, {key}: given, but in a pack {PLACE} says it")
        if _TABLE.fullmatch(key):
            _inside(value, key, path.name, path.parent, root / INPUTS)


def _inside(value: object, key: str, place: str, base: Path, within: Path) -> Path:
    """The file in the pack that a stranger's value names from `base`. Raises SettingError for any other."""
    parts = (
        PurePosixPath(value).parts if isinstance(value, str) and "\\" not in value and "\0" not in value else ("..",)
    )
    path = base.joinpath(*parts) if ".." not in parts else base
    if ":" in "".join(parts) or not path.is_file() or not path.resolve().is_relative_to(within.resolve()):
        raise refuse(place, key, value, f"the path of a file below {INPUTS} of the pack")
    return path


def leaves(given: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys of a nested mapping, with every value that stands in it."""
    for key, value in given.items():
        yield f"{above}{key}", value
        if isinstance(value, Mapping):
            yield from leaves(value, f"{above}{key}.")


def _of_the_machine(key: str) -> bool:
    return key in OF_THE_MACHINE or key.startswith("executor.")


def _folders(given: Mapping[str, Any]) -> Iterator[str]:
    for key, value in leaves(given):
        if _FOLDER.fullmatch(key):
            yield from (str(one) for one in (value if isinstance(value, list) else [value]))


def _moved(given: Mapping[str, Any], files: dict[str, bytes], start: str, above: str = "") -> dict[str, Any]:
    """A mapping whose tables stand in the pack, at paths after `start`, and that names no folder of measures."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = f"{above}{key}"
        if _FOLDER.fullmatch(name):
            continue
        if isinstance(value, Mapping):
            found[key] = _moved(value, files, start, f"{name}.")
        elif _TABLE.fullmatch(name) and isinstance(value, str):
            path = Path(value).expanduser()
            content = file_bytes(path, "XLSX" if path.suffix.lower() == ".xlsx" else "CSV")
            found[key] = start + _place_table(path.name, content, files)
        else:
            found[key] = value
    return found


def _place_table(name: str, content: bytes, files: dict[str, bytes]) -> str:
    """Where a table stands below inputs/: the same content once, another with the same name in a folder of its own."""
    number = 1
    while files.get(place := f"{INPUTS}/tables/{number}/{name}", content) != content:
        number += 1
    files[place] = content
    return place.removeprefix(f"{INPUTS}/")


def _take_behaviour(given: str, files: dict[str, bytes]) -> str:
    path = Path(given).expanduser() if given.endswith(".csv") else SETS / f"{given}.csv"
    place = f"{INPUTS}/behaviour/{path.stem}"
    files[f"{place}.csv"] = file_bytes(path, "CSV")
    if path.with_suffix(".yaml").is_file():
        files[f"{place}.yaml"] = file_bytes(path.with_suffix(".yaml"), "YAML")
    return f"{place}.csv"


def _yaml(value: Mapping[str, Any]) -> bytes:
    import yaml

    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=False, width=120).encode()
