"""All questions that can be asked of a ranking: whatever module of experiments/ranking/questions has a QUESTION."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from experiments.ranking import questions as folder
from experiments.study.question import Question


def questions() -> tuple[Question, ...]:
    """The questions in their order; a file that is put beside the others is one more."""
    modules = [import_module(f"{folder.__name__}.{found.name}") for found in iter_modules(folder.__path__)]
    return tuple(sorted((module.QUESTION for module in modules), key=lambda one: one.order))
