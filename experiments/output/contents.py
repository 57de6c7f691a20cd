"""The folder of a job, file by file.

What stands where:

    summary.json        flat: name -> number; figures missing by design are left out
    data.nc             weekly paths, dimensions (setting, replicate, week), with units and names
    tables/*.csv        ids and numbers only, so plain ASCII; an empty cell is missing by design
    tables/names.csv    what the ids mean in both languages; a byte-order mark lets Excel read it
    tables/villages.csv where the town is from a user's table: its villages with their names, and what is filled in
    figures/*           png, svg, pdf
    report.html         the page, one file
    provenance.json     what made it: settings, seeds, versions, machine, command line
    failures.csv        only if runs failed; then no summary, figure or page is made from the rest
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.ensemble.results import Results
from experiments.ensemble.whole_files import put
from experiments.output.csv_tables import failure_rows, finished_rows, write_csv, write_tables
from experiments.output.figures import write_figures
from experiments.output.findings import Findings
from experiments.output.folder import MARK
from experiments.output.pages import write_pages
from experiments.output.provenance import Clock, provenance, without_home
from experiments.study.study import Study


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
    record = without_home(provenance(study, command, clock, findings.results, findings.beside))
    write_json(folder / MARK, record)
    write_pages(folder, study, findings, record, languages)


def write_failures(folder: Path, study: Study, results: Results, command: str, clock: Clock) -> None:
    """Write what is left of a job in which runs failed: which, why, and what the others gave."""
    write_csv(folder / "failures.csv", failure_rows(results.failures))
    (folder / "tables").mkdir()
    write_csv(folder / "tables" / "finished.csv", finished_rows(results))
    record = without_home(provenance(study, command, clock, results))
    write_json(folder / MARK, {**record, "failed_runs": len(results.failures)})


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
