"""A finished job as a pack: one zip that says what it is, and holds all that it takes to run the job again.

    python -m experiments.pack from=results/demo output=demo.zip

The pack is an RO-Crate (researchobject.org/ro-crate): settings, input files, versions, tables, figures and the command.
`python -m experiments.repeat from=demo.zip` runs it again and compares the tables.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.cli import console
from experiments.job import DONE, FINISHED, Life, leave, run_door
from experiments.study.values import ORIGIN, path_of
from sim.inputs.validators import SettingError

KEYS = ("from", "output", "license")
MIT = "https://spdx.org/licenses/MIT"

HELP = f"""\
python -m experiments.pack from=<folder> output=<file.zip> license=<address>

Packs the folder of a finished run, compare or rank as an RO-Crate: settings and the files they
name, versions, tables, figures, data, the command. Nothing is simulated. The job's line is read
again and has to give the settings that the folder records.

  from=path of a folder that run, compare or rank wrote
  output=path of a zip that is not there yet  (default the folder's name with .zip, beside it)
  license=address of the licence of these results  (default {MIT}, that of the toolkit)

Example
  python -m experiments.pack from=results/demo output=demo.zip"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pack; returns the exit code (experiments/job.py)."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, object], life: Life) -> int:
        from experiments.packing.crate import write_pack

        folder = path_of(str(values["from"]), "from")
        given = values.get("output")
        output = folder.resolve().with_suffix(".zip") if given is None else path_of(str(given), "output")
        check(output)
        size = write_pack(folder, output, str(values.get("license", MIT)))
        life.written, life.kept = True, f"{output} is complete"
        console.out(f"Pack: {output} ({size / 1e6:.1f} MB)")
        return DONE

    return run_door("pack", words, HELP, KEYS, do, "no pack was written", FINISHED)


def check(output: Path) -> None:
    """Raise SettingError unless a zip can be written there."""
    if output.suffix != ".zip":
        raise SettingError(f"{ORIGIN}, output: {output} given, the name of a .zip file expected")
    if output.exists():
        raise SettingError(f"{ORIGIN}, output: {output} is there already; a new file expected")
    if not output.parent.is_dir():
        raise SettingError(f"{ORIGIN}, output: {output} given, in a folder that is not there")


if __name__ == "__main__":
    leave(main())
