"""The groups of configs/ (experiment, executor, town, ...), composed by Hydra into plain data."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from threading import Lock
from typing import Any

from experiments.study.values import ORIGIN
from sim.inputs import files, validators
from sim.inputs.files import CONFIGS
from sim.inputs.validators import SettingError

_ONE_AT_A_TIME = Lock()  # Hydra's own state is one for the whole process


def compose_groups(experiment: str, executor: str) -> tuple[dict[str, Any], str]:
    """Hydra's composition of the groups as plain data, and the experiment's name in errors."""
    path = Path(experiment)
    own: dict[str, Any] | None = None
    overrides = [f"executor={executor}"]
    if is_path(experiment):
        origin = str(path)
        if not path.is_file():
            raise validators.refuse(ORIGIN, "experiment", experiment, "a name or an existing file")
        own = files.read_yaml(path)
        if "defaults" in own:
            raise SettingError(f"{origin}, defaults: given, but a file outside configs/experiment/ stands alone")
    else:
        origin = f"configs/experiment/{experiment}.yaml"
        _check_group("experiment", experiment)
        files.read_yaml(CONFIGS / "experiment" / f"{experiment}.yaml")
        overrides.append(f"experiment={experiment}")
    _check_group("executor", executor)
    files.read_yaml(CONFIGS / "executor" / f"{executor}.yaml")
    config = _hydra(overrides)
    if own is not None:
        config["experiment"] = own
    return config, origin


def is_path(experiment: str) -> bool:
    """Whether an experiment is given by the path of its file, not by a name in configs/experiment/."""
    path = Path(experiment)
    return path.suffix in (".yaml", ".yml") or len(path.parts) > 1


def _hydra(overrides: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes, kept until one of the files changes."""
    paths = [CONFIGS / "config.yaml"]
    for group in ("experiment", "executor"):
        paths += files.yaml_files(CONFIGS / group)
    with _ONE_AT_A_TIME:
        return deepcopy(files.kept(paths, " ".join(overrides), lambda: _compose(overrides)))


def _compose(overrides: Sequence[str]) -> dict[str, Any]:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    try:
        with initialize_config_dir(config_dir=str(CONFIGS.resolve()), version_base="1.3"):
            config = hydra_compose("config", overrides=list(overrides))
        plain = OmegaConf.to_container(config, resolve=False)
    except (HydraException, OmegaConfBaseException, YAMLError, OSError, ValueError) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        what = lines[0] if lines else type(error).__name__
        raise SettingError(f"configs, {' '.join(overrides)}: {what}") from None
    assert isinstance(plain, dict)
    _refuse_references(plain, "configs")
    return {str(key): value for key, value in plain.items()}


def _refuse_references(value: Any, place: str) -> None:
    """OmegaConf's ${...} could read the environment; nothing is resolved, so it is refused."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_references(inner, f"{place}, {key}" if place == "configs" else f"{place}.{key}")
    elif isinstance(value, list):
        for inner in value:
            _refuse_references(inner, place)
    elif isinstance(value, str) and "${" in value:
        raise SettingError(f"{place}: {value!r} given, a plain value expected (no ${{...}})")


def _check_group(group: str, name: str) -> None:
    known = choices(group)
    if name not in known:
        raise validators.unknown(ORIGIN, f"{group}={name}", group, known)


def choices(group: str) -> tuple[str, ...]:
    """Names of the ready-made files of a group (experiment, executor, town)."""
    return tuple(path.stem for path in files.yaml_files(CONFIGS / group))
