"""From arguments to a study: Hydra composes the groups, the command line overrides them, everything is checked.

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
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.words import LANGUAGES
from experiments.ensemble.executors import KINDS, Executor
from experiments.study import keys, ranking_spec, sweep_spec
from experiments.study.behaviour import Behaviour, read_set
from experiments.study.config_groups import compose_groups, is_path
from experiments.study.layers import check_texts, labels_of, layers_of, mapping_in, settings_of
from experiments.study.own_files import beside
from experiments.study.question import Given, Question, refuse_more_than_draws
from experiments.study.ranking_spec import RankingSpec
from experiments.study.study import Study
from experiments.study.values import ORIGIN, Source, check_text, nest, path_of
from sim.inputs import validators
from sim.inputs.priors import default_parameters
from sim.inputs.settings import Setting
from sim.inputs.town_files import TOWN_KEYS
from sim.inputs.validators import SettingError

MOST_REPLICATES = 100_000
DEFAULT_STORE = "results/store"

_TOWN_KEY = re.compile(rf"((?:settings\.\w+\.)?)town\.({'|'.join(TOWN_KEYS)})")
_ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s/]+:[0-9]+")


def compose(job: str, values: Mapping[str, object], questions: Sequence[Question] = ()) -> Study:
    """Compose and check the study that `values` (dotted command-line keys) describe for `job`.

    `questions` are all that can be asked of a ranking (experiments/ranking/registry.py).
    """
    for key in values:
        keys.check_known(key, job, questions)
    check_text(values, ORIGIN)
    given = dict(values)
    output = _output(given)
    experiment = _name(given.pop("experiment", keys.DEFAULT_EXPERIMENT[job]), "experiment")
    executor = _name(given.pop("executor", "threads"), "executor")
    own = {key: given.pop(f"executor.{key}") for key in ("threads", "workers", "address") if f"executor.{key}" in given}
    store = store_of(given.pop("store", DEFAULT_STORE))
    source = _read(experiment, executor, given)
    layers = layers_of(source.file, source.line, source.origin)
    settings = settings_of(source.file, source.line, source.origin, layers)
    if job == "rank":
        settings = ranking_spec.keep_measures(_rankings(source), settings)
    chosen = sweep_spec.replicates_of(source) if job == "sweep" else source.choose("replicates", 10)
    replicates = validators.whole(*_bounded(chosen), "replicates")
    ranking = _ranking(job, source, layers, settings, replicates, questions)
    language, place = source.choose("language", "en")
    quiet, quiet_place = source.choose("quiet", False)
    if not isinstance(quiet, bool):
        raise validators.refuse(quiet_place, "quiet", quiet, "true or false")
    study = Study(
        job=job,
        experiment=Path(experiment).stem,
        label=labels_of(Path(experiment).stem, source.file),
        question=source.file.get("question") or "",
        settings=settings,
        labels={name: labels_of(name, {**file, **word}) for name, (file, word) in layers.items()},
        replicates=replicates,
        behaviour=_behaviour(*source.choose("behaviour", None), settings),
        ranking=ranking,
        questions=tuple(questions),
        executor=_executor(executor, source.config.get("executor"), own),
        store=store,
        language=validators.choice(language, LANGUAGES, place, "language"),
        quiet=quiet,
        output=output,
    )
    if job == "sweep":
        return _swept(study, source, layers)
    _check_seeds(settings, max([study.most, *(one.seeds(study, study.most) for one in study.asked)]))
    return _for_job(study, source)


def _read(experiment: str, executor: str, given: dict[str, object]) -> Source:
    """The groups of configs/ with what the command line says, checked for keys and text."""
    line = nest({_TOWN_KEY.sub(r"\1town_\2", key): value for key, value in given.items()})
    config, origin = compose_groups(experiment, executor)
    file = dict(validators.mapping(config.get("experiment"), origin, "experiment"))
    validators.known_keys(file, (*keys.EXPERIMENT_KEYS, *keys.SETTING_KEYS), origin)
    file |= {key: line[key] for key in (*keys.LABELS, "question") if key in line}
    if is_path(experiment):
        file = beside(file, line, Path(experiment).parent)
    check_texts(file, (*keys.LABELS, "question"), origin)
    check_text(file, origin)
    return Source(line, file, config, origin)


def _bounded(chosen: tuple[Any, str]) -> tuple[Any, int, int, str]:
    value, place = chosen
    return value, 1, MOST_REPLICATES, place


def _ranking(
    job: str,
    source: Source,
    layers: Mapping[str, tuple[dict[str, Any], dict[str, Any]]],
    settings: Mapping[str, Setting],
    replicates: int,
    questions: Sequence[Question],
) -> RankingSpec:
    """What is ranked, and the value of every question that has a key."""
    every = _rankings(source)
    with_keys = [one for one in questions if one.keys]
    names = [one.key for one in with_keys]
    spec = ranking_spec.read(every, names, settings, replicates, source.origin, job == "rank")
    ranked = settings[spec.setting]

    def moved(key: str, words: Mapping[str, Any]) -> Setting:
        found = settings_of(source.file, source.line, source.origin, layers, [(key, words)])
        return ranking_spec.keep_measures(every, found)[spec.setting]

    given = Given(every if job == "rank" else (), every, replicates, ranked, spec.players(ranked), moved)
    return replace(spec, asked={one.key: one.parse(given) for one in with_keys})


def _rankings(source: Source) -> list[tuple[dict[str, Any], str]]:
    """What the experiment and the command line say of a ranking, and where."""
    both = ((source.file, source.origin), (source.line, ORIGIN))
    return [(mapping_in(given, "ranking", place), place) for given, place in both]


def _swept(study: Study, source: Source, layers: Mapping[str, tuple[dict[str, Any], dict[str, Any]]]) -> Study:
    """The study of a sweep: its setting alone, the points of its grid, and the draws that it uses."""
    names = list(study.settings)
    name = validators.choice(source.line.get("setting", names[-1]), names, ORIGIN, "setting")

    def moved(place: str, words: Mapping[str, Any]) -> Setting:
        return settings_of(source.file, source.line, source.origin, layers, [(place, words)])[name]

    spec = sweep_spec.read(source, name, moved, ranking_spec.outcomes)
    given, place = source.choose("behaviour", "average" if spec.draws else None)
    behaviour = _behaviour(given, place, spec.points if given else {})
    draws = sweep_spec.draws_of(spec.draws, behaviour, source.choose("draws", 0)[1])
    if behaviour is not None:
        behaviour = replace(behaviour, draws=dict(list(behaviour.draws.items())[:draws]))
    spec = replace(spec, draws=draws)
    _check_seeds(study.settings, spec.seeds(study.replicates))
    return replace(study.select(name), behaviour=behaviour, sweep=spec)


def _for_job(study: Study, source: Source) -> Study:
    """What a job asks beyond a valid study."""
    names, origin = list(study.settings), source.origin
    place = ORIGIN if "replicates" in source.line else origin
    refuse_more_than_draws(study, "replicates", study.replicates, place)
    if study.ranking.stopping:
        refuse_more_than_draws(study, "ranking.until.most", study.ranking.stopping.most, source.place("until", "most"))
    if study.job == "run":
        wanted = source.line.get("setting", names[-1])
        return study.select(validators.choice(wanted, names, ORIGIN, "setting"))
    if len(names) < 2:
        raise SettingError(
            f"{origin}, settings: {len(names)} given, at least two expected by {study.job}; run "
            "simulates a single one, and settings.<name>.<key>= adds one"
        )
    if study.job == "rank":
        what = "for a ranking, a whole number"
        validators.whole(study.replicates, 3, MOST_REPLICATES, place, "replicates", what)
        if "sobol" in study.ranking.methods and (study.replicates % 2 or study.replicates < keys.SOBOL_REPLICATES):
            what = f"for sobol, an even number from {keys.SOBOL_REPLICATES}"
            raise validators.refuse(place, "replicates", study.replicates, what)
        ranking_spec.check_players(study, source)
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


def _behaviour(given: object, place: str, settings: Mapping[Any, Setting]) -> Behaviour | None:
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
    """The folder of the store; None (from Python only) keeps runs in memory. Raises SettingError."""
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
