"""Files to begin with: a table of villages, a measure, an experiment, each filled in and explained.

python -m experiments.template town output=my_villages.xlsx
python -m experiments.template measure output=evening_desk.yaml
python -m experiments.template experiment output=my_experiment.yaml
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.cli.command_line import one_output, quote, read_with, the_one
from experiments.job import DONE, Life, leave, run_to_end
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES
from sim.inputs.validators import SettingError

KINDS = {"town": ".xlsx", "measure": ".yaml", "experiment": ".yaml"}
KEYS = ("output", "language")

HELP = """\
python -m experiments.template town|measure|experiment output=path key=value ...

  town        a workbook (.xlsx): a sheet of villages, filled in, and a sheet that explains each column
  measure     a measure of your own (.yaml); the file's name is its id
  experiment  an experiment of your own (.yaml), with a measure of its own
  All of them run as they stand; comments are in English and Chinese.

  output=path of the file  (one that exists is not replaced)
  language=en, zh: of the columns of a town  (default en)

Example
  python -m experiments.template town output=my_villages.xlsx language=zh"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; returns the exit code (experiments/job.py)."""
    words = list(sys.argv[1:] if arguments is None else arguments)

    def do(life: Life) -> int:
        kinds, asked = read_with(words, KINDS)
        if asked.help_topic is not None:
            console.out(HELP)
            return DONE
        values = one_output(asked.values)
        validators.known_keys(values, KEYS, ORIGIN)
        kind = the_one(kinds, KINDS)
        language = validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language")
        path = _checked(kind, values.get("output"))
        from experiments.ensemble.whole_files import write_whole

        if kind == "town":
            from experiments.output.town_workbook import town_workbook

            content = town_workbook(language)
        else:
            content = (CONFIGS / "template" / f"{kind}.yaml").read_bytes()
        write_whole(path, content)
        console.out(f"Written: {path}")
        console.out(f"Try it: {_trial(kind, path, language)}")
        return DONE

    return run_to_end(do, Life(""))


def _checked(kind: str, output: object) -> Path:
    """The path to write, if nothing is there. Raises SettingError."""
    allowed = f"the path of a new {KINDS[kind]} file"
    if not isinstance(output, str):
        raise SettingError(f"{ORIGIN}, output: missing, {allowed} expected")
    path = path_of(output, "output")
    if path.suffix.lower() != KINDS[kind]:
        raise validators.refuse(ORIGIN, "output", output, allowed)
    if kind == "measure" and not (path.stem.isascii() and path.stem.isidentifier()):
        raise validators.refuse(ORIGIN, "output", output, "a name of ASCII letters, digits and _, which is its id,")
    if kind == "measure" and path.stem in MEASURES:
        raise SettingError(f"{ORIGIN}, output: the toolkit has a measure {path.stem}, another name expected")
    if path.exists():
        raise SettingError(f"{ORIGIN}, output: {output} is there already, {allowed} expected")
    if not path.parent.is_dir():
        raise SettingError(f"{ORIGIN}, output: no folder {path.parent}, {allowed} expected")
    return path


def _trial(kind: str, path: Path, language: str) -> str:
    """The line that runs what was written."""
    line = ["python", "-m", "experiments.compare"]
    if kind == "town":
        from experiments.output.town_workbook import SHEETS

        return quote(
            [
                *line,
                "experiment=rectification",
                "town=from_table",
                f"town.table={path}",
                f"town.sheet={SHEETS[language][0]}",
            ]
        )
    if kind == "measure":
        return quote(
            [*line, "experiment=baseline", f"measures_dir={path.parent}", f"settings.with_it.measures.{path.stem}=1"]
        )
    return quote([*line, f"experiment={path if len(path.parts) > 1 else './' + str(path)}"])


if __name__ == "__main__":
    leave(main())
