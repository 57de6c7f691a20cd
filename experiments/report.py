"""The page of a finished job again, for instance in the other language; nothing is simulated.

    python -m experiments.report from=results/demo language=zh

Reads the folder's data, tables and provenance and writes report_<language>.html into it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.cli.command_line import quote, read_words
from experiments.ensemble.whole_files import replace_whole, sweep
from experiments.job import DONE, Life, leave, run_to_end
from experiments.output.folder import MARK
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.files import csv_rows, read_json
from sim.inputs.validators import SettingError

KEYS = ("from", "language")

HELP = f"""\
python -m experiments.report from=<folder> language={"|".join(LANGUAGES)}

Writes the page of a finished job again, into its folder as report_<language>.html. Nothing is
simulated: the page is made of the folder's data, tables and provenance.

  from=path of a folder that run, compare, rank or demo wrote
  language={", ".join(LANGUAGES)}  (default en)

Example
  python -m experiments.report from=results/demo language=zh"""


NEEDED = ("labels", "settings", "command")  # of provenance
NEWEST = {"ranking": "tier", "packages": "front_share", "flip": "by_chance", "backfire": "change"}
"""The column that a table got last: without it the folder is of an older version."""

Tables = Mapping[str, list[dict[str, Any]] | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; returns the exit code (experiments/job.py)."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(life: Life) -> int:
        asked = read_words(words)
        if asked.help_topic is not None:
            console.out(HELP)
            return DONE
        validators.known_keys(asked.values, KEYS, ORIGIN)
        if "from" not in asked.values:
            raise SettingError(f"{ORIGIN}, from: missing, the folder of a finished job expected")
        language = validators.choice(asked.values.get("language", "en"), LANGUAGES, ORIGIN, "language")
        life.command = quote(["python", "-m", "experiments.report", *words])
        page = write(path_of(str(asked.values["from"]), "from"), language)
        life.written, life.kept = True, f"{page} is complete"
        console.out(f"Report: {page}")
        return DONE

    return run_to_end(do, Life("no page was written"))


def write(folder: Path, language: str) -> Path:
    """Write the page of the job in `folder`; SettingError if it holds no finished job."""
    record = _read_json(folder, MARK)
    summary = _read_json(folder, "summary.json")
    for key in NEEDED:
        if not record.get(key):
            what = "the folder of a finished run, compare, rank or demo"
            raise SettingError(f"{folder / MARK}, {key}: missing; {what} expected")
    tables = _read_tables(folder)
    if not (folder / "data.nc").is_file():
        raise _no_job(folder, "data.nc")
    target = folder / f"report_{language}.html"
    sweep(folder)
    with replace_whole(target) as partial:
        _write_page(partial, folder / "data.nc", record, summary, tables, language)
    return target


def _write_page(
    page: Path, data: Path, record: Mapping[str, Any], summary: Mapping[str, Any], tables: Tables, language: str
) -> None:
    """Make the page of what the folder holds: provenance, summary, tables, and data."""
    import xarray

    from analysis.report import write_page
    from analysis.report.sections import TABLES
    from analysis.words import Reader
    from experiments.output import labels
    from sim.indicators import OUTCOMES

    ranked = (record.get("ranking") or {}).get("outcomes", OUTCOMES)
    first = labels.first_outcomes(ranked, tables["ranking"])
    with xarray.open_dataset(data, engine="h5netcdf") as dataset:
        write_page(
            page,
            dataset.load(),
            reader=Reader(language, labels.outcomes(first), {**labels.player_labels(()), **record["labels"]}),
            rest=labels.outcomes([name for name in ranked if name not in first]),
            settings=record["settings"],
            command=record["command"],
            provenance=record,
            summary=summary,
            levels=tables["levels"],
            effects=tables["effects"],
            ranking=tables["ranking"],
            further={name: tables[name] or [] for name in TABLES},
        )


def _read_tables(folder: Path) -> Tables:
    """Tables by name, None where the job made none; SettingError if one lacks the column that it got last."""
    from analysis.report.sections import TABLES

    paths = {name: folder / "tables" / f"{name}.csv" for name in ("levels", "effects", "ranking", *TABLES)}
    tables = {name: _read_rows(path) for name, path in paths.items()}
    for name, column in NEWEST.items():
        rows = tables[name]
        if rows and column not in rows[0]:
            raise SettingError(
                f"{paths[name]}: no column {column}, made by an older version; the job's own line makes the table anew"
            )
    return tables


def _read_json(folder: Path, name: str) -> Mapping[str, Any]:
    if not (folder / name).exists():
        raise _no_job(folder, name)
    return read_json(folder / name)


def _no_job(folder: Path, name: str) -> SettingError:
    return SettingError(f"{ORIGIN}, from: {folder} given, which has no {name}; the folder of a finished job expected")


def _read_rows(path: Path) -> list[dict[str, Any]] | None:
    if not path.exists():
        return None
    return [{key: value or "nan" for key, value in row.items()} for row in csv_rows(path)]


if __name__ == "__main__":
    leave(main())
