"""The report of a finished job: a page, a Word file, a PDF, a workbook; nothing is simulated.

    python -m experiments.report from=results/demo format=docx,pdf language=zh

Reads the folder's data, tables and provenance and writes report_<language>.<format> into it. A file that somebody
edited is kept: the new one stands beside it with a number.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ensemble.whole_files import sweep, write_whole
from experiments.job import DONE, FINISHED, Life, leave, run_door
from experiments.output.folder import MARK
from experiments.study.keys import RENAMED
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.files import csv_rows, read_json
from sim.inputs.validators import SettingError

FORMATS = ("html", "docx", "pdf", "xlsx")
KEYS = ("from", "language", "format", "title", "author", "template", "sections")
LONGEST = 300  # letters of a title or an author
MOST_BESIDE = 1000  # numbered files beside edited ones

HELP = f"""\
python -m experiments.report from=<folder> language={"|".join(LANGUAGES)} format={",".join(FORMATS)}

Writes the report of a finished job into its folder, as report_<language>.<format>. Nothing is
simulated: the report is made of the folder's data, tables and provenance.

  from=path of a folder that run, compare, rank or demo wrote
  language={", ".join(LANGUAGES)}  (default en)
  format=one or more of {", ".join(FORMATS)}, with commas between  (default html)
      A page; a Word file with contents, captions and tables to go on with; a PDF with bookmarks
      and tags; a workbook with every table of the folder.
  title=text  (default by what was run)
  author=text  (default none)
  template=plain, official, or the path of a Word file  (default plain)
      For docx. official is the layout of official documents, GB/T 9704. In a file of your own
      {{{{title}}}}, {{{{author}}}} and {{{{date}}}} are filled in, and the report stands at {{{{report}}}}.
  sections=names of parts, with commas between  (default all that there are)
      brief, method, settings, limits, made, citation, and the sections of the page.

A file that was edited since it was written is kept, and the new one has a number:
report_zh-2.docx.

Example
  python -m experiments.report from=results/demo language=zh format=docx,pdf template=official"""


NEEDED = ("labels", "settings", "command")  # of provenance
NEWEST = {"ranking": "tier", "packages": "front_share", "reversals": "by_chance", "scenario_discovery": "change"}
"""The column that a table got last: without it the folder is of an older version."""

Tables = Mapping[str, list[dict[str, Any]] | None]


@dataclass(frozen=True)
class Wanted:
    """What kind of report is wanted."""

    language: str = "en"
    formats: tuple[str, ...] = ("html",)
    title: str = ""
    author: str = ""
    template: str = "plain"
    sections: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report; returns the exit code (experiments/job.py)."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, object], life: Life) -> int:
        written = write(path_of(str(values["from"]), "from"), read_wanted(values))
        life.written, life.kept = True, f"{written[-1]} is complete"
        for path in written:
            console.out(f"Report: {path}")
        return DONE

    return run_door("report", words, HELP, KEYS, do, "no report was written", FINISHED)


def read_wanted(values: Mapping[str, object]) -> Wanted:
    """What was asked for on the command line; SettingError names what is not understood."""
    from analysis.report import PARTS

    def several(key: str, among: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        if key not in values:
            return default
        given = str(values[key]).strip().removeprefix("[").removesuffix("]")
        names = [name.strip() for name in given.replace("，", ",").split(",") if name.strip()]
        return tuple(dict.fromkeys(validators.choice(name, among, ORIGIN, key) for name in names)) or default

    def text(key: str) -> str:
        given = str(values.get(key, "")).strip()
        if len(given) > LONGEST:
            raise SettingError(f"{ORIGIN}, {key}: {len(given)} letters given, at most {LONGEST} expected")
        return given

    return Wanted(
        validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language"),
        several("format", FORMATS, ("html",)),
        text("title"),
        text("author"),
        str(values.get("template", "plain")),
        several("sections", PARTS, ()),
    )


def write(folder: Path, wanted: Wanted) -> list[Path]:
    """Write the report of the job in `folder`; SettingError if it holds no finished job. Raises OSError."""
    record = _read_json(folder, MARK)
    summary = _read_json(folder, "summary.json")
    for key in NEEDED:
        if not record.get(key):
            what = "the folder of a finished run, compare, rank or demo"
            raise SettingError(f"{folder / MARK}, {key}: missing; {what} expected")
    if record.get("sweep"):
        raise SettingError(
            f"{ORIGIN}, from: {folder} given, the folder of a sweep, of which no page is made (its picture is "
            "figures/sweep.png); the folder of a finished run, compare, rank or demo expected"
        )
    tables = _read_tables(folder)
    if not (folder / "data.nc").is_file():
        raise _no_job(folder, "data.nc")
    if "docx" in wanted.formats:
        _check_template(wanted.template)
    sweep(folder)
    try:
        return _write_files(folder, record, summary, tables, wanted)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RuntimeError) as error:
        raise _damaged(folder, error) from error
    except OSError as error:
        if error.errno is None or error.filename == str(folder / "data.nc"):  # HDF5's own words
            raise _damaged(folder, error) from error
        raise


def _write_files(
    folder: Path, record: Mapping[str, Any], summary: Mapping[str, Any], tables: Tables, wanted: Wanted
) -> list[Path]:
    """Make the report of what the folder holds (provenance, summary, tables, data) and write it in each format."""
    import xarray

    from analysis.report import make_report
    from analysis.report.sections import TABLES
    from analysis.words import Reader
    from experiments.output import labels
    from experiments.output.catalogue import catalogue
    from sim.indicators import OUTCOMES

    ranked = (record.get("ranking") or {}).get("outcomes", OUTCOMES)
    first = labels.first_outcomes(ranked, tables["ranking"])
    written = []
    with xarray.open_dataset(folder / "data.nc", engine="h5netcdf") as opened:
        dataset = opened.load()
        report = make_report(
            dataset,
            reader=Reader(wanted.language, labels.outcomes(first), {**labels.player_labels(()), **record["labels"]}),
            rest=labels.outcomes([name for name in ranked if name not in first]),
            settings=record["settings"],
            command=record["command"],
            provenance=record,
            summary=summary,
            levels=tables["levels"],
            effects=tables["effects"],
            ranking=tables["ranking"],
            further={name: tables[name] or [] for name in TABLES},
            catalogue=catalogue(),
            title=wanted.title,
            author=wanted.author,
            only=wanted.sections,
        )
        for kind in wanted.formats:
            interrupts.check()
            content = _content(kind, report, folder, dataset, wanted)
            path = free_path(folder / f"report_{wanted.language}.{kind}")
            write_whole(path, content)
            written.append(path)
    return written


def _content(kind: str, report: Any, folder: Path, dataset: Any, wanted: Wanted) -> bytes:
    """The file of a report in one format."""
    if kind == "docx":
        from analysis.report.word import word_file

        return word_file(report, wanted.template)
    if kind == "pdf":
        from analysis.report.pdf import pdf_file

        return pdf_file(report)
    if kind == "xlsx":
        from analysis.report.workbook import workbook_file

        return workbook_file(report, read_all_tables(folder), dataset)
    from analysis.report.page import page_file

    return page_file(report)


def _check_template(template: str) -> None:
    """Raise SettingError for a template that is neither a layout nor a Word file."""
    from analysis.report.layouts import LAYOUTS
    from analysis.report.word import open_template

    if template not in LAYOUTS:
        try:
            open_template(str(path_of(template, "template")))
        except ValueError as error:
            raise SettingError(f"{ORIGIN}, template: {template} given, {error}") from None


def free_path(path: Path) -> Path:
    """The path itself, unless somebody edited the file there: then the same with the first number that is free."""
    from analysis.report.seal import is_untouched

    for number in range(1, MOST_BESIDE):
        found = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        if not found.exists() or is_untouched(found):
            return found
    raise SettingError(f"{path}: {MOST_BESIDE} edited files beside it already; move some away")


def read_all_tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Every table of the folder by name, in the order of their names; empty cells as "nan"."""
    return {path.stem: _read_rows(path) or [] for path in sorted((folder / "tables").glob("*.csv"))}


def _read_tables(folder: Path) -> Tables:
    """Tables by name, None where the job made none; SettingError if one lacks the column that it got last."""
    from analysis.report.sections import TABLES

    paths = {name: folder / "tables" / f"{name}.csv" for name in ("levels", "effects", "ranking", *TABLES)}
    tables = {name: _read_rows(path) for name, path in paths.items()}
    for old, name in RENAMED.items():
        path = folder / "tables" / f"{old}.csv"
        if path.exists() and tables.get(name) is None:
            raise SettingError(f"{path}: is called {name}.csv since 0.2; the job's own line makes the folder anew")
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


def _damaged(folder: Path, error: Exception) -> SettingError:
    what = " ".join(str(error).split())[:120]
    return SettingError(
        f"{ORIGIN}, from: {folder} given, whose files do not go together ({type(error).__name__}: {what}); the folder "
        "as this version of a job wrote it expected"
    )


def _no_job(folder: Path, name: str) -> SettingError:
    return SettingError(f"{ORIGIN}, from: {folder} given, which has no {name}; the folder of a finished job expected")


def _read_rows(path: Path) -> list[dict[str, Any]] | None:
    if not path.exists():
        return None
    return [{key: value or "nan" for key, value in row.items()} for row in csv_rows(path)]


if __name__ == "__main__":
    leave(main())
