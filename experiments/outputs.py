"""The folder of a job, file by file.

What stands where:

    summary.json        flat: name -> number; figures missing by design are left out
    data.nc             weekly paths, dimensions (setting, replicate, week), with units and names
    tables/*.csv        ids and numbers only, so plain ASCII; an empty cell is missing by design
    tables/names.csv    what the ids mean in both languages; a byte-order mark lets Excel read it
    figures/*           png, svg, pdf
    report.html         the page, one file
    provenance.json     what made it: settings, seeds, versions, machine, command line
    failures.csv        only if runs failed; then no summary, figure or page is made from the rest
"""

from __future__ import annotations

import csv
import io
import json
import math
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments import findings as found
from experiments import stops
from experiments.compose import Study
from experiments.ensemble.members import Failure
from experiments.ensemble.results import Results
from experiments.files import put
from experiments.findings import Findings, Rows
from experiments.folder import MARK
from experiments.machine import machine

PACKAGES = (
    *("numpy", "numba", "llvmlite", "scipy", "xarray", "h5netcdf", "h5py", "mesa"),
    *("hydra-core", "SALib", "matplotlib"),
)


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


def write(
    folder: Path,
    study: Study,
    findings: Findings,
    command: str,
    clock: Clock,
    languages: Sequence[str],
) -> None:
    """Write everything a finished job leaves into `folder`, which exists and is empty."""
    write_json(folder / "summary.json", dict(findings.summary))
    write_dataset(folder / "data.nc", findings.dataset)
    write_tables(folder / "tables", study, findings)
    write_figures(folder / "figures", study, findings)
    record = provenance(study, command, clock, findings.results, findings.beside)
    write_json(folder / MARK, record)
    write_pages(folder, study, findings, record, languages)


def write_failures(folder: Path, study: Study, results: Results, command: str, clock: Clock) -> None:
    """Write what is left of a job in which runs failed: which, why, and what the others gave."""
    write_csv(folder / "failures.csv", failure_rows(results.failures))
    (folder / "tables").mkdir()
    write_csv(folder / "tables" / "finished.csv", finished_rows(results))
    record = provenance(study, command, clock, results)
    write_json(folder / MARK, {**record, "failed_runs": len(results.failures)})


# ---------------------------------------------------------------- tables


def write_tables(folder: Path, study: Study, findings: Findings) -> None:
    """Write levels, effects, every run's figures, the ranking where there is one, and the names."""
    folder.mkdir()
    tables: dict[str, Rows] = {
        "runs": run_rows(study, findings),
        "levels": findings.levels,
        **({"effects": findings.effects} if findings.effects else {}),
        **({"ranking": findings.ranking} if findings.ranking else {}),
        **({"package_effect": findings.package} if findings.package else {}),
        **findings.tables,
    }
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    write_csv(folder / "names.csv", name_rows(study, findings), encoding="utf-8-sig")


def run_rows(study: Study, findings: Findings) -> Rows:
    """One row a run: its setting, replicate, seed, draw of the behavioural set if there is one, and figures."""
    draws = list(study.behaviour.draws) if study.behaviour else []
    return [
        {
            "setting": name,
            "replicate": k,
            "seed": study.settings[name].seed + k,
            **({"draw": draws[k % len(draws)]} if draws else {}),
            **evaluation,
        }
        for name, replicates in findings.evaluations.items()
        for k, evaluation in enumerate(replicates)
    ]


def name_rows(study: Study, findings: Findings) -> Rows:
    """What each id in the tables means: kind, id, unit, name in English and Chinese."""
    from analysis.words import with_composite

    described = with_composite(found.outcomes(found.indicator_names(findings.evaluations)), findings.ranking)
    rows = [
        {"kind": "outcome", "id": i, "unit": d["unit"], "label_en": d["en"], "label_zh": d["zh"]}
        for i, d in described.items()
    ]
    for i, label in found.labels(study).items():
        player = "lever" if i in found.levers_of(study) else "measure"
        kind = "setting" if i in study.labels else "town" if i in found.towns(study) else player
        rows.append({"kind": kind, "id": i, "unit": "", "label_en": label["en"], "label_zh": label["zh"]})
    return rows


def failure_rows(failures: Iterable[Failure]) -> Rows:
    """One row a failed run, with its whole setting as JSON."""
    return [
        {
            "row": failure.member.row,
            "replicate": failure.member.replicate,
            "seed": failure.member.setting.seed,
            "error": failure.error,
            "fingerprint": failure.member.setting.fingerprint,
            "setting": json.dumps(failure.member.setting.as_dict(), ensure_ascii=False),
        }
        for failure in failures
    ]


def finished_rows(results: Results) -> Rows:
    """One row a finished run of a job in which others failed."""
    return [
        {"row": member.row, "replicate": member.replicate, **evaluation} for member, evaluation in results.finished()
    ]


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8") -> None:
    """Write dicts as CSV; columns in order of first appearance, missing figures as empty cells."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    put(path, text.getvalue().encode(encoding))


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(float(value))
    return value


# ---------------------------------------------------------------- data, figures, page


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write UTF-8 JSON; NaN and infinity are refused rather than written."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    put(path, f"{text}\n".encode())


def write_dataset(path: Path, dataset: Any) -> None:
    """Write an xarray dataset as compressed NetCDF 4, made in memory: HDF5 may end the process on a full disk."""
    encoding = {
        name: {"zlib": True, "complevel": 4}
        for name, variable in dataset.data_vars.items()
        if variable.ndim and variable.dtype.kind in "fiu"
    }
    content = io.BytesIO()
    dataset.to_netcdf(content, engine="h5netcdf", encoding=encoding)
    put(path, content.getvalue())


def write_figure(figure: Any, folder: Path, name: str) -> None:
    """Write a figure as png, svg and pdf into `folder` (made if missing)."""
    from analysis.figures import render

    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in render(figure).items():
        put(folder / f"{name}.{kind}", content)


def write_figures(folder: Path, study: Study, findings: Findings) -> None:
    """Write the figures of the page as png, svg and pdf, in the study's language.

    Of many outcomes the first ones share a figure, as on the page; each further one has a figure of its ranking only.
    """
    from analysis import figures
    from analysis.words import Reader

    folder.mkdir()
    first, names = found.shown(study.outcomes, findings.ranking), found.labels(study)
    reader = Reader(study.language, found.outcomes(first), names).with_composite(findings.ranking)
    ranking, lead = findings.ranking or (), figures.leading_method(findings.ranking or ())
    given = {"dataset": findings.dataset, "effects": findings.effects, "ranking": ranking, **findings.tables}
    for name, figure in figures.draw_figures(given, reader).items():
        write_figure(figure, folder, name)
    alone = {row["outcome"] for row in ranking if row["method"] == lead and row["outcome"] not in reader.outcomes}
    for name, described in found.outcomes([name for name in study.outcomes if name in alone]).items():
        figure = figures.contributions(ranking, reader=reader.of({name: described}), method=lead)
        write_figure(figure, folder, f"ranking_{name}")


def write_pages(
    folder: Path,
    study: Study,
    findings: Findings,
    record: Mapping[str, Any],
    languages: Sequence[str],
) -> None:
    """Write report.html in the first language, and report_<language>.html in each further one."""
    from analysis.report import write_page
    from analysis.words import Reader

    first = found.shown(study.outcomes, findings.ranking)
    for i, language in enumerate(languages):
        stops.check()
        write_page(
            folder / ("report.html" if i == 0 else f"report_{language}.html"),
            findings.dataset,
            reader=Reader(language, found.outcomes(first), found.labels(study)),
            rest=found.outcomes([name for name in study.outcomes if name not in first]),
            settings=record["settings"],
            command=record["command"],
            provenance=record,
            summary=findings.summary,
            levels=findings.levels,
            effects=findings.effects or None,
            ranking=findings.ranking,
            further=findings.tables,
        )


# ---------------------------------------------------------------- provenance


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
    asked: dict[str, Any] = {"setting": study.ranked, "outcomes": list(study.outcomes), "methods": list(study.methods)}
    asked["replicates"] = study.replicates
    if study.levers:
        asked["levers"] = list(study.levers)
    if study.ranges:
        asked["ranges"] = {lever: list(ends) for lever, ends in study.ranges.items()}
    if study.groups:
        asked["groups"] = {group: list(players) for group, players in study.groups.items()}
    if study.composite:
        asked["composite"] = dict(study.composite)
    if study.until:
        asked["until"] = {key: value for key, value in asdict(study.until).items() if value is not None}
    return asked | {
        key: getattr(study, key)
        for key in ("interactions", "timing", "sources", "circumstances", "scenarios")
        if getattr(study, key)
    }


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
        "labels": {name: dict(label) for name, label in found.own_labels(study).items()},
        "settings": {
            name: {"fingerprint": setting.fingerprint, "setting": setting.as_dict()}
            for name, setting in study.settings.items()
        },
        "replicates": study.replicates,
        "seeds": seeds,
        "behaviour": behaviour_record(study),
        "circumstances": {" ".join(at): setting.fingerprint for at, setting in study.elsewhere.items()} or None,
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


def commit() -> str | None:
    """The checkout's commit, with "+changes" if files differ from it; None outside a checkout."""
    root = Path(__file__).resolve().parent.parent

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


def command_line(job: str, words: Sequence[str]) -> str:
    """The line that makes the result again."""
    from experiments.command_line import shown

    return shown(["python", "-m", f"experiments.{job}", *words])
