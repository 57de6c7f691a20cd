"""From words to a study: Hydra composes the groups, the command line comes last, all is checked.

    configs/experiment/<name>.yaml, or a file given by its path      what is simulated
    configs/executor/<name>.yaml                                     on what it runs
    key=value                                                        what the command line changes

A value on the command line replaces the experiment's own: in each setting that gives the same key,
or, where none does, in all settings. `settings.<name>.<key>=` changes one setting only and can add
one. A mapping given as one value, as in measures={one_window: 1}, takes the place of all that was there.

Nothing is run and no folder is made before the whole study has been checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.ensemble.executors import KINDS, Executor
from experiments.study import keys, ranking_spec
from experiments.study.behaviour import Behaviour, read_set
from experiments.study.config_groups import compose_groups
from experiments.study.contexts import Place, circumstances, other_towns
from experiments.study.layers import check_texts, labels_of, mapping_in, settings_of, sides_of
from experiments.study.values import ORIGIN, check_text, nested, path_of
from sim.inputs import validators
from sim.inputs.priors import default_parameters
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError

MOST_REPLICATES = 100_000
DEFAULT_STORE = "results/store"

_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s/]+:[0-9]+")


@dataclass(frozen=True, slots=True)
class Study:
    """A checked study: everything a job needs to know before it starts.

    `elsewhere` holds the ranked setting in each circumstance in which the ranking is tried again, `towns` in each town
    that a scenario may be in.
    """

    job: str
    experiment: str
    label: Mapping[str, str]
    question: str
    settings: Mapping[str, Setting]
    labels: Mapping[str, Mapping[str, str]]
    replicates: int
    behaviour: Behaviour | None
    ranked: str
    outcomes: tuple[str, ...]
    levers: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    groups: Mapping[str, tuple[str, ...]]
    methods: tuple[str, ...]
    budgets: int
    sources: int
    circumstances: int
    elsewhere: Mapping[Place, Setting]
    scenarios: int
    towns: Mapping[str, Setting]
    composite: Mapping[str, float]
    interactions: int
    timing: int
    until: ranking_spec.Until | None
    executor: Executor
    store: str | None
    language: str
    quiet: bool
    output: str | None

    @property
    def draws(self) -> tuple[Mapping[str, float], ...]:
        """Parameters by replicate: those of the behavioural set, or none."""
        return tuple(self.behaviour.draws.values()) if self.behaviour else ()

    @property
    def players(self) -> tuple[str, ...]:
        """Who is ranked: measures of the ranked setting, its lever changes that were named, and levers with ranges."""
        return (*(use.id for use in self.settings[self.ranked].measures), *self.levers, *self.ranges)

    @property
    def lead(self) -> str:
        """The method that is shown first: Shapley where it is asked for."""
        return next(m for m in ("shapley", *self.methods) if m in self.methods and m in keys.DEFAULT_METHODS)

    def select(self, name: str) -> Study:
        """The same study with one of its settings only."""
        return replace(self, settings={name: self.settings[name]}, labels={name: self.labels[name]})


def compose(job: str, values: Mapping[str, object]) -> Study:
    """Compose and check the study that `values` (dotted command-line keys) describe for `job`."""
    for key in values:
        keys.check_known(key, job)
    check_text(values, ORIGIN)
    given = dict(values)
    output = _output(given)
    experiment = _name(given.pop("experiment", keys.DEFAULT_EXPERIMENT[job]), "experiment")
    executor = _name(given.pop("executor", "threads"), "executor")
    own = {key: given.pop(f"executor.{key}") for key in ("threads", "workers", "address") if f"executor.{key}" in given}
    store = store_of(given.pop("store", DEFAULT_STORE))
    if "town.table" in given:
        given["town_table"] = given.pop("town.table")
    line = nested(given)
    config, origin = compose_groups(experiment, executor)
    study = dict(validators.mapping(config.get("experiment"), origin, "experiment"))
    validators.known_keys(study, (*keys.EXPERIMENT_KEYS, *keys.SETTING_KEYS), origin)
    check_texts(study, (*keys.LABELS, "question"), origin)
    check_text(study, origin)
    sides = sides_of(study, line, origin)
    settings = settings_of(study, line, origin, sides)

    def chosen(key: str, default: object) -> tuple[Any, str]:
        """A key's value and where it comes from: command line, experiment file, config.yaml."""
        for source, place in ((line, ORIGIN), (study, origin), (config, "configs/config.yaml")):
            if key in source:
                return source[key], place
        return default, place

    value, place = chosen("replicates", 10)
    replicates = validators.whole(value, 1, MOST_REPLICATES, place, "replicates")
    ranked, methods, budgets = _ranking(study, line, list(settings), origin)
    rankings = [(mapping_in(source, "ranking", at), at) for source, at in ((study, origin), (line, ORIGIN))]
    more = ranking_spec.read(rankings if job == "rank" else [], methods, replicates, settings[ranked])
    most = more["until"].most if more["until"] else replicates
    fresh = max(more["timing"], min(keys.FRESH, most) if budgets else 0)
    _check_seeds(settings, max(most + fresh, more["scenarios"]))

    def moved(key: str, words: Mapping[str, Any]) -> Setting:
        """The ranked setting after what `words` change."""
        return settings_of(study, line, origin, sides, [(key, words)])[ranked]

    asked = settings[ranked]
    elsewhere = {
        at: moved("ranking.circumstances", words)
        for at, words in (circumstances(asked).items() if more["circumstances"] else ())
    }
    towns: dict[str, Setting] = {}
    if more["scenarios"]:
        others = {town: moved("ranking.scenarios", {"town": town}) for town in other_towns(asked)}
        towns = {asked.town.id: asked, **others}
    language, place = chosen("language", "en")
    quiet, quiet_place = chosen("quiet", False)
    if not isinstance(quiet, bool):
        raise validators.refuse(quiet_place, "quiet", quiet, "true or false")
    result = Study(
        job=job,
        experiment=Path(experiment).stem,
        label=labels_of(Path(experiment).stem, study),
        question=study.get("question") or "",
        settings=settings,
        labels={name: labels_of(name, {**file, **word}) for name, (file, word) in sides.items()},
        replicates=replicates,
        behaviour=_behaviour(*chosen("behaviour", None), settings),
        ranked=ranked,
        methods=methods,
        budgets=budgets,
        elsewhere=elsewhere,
        towns=towns,
        **more,
        executor=_executor(executor, config.get("executor"), own),
        store=store,
        language=validators.choice(language, ("en", "zh"), place, "language"),
        quiet=quiet,
        output=output,
    )
    return _for_job(result, line, origin)


def _for_job(study: Study, line: Mapping[str, Any], origin: str) -> Study:
    """What a job asks beyond a valid study."""
    names = list(study.settings)

    def given_in(*key: str) -> str:
        """Where a key inside ranking was given."""
        found: Any = line.get("ranking")
        for part in key:
            found = found.get(part) if isinstance(found, Mapping) else None
        return origin if found is None else ORIGIN

    source = ORIGIN if "replicates" in line else origin
    if study.behaviour:  # a draw that came again would count as if it were new
        asked = {
            "replicates": (study.replicates, source),
            "ranking.until.most": (study.until.most if study.until else 0, given_in("until", "most")),
            "ranking.sources": (study.sources, given_in("sources")),
            "ranking.scenarios": (study.scenarios, given_in("scenarios")),
        }
        for key, (count, place) in asked.items():
            if count > len(study.draws):
                what = f"at most the {len(study.draws)} draws of behaviour={study.behaviour.name}"
                raise validators.refuse(place, key, count, what)
    if study.job == "run":
        wanted = line.get("setting", names[-1])
        return study.select(validators.choice(wanted, names, ORIGIN, "setting"))
    if len(names) < 2:
        raise SettingError(
            f"{origin}, settings: {len(names)} given, at least two expected by {study.job}; run "
            "simulates a single one, and settings.<name>.<key>= adds one"
        )
    if study.job == "rank":
        what = "for a ranking, a whole number"
        validators.whole(study.replicates, 3, MOST_REPLICATES, source, "replicates", what)
        if "sobol" in study.methods and (study.replicates % 2 or study.replicates < keys.SOBOL_REPLICATES):
            what = f"for sobol, an even number from {keys.SOBOL_REPLICATES}"
            raise validators.refuse(source, "replicates", study.replicates, what)
        ranking_spec.check_players(study, origin, given_in)
    return study


# ---------------------------------------------------------------- single keys


def _output(given: dict[str, object]) -> str | None:
    found = [str(given.pop(key)) for key in ("output", "hydra.run.dir") if key in given]
    if len(found) > 1:
        raise SettingError(f"{ORIGIN}, output: given beside hydra.run.dir, one of them expected")
    return found[0] if found else None


def _name(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise validators.refuse(ORIGIN, key, value, f"the name of a file in configs/{key}/")
    return value


def _check_seeds(settings: Mapping[str, Setting], replicates: int) -> None:
    last = max(setting.seed for setting in settings.values()) + replicates - 1
    if last > keys.SEEDS[1]:
        raise SettingError(f"{ORIGIN}, seed: {replicates} replicates end at {last}, at most {keys.SEEDS[1]} expected")


def _ranking(
    study: Mapping[str, Any], line: Mapping[str, Any], names: list[str], origin: str
) -> tuple[str, tuple[str, ...], int]:
    """Which setting is ranked, by which methods, and for how many budgets packages are proposed."""
    values: dict[str, Any] = {"setting": names[-1], "methods": list(keys.DEFAULT_METHODS), "budgets": 0}
    values |= dict.fromkeys(ranking_spec.KEYS)
    places = dict.fromkeys(values, origin)
    for source, place in ((study, origin), (line, ORIGIN)):
        given = mapping_in(source, "ranking", place)
        validators.known_keys(given, values, place, "ranking.")
        values |= given
        places |= dict.fromkeys(given, place)
    setting = validators.choice(values["setting"], names, places["setting"], "ranking.setting")
    methods, place = values["methods"], places["methods"]
    if not isinstance(methods, list) or not methods:
        raise validators.refuse(place, "ranking.methods", methods, "a list of " + ", ".join(keys.METHODS))
    checked = [validators.choice(method, keys.METHODS, place, "ranking.methods") for method in methods]
    if not set(checked) & set(keys.DEFAULT_METHODS):
        allowed = f"at least one of {', '.join(keys.DEFAULT_METHODS)} beside morris and sobol"
        raise validators.refuse(place, "ranking.methods", methods, allowed)
    budgets = validators.whole(values["budgets"], *keys.BUDGETS, places["budgets"], "ranking.budgets")
    return setting, tuple(dict.fromkeys(checked)), budgets


def _behaviour(given: object, place: str, settings: Mapping[str, Setting]) -> Behaviour | None:
    """The behavioural set, which gives every parameter: no setting may give one too."""
    if given is None:
        return None
    if not isinstance(given, str) or not given:
        raise validators.refuse(place, "behaviour", given, "a behavioural set: a name, or the path of a CSV file")
    modes = default_parameters()
    for setting in settings.values():
        own = [id for id, value in setting.parameters.items() if value != modes[id]]
        if own:
            raise SettingError(
                f"{place}, behaviour: {given} given beside parameters.{own[0]}, but a behavioural set gives every "
                "parameter; one of them expected"
            )
    return read_set(given, place)


def store_of(given: object) -> str | None:
    """The folder of the store; None (from Python only) means a temporary one. Raises SettingError."""
    if given is None:
        return None
    from experiments.ensemble.errors import StoreError
    from experiments.ensemble.store_maintenance import check

    folder = path_of(str(given), "store")
    try:
        if folder.resolve() in (Path.cwd().resolve(), *Path.cwd().resolve().parents):
            raise StoreError(f"{given} given, which is the working folder or above it; another folder expected")
        check(folder)
    except StoreError as error:
        raise SettingError(f"{ORIGIN}, store: {error}") from None
    except (OSError, ValueError) as error:  # a name too long, a null byte, ...
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"{ORIGIN}, store: {str(given)!r} cannot be used: {reason}") from None
    return str(folder)


def _executor(name: str, given: object, line: Mapping[str, object]) -> Executor:
    origin = f"configs/executor/{name}.yaml"
    config = validators.mapping(given, origin, "executor")
    kind = validators.choice(config.get("kind", name), KINDS, origin, "executor.kind")
    known = ("workers", "address") if kind == "dask" else ("threads",)
    validators.known_keys(config, ("kind", *known), origin, "executor.")
    for key in line:
        if key not in known:
            fits = "executor=threads" if key == "threads" else "executor=dask"
            raise SettingError(f"{ORIGIN}, executor.{key}: given with executor={name}, {fits} expected")
    values = {**config, **line}
    places = {**dict.fromkeys(config, origin), **dict.fromkeys(line, ORIGIN)}
    count, address = known[0], values.get("address")
    workers = values.get(count)
    if workers is not None:
        workers = validators.whole(workers, 1, 1 if kind == "serial" else 1024, places[count], f"executor.{count}")
    if address is not None:
        allowed = "an address such as tcp://192.0.2.7:8786"
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise validators.refuse(places["address"], "executor.address", address, allowed)
        if workers is not None:
            raise SettingError(
                f"{places['workers']}, executor.workers: given beside executor.address, whose cluster has its own; "
                "one of them expected"
            )
    return Executor(kind, workers, address)
