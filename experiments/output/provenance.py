"""Provenance of a result: settings, seeds, versions, machine and command line, enough to reproduce it."""

from __future__ import annotations

import platform
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments.ensemble.results import Results
from experiments.output import labels
from experiments.study.study import Study

PACKAGES = (
    *("numpy", "numba", "llvmlite", "scipy", "xarray", "h5netcdf", "h5py", "mesa"),
    *("hydra-core", "SALib", "matplotlib"),
)


RECORDED = (
    *("setting", "outcomes", "methods", "replicates", "levers", "ranges", "groups", "composite", "until"),
    *("interactions", "start_weeks", "variance", "contexts", "scenarios"),
)  # the order of what a ranking records; others come after


@dataclass(frozen=True, slots=True)
class Clock:
    """When a job began, in wall-clock and in CPU time."""

    stamp: str
    wall: float
    cpu: float

    @classmethod
    def start(cls) -> Clock:
        """The clock of a job that begins now."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        return cls(stamp, time.monotonic(), time.process_time())


def behaviour_record(study: Study) -> dict[str, Any] | None:
    """Which behavioural set stands in the place of the settings' parameters, and where that is from."""
    if study.behaviour is None:
        return None
    used = list(study.behaviour.draws)[: study.replicates]
    changed = {"changed": study.behaviour.changed} if study.behaviour.changed else {}
    return {"set": study.behaviour.name, "draws": used, "from": dict(study.behaviour.provenance), **changed}


def ranking_record(study: Study) -> dict[str, Any] | None:
    """What was asked of a ranking: whose measures and which levers, on which outcomes, by which methods, and more."""
    if study.job != "rank":
        return None
    spec = study.ranking
    found: dict[str, Any] = {"setting": spec.setting, "outcomes": list(spec.outcomes), "methods": list(spec.methods)}
    found["replicates"] = study.replicates
    if spec.levers:
        found["levers"] = list(spec.levers)
    if spec.ranges:
        found["ranges"] = {lever: list(ends) for lever, ends in spec.ranges.items()}
    if spec.composite:
        found["composite"] = dict(spec.composite)
    if spec.stopping:
        found["until"] = {key: value for key, value in asdict(spec.stopping).items() if value is not None}
    asked = {question.key: question.record(study) for question in study.asked}
    found |= {key: value for key, value in asked.items() if value is not None}
    return {key: found[key] for key in sorted(found, key=lambda key: RECORDED.index(key) if key in RECORDED else 99)}


def provenance(
    study: Study, command: str, clock: Clock, results: Results, beside: Mapping[str, Results] | None = None
) -> dict[str, Any]:
    """What made a result, enough to make it again; runs made now and histories were not in the store.

    `beside` are fresh runs made after those of the design, by their use: `runs` leaves them out.
    """
    seeds = {name: [setting.seed + k for k in range(study.replicates)] for name, setting in study.settings.items()}
    return {
        "job": study.job,
        "command": command,
        "experiment": study.experiment,
        "label": dict(study.label),
        "question": study.question,
        "labels": {name: dict(label) for name, label in labels.own_labels(study).items()},
        "settings": {
            name: {"fingerprint": setting.fingerprint, "setting": setting.as_dict()}
            for name, setting in study.settings.items()
        },
        "replicates": study.replicates,
        "seeds": seeds,
        "behaviour": behaviour_record(study),
        "contexts": {at: setting.fingerprint for at, setting in study.mentions.settings.items()} or None,
        "ranking": ranking_record(study),
        "executor": {
            "kind": study.executor.kind,
            "workers": None if study.executor.address else study.executor.side_by_side(),
        },
        "runs": len(results.members),
        "runs_made_now": results.ran,
        "histories": results.histories,
        "runs_beside": {
            use: {"runs": len(made.members), "runs_made_now": made.ran, "histories": made.histories}
            for use, made in (beside or {}).items()
        },
        "model_version": results.store.version,
        "toolkit_version": _version("township-lab"),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "commit": commit(),
        "started": clock.stamp,
        "wall_seconds": round(time.monotonic() - clock.wall, 2),
        "cpu_seconds": round(time.process_time() - clock.cpu, 2),
        "machine": machine(),
    }


def without_home(value: Any) -> Any:
    """The same with the working folder left out of paths and the home folder as `~`: folders are passed on."""
    if isinstance(value, Mapping):
        return {key: without_home(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_home(one) for one in value]
    if not isinstance(value, str):
        return value
    for folder, short in ((Path.cwd(), ""), (Path.home(), "~/")):
        if len(folder.parts) > 1:
            value = re.sub(rf"{re.escape(str(folder))}[/\\\\]", short, value)
    return value


def commit() -> str | None:
    """The checkout's commit, with "+changes" if files differ from it; None outside a checkout."""
    root = Path(__file__).resolve().parents[2]

    def git(*words: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True)
        return done.stdout.strip()

    if not (root / ".git").exists():
        return None
    try:
        name = git("rev-parse", "HEAD")
        return name + ("+changes" if git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.SubprocessError):
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def machine() -> Mapping[str, str]:
    """System, processor and C library; no name of the machine or its user."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "c_library": " ".join(platform.libc_ver()).strip(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()


def command_line(job: str, words: Sequence[str]) -> str:
    """The line that makes the result again."""
    from experiments.cli.command_line import quote

    return quote(["python", "-m", f"experiments.{job}", *words])
