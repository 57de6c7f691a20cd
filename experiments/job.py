"""The life of a job: read the words, check everything, run, write the folder whole, show a table.

Exit codes: 0 done; 1 runs failed or something could not be written; 2 something the user gave
cannot be used (one sentence, nothing made); 130 interrupted (no folder made). Finished runs are in the
store in any case, and the same line goes on from there.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments import folder as folders
from experiments import screen
from experiments.command_line import read_words
from experiments.compose import Study, compose
from experiments.ensemble.errors import ExecutorError, Halted, StoreError
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.ensemble.results import Results
    from experiments.findings import Findings
    from experiments.outputs import Clock

Work = Callable[[Study], "tuple[Findings | None, Results]"]

DONE, FAILED, REFUSED, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143


class JobError(Exception):
    """The job cannot end as promised; the text is one sentence."""


def run_job(
    job: str,
    words: Sequence[str],
    work: Work,
    *,
    name: str | None = None,
    defaults: Mapping[str, object] | None = None,
    both_languages: bool = False,
) -> int:
    """Run `work(study) -> (findings or None, results)` for the words of a command line.

    `name` is the module's name if it is not the job's, `defaults` stand in for words that are not
    given, `both_languages` asks for a page in each. Returns the exit code; see the top of this
    file.
    """
    command = ""
    try:
        asked = read_words(words)
        if asked.help_topic is not None:
            from experiments.help import page

            screen.say(page(name or job, asked.help_topic))
            return DONE
        from experiments import outputs

        command = outputs.command_line(name or job, words)
        clock = outputs.Clock.start()
        study = compose(job, _completed(asked.values, defaults or {}))
        key = "hydra.run.dir" if "hydra.run.dir" in asked.values else "output"
        folder = folders.choose(study.output, job, study.experiment, key)
        if study.store is not None:
            folders.check_store(Path(study.store), folder)
        if study.behaviour and study.behaviour.changed:
            screen.complain(study.behaviour.changed)
        languages = (study.language, *(("zh", "en") if both_languages else ()))
        with ends_cleanly():
            return carry_out(study, folder, command, clock, work, tuple(dict.fromkeys(languages)))
    except (SettingError, ExecutorError) as error:
        screen.complain(str(error))
        return REFUSED
    except (JobError, Halted, StoreError) as error:
        screen.complain(str(error))
        return FAILED
    except KeyboardInterrupt as stop:
        screen.complain(f"Interrupted: {_kept(stop)}; to go on, type the same line again: {command}")
        return INTERRUPTED
    except SystemExit as stop:
        screen.complain(f"Ended from outside: {_kept(stop)}; to go on, type the same line again: {command}")
        raise
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = None
        return DONE
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        screen.complain(f"The folder could not be written: {error.strerror or error}{where}.")
        return FAILED


def _kept(stop: BaseException) -> str:
    """What an ended job leaves, as the ensemble says (experiments/ensemble/runs.py)."""
    return next(iter(getattr(stop, "__notes__", ())), "no runs were made")


def _completed(values: Mapping[str, object], defaults: Mapping[str, object]) -> Mapping[str, object]:
    """Values, and defaults where they say nothing; output and hydra.run.dir are one key."""
    given = {"output" if key == "hydra.run.dir" else key for key in values}
    return {**{key: value for key, value in defaults.items() if key not in given}, **values}


def carry_out(study: Study, folder: Path, command: str, clock: Clock, work: Work, languages: tuple[str, ...]) -> int:
    """Run a checked study, write its folder and show its table; returns the exit code."""
    from experiments import outputs

    findings, results = work(study)
    if findings is not None and findings.replicates:
        study = replace(study, replicates=findings.replicates)
    with folders.written_whole(folder) as partial:
        if findings is None:
            outputs.write_failures(partial, study, results, command, clock)
        else:
            outputs.write(partial, study, findings, command, clock, languages)
    if findings is None:
        raise JobError(
            f"{len(results.failures)} of {len(results.members)} runs failed twice ("
            f"{results.failures[0].error}): see "
            f"{folder / 'failures.csv'}; no summary, table or page was made from the rest."
        )
    if not study.quiet:
        from experiments.tables import show

        show(study, findings)
        screen.say(f"Page: {folder / 'report.html'}")
        for language in languages[1:]:
            screen.say(f"Page: {folder / f'report_{language}.html'}")
    screen.say(f"Results: {folder}")
    return DONE


@contextmanager
def ends_cleanly() -> Iterator[None]:
    """Let a request to terminate unwind like an error, so that nothing half-made stays."""

    def terminate(number, frame):
        raise SystemExit(TERMINATED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
