"""How a check over draws runs: its arguments, its draws, and one sentence for an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.checks.draws import Draws, draws_of
from experiments.cli import console
from experiments.cli.command_line import read_words
from experiments.ensemble.executors import Executor
from experiments.job import DONE, FAILED, Life, run_to_end
from experiments.study.values import ORIGIN
from experiments.validation.request import Asked
from sim.inputs.places import RESIDENTS
from sim.inputs.settings import setting
from sim.inputs.validators import known_keys, refuse, whole

DRAWS, SIZE = 64, 10_000
STORE = "results/store"
KEYS = ("draws", "seeds", "residents", "behaviour", "store", "threads", "seed", "quiet")


@dataclass(frozen=True, slots=True)
class Check:
    """The checked arguments of a check, and the draws over which it is judged."""

    asked: Asked
    draws: Draws
    seeds: int
    residents: int
    write: bool


def run(
    job: str,
    arguments: Sequence[str],
    page: str | None,
    seeds: int,
    work: Callable[[Check], int],
    keys: Mapping[str, Callable[[Any], object]] | None = None,
) -> int:
    """Read a check's arguments, find its draws, do its work, and return the exit code.

    seeds: the default number a draw. keys: keys of the check's own, each with the function that checks its value. Exit
    codes are those of the jobs.
    """
    words = [word for word in arguments if word != "--write"]

    def do(life: Life) -> int:
        read = read_words(words)
        if read.help_topic is not None:
            console.out(page or "")
            return DONE
        known_keys(read.values, (*KEYS, *(keys or {})), ORIGIN)
        for key, read_value in (keys or {}).items():
            read_value(read.values.get(key))
        asked = _asked(job, words, read.values)
        wanted, many = asked.whole("draws", DRAWS, 2, 10_000), asked.whole("seeds", seeds, 3, 1_000)
        residents = asked.whole("residents", SIZE, *RESIDENTS)
        setting(residents=residents)  # refused before anything is run
        behaviour = read.values.get("behaviour")
        draws = draws_of(asked, wanted, many, residents, None if behaviour is None else str(behaviour))
        if len(draws.parameters) < 2:
            console.err(f"No draws to judge: {draws.said}.")
            return FAILED
        return work(Check(asked, draws, many, residents, len(words) < len(arguments)))

    return run_to_end(do, Life())


def _asked(job: str, words: Sequence[str], given: Mapping[str, Any]) -> Asked:
    """Arguments common to every job over the store; `command` keeps those that affect the results."""
    values: dict[str, Any] = {"threads": None, "seed": 0, "quiet": False, "store": STORE, **given}
    if not isinstance(values["quiet"], bool):
        raise refuse(ORIGIN, "quiet", values["quiet"], "true or false")
    threads = None if values["threads"] is None else whole(values["threads"], 1, 1024, ORIGIN, "threads")
    seed = whole(values["seed"], 0, 1_000_000, ORIGIN, "seed")
    said = " ".join(word for word in words if not word.startswith(("store=", "threads=", "quiet=")))
    executor = Executor("threads", threads)
    return Asked(job, given, job, seed, executor, str(values["store"]), "en", values["quiet"], Path(), said)
