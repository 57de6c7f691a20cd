"""The tables of a job's folder: plain rows, written as CSV of ids and numbers only."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.ensemble.members import Failure
from experiments.ensemble.results import Results
from experiments.ensemble.whole_files import put
from experiments.output import labels
from experiments.output.findings import Findings, Rows, indicator_names
from experiments.output.measure_costs import costs_of
from experiments.study.study import Study


def tables_of(study: Study, findings: Findings) -> dict[str, Rows]:
    """Levels, effects, every run's figures, the ranking where there is one, and what else was asked of it."""
    return {
        "runs": run_rows(study, findings),
        "levels": findings.levels,
        **({"effects": findings.effects} if findings.effects else {}),
        **({"ranking": findings.ranking} if findings.ranking else {}),
        **({"package_effect": findings.package} if findings.package else {}),
        **findings.tables,
        **measure_tables(study),
    }


def write_tables(folder: Path, study: Study, findings: Findings) -> None:
    """Write all tables, and what the ids in them mean."""
    folder.mkdir()
    for name, rows in tables_of(study, findings).items():
        write_csv(folder / f"{name}.csv", rows)
    write_csv(folder / "names.csv", name_rows(study, findings), encoding="utf-8-sig")
    if villages := village_rows(study):
        write_csv(folder / "villages.csv", villages, encoding="utf-8-sig")


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

    described = with_composite(labels.outcomes(indicator_names(findings.evaluations)), findings.ranking)
    rows = [
        {"kind": "outcome", "id": i, "unit": d["unit"], "label_en": d["en"], "label_zh": d["zh"]}
        for i, d in described.items()
    ]
    for i, label in ((i, {key: inert(text) for key, text in one.items()}) for i, one in labels.labels(study).items()):
        player = "lever" if i in labels.levers_of(study) else "measure"
        kind = "setting" if i in study.labels else "town" if i in labels.towns(study) else player
        rows.append({"kind": kind, "id": i, "unit": "", "label_en": label["en"], "label_zh": label["zh"]})
    return rows


def village_rows(study: Study) -> Rows:
    """One row a village of a table of the user's: its name there, what was read, and which columns are filled in.

    A cell that is filled in is empty here: it is drawn for each replicate, or goes by size.
    """
    columns = ("share_over_60", "cadres", "visibility", "income")
    return [
        {
            "setting": name,
            "unit": unit.name,
            "village": number,
            "name": inert(village.name),
            "kind": village.kind,
            "residents": village.residents,
            **{column: getattr(village, column) for column in columns},
            "filled_in": " ".join(column for column in columns if getattr(village, column) is None),
        }
        for name, setting in study.settings.items()
        if setting.town.notes
        for unit in setting.town.units
        for number, village in enumerate(unit.villages)
    ]


def measure_tables(study: Study) -> dict[str, Rows]:
    """What each measure costs a year in the whole town, and which levers it moves how far (weak, mode, strong).

    Costs are those of the last setting that has the measure, at its intensity: low, mode and high, cadre hours and
    yuan. Tables measures and measure_levers; none where no setting has a measure.
    """
    known: dict[str, tuple[Any, Any, Any]] = {}
    for setting in study.settings.values():
        costs = costs_of(setting, study.replicates)
        known |= {use.id: (use, setting.definitions[use.id], costs[use.id]) for use in setting.measures}
    rows: Rows = []
    levers: Rows = []
    for id, (use, measure, costs) in known.items():
        own: dict[str, Any] = {"measure": id, "intensity": use.intensity, "start": use.start}
        own |= {"ramp_weeks": measure.ramp_weeks, "nature": measure.nature}
        for currency, parts in costs.items():
            ends = zip(("low", "mode", "high"), zip(*parts, strict=True), strict=True)
            own |= {f"{currency}_{name}": float(sum(values)) for name, values in ends}
        rows.append(own)
        levers += [{"measure": id, **asdict(entry)} for entry in measure.entries]
    return {"measures": rows, "measure_levers": levers} if rows else {}


def inert(text: str) -> str:
    """Text of a user's as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def failure_rows(failures: Iterable[Failure]) -> Rows:
    """One row a failed run, with its whole setting as JSON."""
    return [
        {
            "row": str(failure.member.key),
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
        {"row": str(member.key), "replicate": member.replicate, **evaluation}
        for member, evaluation in results.finished()
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
