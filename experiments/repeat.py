"""A pack run again, and its tables compared with those in the pack.

    python -m experiments.repeat from=demo.zip output=results/again

Only recipe and inputs of the pack are used, and only through the checks of a command line: nothing in it is imported
or executed. Exit code 0 if every table is the same in every byte, 1 if not, 2 if the pack cannot be repeated here.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from experiments.cli import console
from experiments.job import DONE, FAILED, Life, carry_out, leave, run_door
from experiments.study.values import path_of
from sim.inputs import validators
from sim.inputs.validators import SettingError

KEYS = ("from", "output", "store", "quiet")

HELP = """\
python -m experiments.repeat from=<pack> output=<folder> store=<folder>

Runs a pack of experiments.pack again and compares its tables cell by cell with those in the pack.

  from=path of a pack, a zip or the folder it was unpacked into
  output=folder of the new results  (default results/<job>-<experiment>-<time>)
  store=folder of finished runs that may be used  (default none: every run is made again)
  quiet=true: no table on the screen

Example
  python -m experiments.repeat from=demo.zip output=results/again"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Repeat the job and compare; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, object], life: Life) -> int:
        from experiments.output import folder as folders
        from experiments.output import provenance
        from experiments.packing.crate import unpack
        from experiments.packing.pack_reader import json_of, read_pack
        from experiments.packing.recipe import study_from
        from sim.version import model_version

        files = read_pack(path_of(str(values["from"]), "from"))
        recipe, record = json_of(files, "recipe.json"), json_of(files, "provenance.json")
        if record.get("model_version") != model_version():
            raise SettingError(
                f"provenance.json in the pack, model_version: {validators.shown(record.get('model_version'))} given, "
                f"{model_version()} is installed here; the toolkit {record.get('toolkit_version')} repeats it"
            )
        with tempfile.TemporaryDirectory() as place:
            unpack(files, Path(place))
            study = study_from(recipe, Path(place))
            study = replace(
                study,
                store=None if "store" not in values else str(path_of(str(values["store"]), "store")),
                output=None if "output" not in values else str(values["output"]),
                quiet=bool(values.get("quiet", False)),
            )
            job = str(recipe["job"])
            life.folder = folders.choose(study.output, job, study.experiment)
            clock = provenance.Clock.start()
            code = carry_out(study, life, clock, _work(job), (study.language,))
        return code or compare(files, life.folder)

    return run_door("repeat", words, HELP, KEYS, do, "nothing was compared", {"from": "a pack"})


def _work(job: str):
    if job == "rank":
        return import_module("experiments.ranking.rank_parts").rank_parts
    return import_module("experiments.output.findings").run_settings


def compare(files: dict[str, bytes], folder: Path) -> int:
    """Say how the tables of a new folder differ from those of a pack; 0 if they do not."""
    from experiments.packing.differences import cells_of, differences

    then = {name: content for name, content in files.items() if name.startswith("tables/") or name == "summary.json"}
    now = {
        name: (folder / name).read_bytes()
        for name in ["summary.json", *(f"tables/{path.name}" for path in sorted((folder / "tables").glob("*.csv")))]
        if (folder / name).is_file()
    }
    found, alone = differences(then, now)
    for name in alone:
        console.out(f"{name}: only in {'the pack' if name in then else 'the new folder'}")
    for one in found:
        cells = "; ".join(f"line {line}, {column}: {a} then, {b} now" for line, column, a, b in one.first)
        console.out(f"{one.table}: {one.cells} of {one.of} cells differ, by {one.largest:.2g} at most ({cells})")
    if found or alone:
        return FAILED
    console.out(f"The same: {len(then)} tables, {sum(map(cells_of, then.values())):,} cells, in every byte.")
    return DONE


if __name__ == "__main__":
    leave(main())
