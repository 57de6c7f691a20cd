"""What a store of finished runs holds: list it, verify it, export it, prune it. Nothing is simulated.

python -m experiments.store list
python -m experiments.store verify store=results/store
python -m experiments.store export output=runs.csv
python -m experiments.store prune
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.cli import console, store_verbs
from experiments.cli.command_line import one_output, quote, read_with, the_one
from experiments.job import DONE, FAILED, Life, leave, run_to_end
from experiments.study.values import ORIGIN
from sim.inputs import validators
from sim.inputs.validators import SettingError

VERBS = ("list", "verify", "export", "prune")
KEYS = ("store", "output", "version")

HELP = """\
python -m experiments.store list|verify|export|prune key=value ...

  list     model versions, with runs, weekly paths and size
  verify   read every chunk and compare its checksum (exit code 1 if one is damaged)
  export   figures of all runs of one model version, one row a run, into one file: output=runs.csv or runs.nc
  prune    remove runs of other model versions, damaged chunks, and what killed jobs left half-written

  store=path of a store  (default results/store)
  output=path of a .csv or .nc file, for export
  version=one that list shows, for export  (default: this model version)

Example
  python -m experiments.store export store=results/store output=runs.nc"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the verb; returns the exit code (experiments/job.py; 1 also if verify finds damage)."""
    words = list(sys.argv[1:] if arguments is None else arguments)

    def do(life: Life) -> int:
        verbs, asked = read_with(words, VERBS)
        if asked.help_topic is not None:
            console.out(HELP)
            return DONE
        values = one_output(asked.values)
        validators.known_keys(values, KEYS, ORIGIN)
        verb = the_one(verbs, VERBS)
        for key in ("output", "version"):
            if key in values and verb != "export":
                raise SettingError(f"{ORIGIN}, {key}: given with {verb}, which does not use it")
        given = {key: str(value) for key, value in values.items()}
        life.command = quote(["python", "-m", "experiments.store", *words])
        folder = store_verbs.folder_of(given.get("store", "results/store"))
        if verb == "verify":
            return DONE if store_verbs.verify(folder) else FAILED
        if verb == "list":
            store_verbs.list_runs(folder)
        elif verb == "prune":
            store_verbs.prune_store(folder)
        else:
            store_verbs.export(folder, given.get("output"), given.get("version"))
        return DONE

    return run_to_end(do, Life("what was stored is intact"))


if __name__ == "__main__":
    leave(main())
