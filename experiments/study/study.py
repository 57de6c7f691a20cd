"""A checked study: everything a job needs to know before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.ensemble.executors import Executor
from experiments.study import keys
from experiments.study.behaviour import Behaviour
from experiments.study.question import Mentions, Question
from experiments.study.ranking_spec import RankingSpec
from experiments.study.sweep_spec import SweepSpec
from sim.inputs.measures import Measure
from sim.inputs.settings import Setting


@dataclass(frozen=True, slots=True)
class Study:
    """What is simulated, how often, on what, and what is asked of it.

    questions: all that can be asked of a ranking, whether they are asked or not.
    """

    job: str
    experiment: str
    label: Mapping[str, str]
    question: str
    settings: Mapping[str, Setting]
    labels: Mapping[str, Mapping[str, str]]
    replicates: int
    behaviour: Behaviour | None
    ranking: RankingSpec
    questions: tuple[Question, ...]
    executor: Executor
    store: str | None
    language: str
    quiet: bool
    output: str | None
    sweep: SweepSpec | None = None

    @property
    def draws(self) -> tuple[Mapping[str, float], ...]:
        """Parameters by replicate: those of the behavioural set, or none."""
        return tuple(self.behaviour.draws.values()) if self.behaviour else ()

    @property
    def ranked(self) -> Setting:
        """The setting whose parts are ranked."""
        return self.settings[self.ranking.setting]

    @property
    def players(self) -> tuple[str, ...]:
        """Who is ranked: measures of the ranked setting, its lever changes that were named, and levers with ranges."""
        return self.ranking.players(self.ranked)

    @property
    def lead(self) -> str:
        """The method that is shown first: Shapley where it is asked for."""
        methods = self.ranking.methods
        return next(m for m in ("shapley", *methods) if m in methods and m in keys.DEFAULT_METHODS)

    @property
    def most(self) -> int:
        """Most replicates that may be made."""
        return self.ranking.stopping.most if self.ranking.stopping else self.replicates

    @property
    def asked(self) -> list[Question]:
        """The questions that are asked of this ranking, in their order."""
        return [one for one in self.questions if not one.keys or self.value(one.key)] if self.job == "rank" else []

    def value(self, key: str) -> Any:
        """What was asked under ranking.<key>; 0 or empty where it was not."""
        return self.ranking.asked.get(key)

    @property
    def mentions(self) -> Mentions:
        """What all questions speak of beside the study's own."""
        found = [one.mentions(self) for one in self.asked]
        return Mentions(
            tuple(lever for one in found for lever in one.levers),
            tuple(town for one in found for town in one.towns),
            {name: setting for one in found for name, setting in one.settings.items()},
        )

    @property
    def definitions(self) -> dict[str, Measure]:
        """All measures that its settings use."""
        every = (*self.settings.values(), *self.mentions.settings.values())
        return {id: measure for setting in every for id, measure in setting.definitions.items()}

    @property
    def accounts(self) -> list[str]:
        """What was read of every table of villages, and what measures of the user's own leave open, a line each."""
        settings = self.settings.values()
        notes = [setting.town.notes for setting in settings]
        notes += [measure.notes for setting in settings for measure in setting.definitions.values()]
        return ["; ".join(note.en for note in one) for one in dict.fromkeys(notes) if one]

    def select(self, name: str) -> Study:
        """The same study with one of its settings only."""
        return replace(self, settings={name: self.settings[name]}, labels={name: self.labels[name]})
