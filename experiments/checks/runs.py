"""What the checks share: runs over common seeds, paired t, and pages in docs/checks/."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ensemble.whole_files import write_whole
from experiments.job import DONE, FAILED, Life, run_to_end
from sim import run
from sim.cores import pool_of
from sim.inputs.files import CONFIGS
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError
from sim.version import model_version

THREADS = 2
WRITE = "--write"
DOCS = CONFIGS.parent / "docs"
MINUS = "\N{MINUS SIGN}"

K = TypeVar("K")

Figures = Mapping[str, np.ndarray]
"""Figures of one setting as sim.run.evaluate names them: name -> values (seeds,); nan where missing by design."""


def figures(settings: Mapping[K, Setting], seeds: Iterable[int], threads: int = THREADS) -> dict[K, Figures]:
    """Evaluate every setting over the seeds. Settings that differ only from week 0 on share their histories."""
    run.compile()

    def one_seed(seed: int) -> dict[K, dict[str, float]]:
        histories: dict[str, run.History] = {}
        found = {}
        for name, setting in settings.items():
            interrupts.check()  # what it raises comes up in the main thread
            seeded = setting.replace(seed=seed)
            if seeded.history_key not in histories:
                histories[seeded.history_key] = run.history(seeded)
            found[name] = run.evaluate(run.branch(histories[seeded.history_key], seeded))
        return found

    with pool_of(threads) as pool:
        towns = list(pool.map(one_seed, seeds))
    return {name: {key: np.array([t[name][key] for t in towns]) for key in towns[0][name]} for name in settings}


def paired_t(base: np.ndarray, other: np.ndarray) -> float:
    """t of the mean difference over common seeds: 0 where nothing differs, nan where a value is missing.

    A difference that is the same in every seed has no standard error: t counts as infinite.
    """
    difference = other - base
    if not np.all(np.isfinite(difference)):
        return float("nan")
    mean, spread = float(difference.mean()), float(difference.std(ddof=1))
    if spread <= 1e-12 * abs(mean):
        return float(np.copysign(np.inf, mean)) if mean else 0.0
    return mean / (spread / len(difference) ** 0.5)


def printed(value: float, digits: int = 3) -> str:
    """A signed number with so many significant digits, for a table."""
    if value == 0.0:
        return "0"
    if not np.isfinite(value):
        return "no noise" if np.isinf(value) else "missing"
    text = f"{value:+.{digits}g}"
    if abs(value) < 1e-4:
        text = f"{value:+.{digits - 1}e}"
    elif "e" in text or abs(value) >= 10**digits:
        text = f"{value:+,.0f}"
    return text.replace("-", MINUS)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    lines = [" | ".join(cells) for cells in (head, *rows)]
    columns = lines[0].count(" | ") + 1
    return "\n".join(f"| {line} |" for line in (lines[0], " | ".join(["---"] * columns), *lines[1:]))


def provenance(name: str, seeds: range, **more: object) -> str:
    """Where a page comes from: the command, the model version, the seeds, the size."""
    facts = {
        "command": f"`python -m experiments.checks.{name} --write`",
        "model version": f"`{model_version()}`",
        "seeds": f"{seeds.start} to {seeds.stop - 1}, common to all settings",
        **{
            key.replace("_", " "): f"{value:,}" if isinstance(value, int) else str(value) for key, value in more.items()
        },
    }
    return "\n".join(f"- {key}: {value}" for key, value in facts.items())


def checked(check: Callable[[bool], bool], arguments: Sequence[str] | None, about: str | None) -> int:
    """Run a check as every job is run: its exit code is 0 if it holds, 1 if not; `--help` prints what it is about.

    check(write): whether the page is to be renewed.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)

    def do(life: Life) -> int:
        if {"--help", "-h"} & set(words):
            console.out((about or "").strip() + f"\n\n  {WRITE}   renews the page in docs/checks/ as well")
            return DONE
        for word in words:
            if word != WRITE:
                raise SettingError(f"command line: {word[:40]!r} given, {WRITE}, --help or nothing expected")
        return DONE if check(WRITE in words) else FAILED

    return run_to_end(do, Life("nothing was written"))


def show(text: str, name: str, write: bool, say: Callable[[str], None] = console.out) -> None:
    """Print a page; with `write` renew it in docs/checks/ as well."""
    say(text)
    if write:
        target = DOCS / "checks" / f"{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text.encode())
        say(f"written: docs/checks/{name}.md")
