"""How a job runs: read the arguments, check everything, run, write the folder atomically, show a table.

`run_to_end` is how every command ends, calibrate, validate, report, store and the checks included. Exit codes: 0 done;
1 runs failed or something could not be written; 2 invalid input (one sentence, nothing made). After a signal no folder
is made: 130 interrupted (SIGINT), 143 terminated (SIGTERM), 129 terminal closed (SIGHUP). Finished runs are in the
store in any case, and the same line resumes from there.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from experiments.cli import console
from experiments.cli.command_line import quote, read_words
from experiments.ensemble import interrupts
from experiments.ensemble.errors import ExecutorError, Halted, JobError, StoreError
from experiments.output import folder as folders
from experiments.output.leaves import PAGE, Leaves
from experiments.study.compose import compose
from experiments.study.study import Study
from experiments.study.values import ORIGIN
from sim.inputs import validators
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.output.findings import Findings
    from experiments.output.provenance import Clock
    from experiments.output.sweeps import Swept

Work = Callable[[Study], "tuple[Findings | Swept | None, Results]"]

DONE, FAILED, REFUSED = 0, 1, 2
FINISHED = {"from": "the folder of a finished job"}  # what commands need that read one


@dataclass
class Life:
    """What to report of a command that does not finish."""

    kept: str = "no runs were made"  # while no ensemble has brought any to the store
    command: str = ""  # the line that makes it, once it is known
    folder: Path | None = None  # that it writes, once it is known
    written: bool = False  # whether all that it writes is

    def describe_rest(self, stop: BaseException | None = None) -> str:
        """What is finished, what is missing, and how to resume."""
        (note,) = getattr(stop, "__notes__", ("",))[:1]
        whole = interrupts.describe_whole()
        parts = [note + "; those of the steps before are too" if note and whole else note or whole or self.kept]
        if self.written:
            return f"{parts[0]}, and the folder {self.folder} is complete" if self.folder else parts[0]
        if self.folder and (note or whole):
            parts.append(f"the folder {self.folder} is {'as it was' if self.folder.exists() else 'missing'}")
        if self.command:
            parts.append(f"to go on, type the same line again: {self.command}")
        return "; ".join(parts)


def run_to_end(do: Callable[[Life], int], life: Life) -> int:
    """Run `do(life)` and return its exit code; if something ends it early, print one sentence and return its code."""

    def last_words() -> str:
        return f"Ended at once; {life.describe_rest()}"

    with interrupts.listen(last_words):
        try:
            code = do(life)
            interrupts.check()
            return code
        except (SettingError, ExecutorError) as error:
            console.err(str(error))
            return REFUSED
        except (JobError, Halted, StoreError) as error:
            console.err(str(error))
        except KeyboardInterrupt as stop:  # a notebook's, or interrupts.Stopped
            number = getattr(stop, "number", signal.SIGINT)
            console.err(f"{interrupts.SIGNALS[number]}: {life.describe_rest(stop)}")
            return 128 + number
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            console.err(
                f"Something could not be read or written: {error.strerror or error}{where}; {life.describe_rest()}"
            )
        except MemoryError:
            console.err(f"There is not enough memory; {life.describe_rest()}")
        return FAILED


def leave(code: int) -> NoReturn:
    """End the process: a request to stop that comes now comes too late."""
    for number in interrupts.SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def run_door(
    door: str,
    words: Sequence[str],
    help: str,
    keys: Sequence[str],
    do: Callable[[Mapping[str, object], Life], int],
    kept: str,
    needed: Mapping[str, str] | None = None,
) -> int:
    """Run a command that is no study: its help, or `do(values, life)` of checked keys; returns the exit code.

    needed: keys that have to be given, with what is expected of each. kept: what to say where it does not finish.
    """

    def answer(life: Life) -> int:
        asked = read_words(words)
        if asked.help_topic is not None:
            console.out(help)
            return DONE
        validators.known_keys(asked.values, keys, ORIGIN)
        for key, what in (needed or {}).items():
            if key not in asked.values:
                raise SettingError(f"{ORIGIN}, {key}: missing, {what} expected")
        life.command = quote(["python", "-m", f"experiments.{door}", *words])
        return do(asked.values, life)

    return run_to_end(answer, Life(kept))


def run_job(
    job: str,
    words: Sequence[str],
    work: Work,
    *,
    name: str | None = None,
    defaults: Mapping[str, object] | None = None,
    both_languages: bool = False,
    leaves: Leaves = PAGE,
) -> int:
    """Run `work(study) -> (findings or None, results)` for the words of a command line.

    `name` is the module's name if it is not the job's, `defaults` stand in for words that are not
    given, `both_languages` asks for a page in each, `leaves` says what is written and shown.
    Returns the exit code; see the top of this file.
    """

    def do(life: Life) -> int:
        asked = read_words(words)
        if asked.help_topic is not None:
            from experiments.cli.help import page
            from experiments.ranking.registry import questions

            console.out(page(name or job, asked.help_topic, questions()))
            return DONE
        from experiments.output import provenance

        life.command = provenance.command_line(name or job, words)
        clock = provenance.Clock.start()
        study = study_of(job, _add_defaults(asked.values, defaults or {}))
        key = "hydra.run.dir" if "hydra.run.dir" in asked.values else "output"
        life.folder = folders.choose(study.output, job, study.experiment, key)
        if study.store is not None:
            folders.check_store(Path(study.store), life.folder)
        if study.behaviour and study.behaviour.changed:
            console.err(study.behaviour.changed)
        for account in study.accounts:
            console.err(f"Read {account}.")
        languages = (study.language, *(("zh", "en") if both_languages else ()))
        return carry_out(study, life, clock, work, tuple(dict.fromkeys(languages)), leaves)

    return run_to_end(do, Life())


def study_of(job: str, values: Mapping[str, object]) -> Study:
    """The checked study that dotted keys describe, with every question that a ranking can be asked. SettingError."""
    from experiments.ranking.registry import questions

    return compose(job, values, questions())


def describe_failures(results: Results) -> str:
    """How many runs failed, and how the first of them did."""
    failures = results.failures
    return f"{len(failures)} of {len(results.members)} runs failed twice ({failures[0].error})"


def _add_defaults(values: Mapping[str, object], defaults: Mapping[str, object]) -> Mapping[str, object]:
    """Values, and defaults where they say nothing; output and hydra.run.dir are one key."""
    given = {"output" if key == "hydra.run.dir" else key for key in values}
    return {**{key: value for key, value in defaults.items() if key not in given}, **values}


def carry_out(
    study: Study, life: Life, clock: Clock, work: Work, languages: tuple[str, ...], leaves: Leaves = PAGE
) -> int:
    """Run a checked study, write its folder and show its table; returns the exit code."""
    from experiments.output import contents

    folder, command = life.folder, life.command
    assert folder is not None
    findings, results = work(study)
    if findings is not None and findings.replicates:
        study = replace(study, replicates=findings.replicates)
    with folders.write_folder(folder) as partial:
        if findings is None:
            contents.write_failures(partial, study, results, command, clock)
        else:
            leaves.write(partial, study, findings, command, clock, languages)
    life.written = True
    if findings is None:
        raise JobError(
            f"{describe_failures(results)}: see {folder / 'failures.csv'}; no summary, table or page was made from the "
            "rest."
        )
    if not study.quiet:
        leaves.show(study, findings, folder, languages)
    console.out(f"Results: {folder}")
    return DONE
