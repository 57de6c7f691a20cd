"""A question that can be asked of a ranking, as one record: its keys, its runs, its tables.

Each stands in a file of its own in experiments/ranking/questions, as QUESTION; experiments/ranking/registry.py finds
them. Code that reads a study (help, compose, provenance, labels) is passed all questions and knows none by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.study.keys import Key
from experiments.study.values import Source
from sim.inputs import validators
from sim.inputs.settings import Setting

if TYPE_CHECKING:
    from sim.inputs.places import TownSpec

LEAST, MOST = 3, 100_000  # replicates


@dataclass(frozen=True, slots=True)
class Given:
    """What a question reads its value from.

    sources: (mapping of ranking, where it stands) of the file and of the line, the later one wins; none but for rank.
    every: the same for every job. players: who is ranked. moved(key, words): the ranked setting after that.
    """

    sources: Sequence[tuple[Mapping[str, Any], str]]
    every: Sequence[tuple[Mapping[str, Any], str]]
    replicates: int
    ranked: Setting
    players: tuple[str, ...]
    moved: Callable[[str, Mapping[str, Any]], Setting]

    def last(self, key: str, check: Callable[[Any, str, str], Any]) -> Any:
        """The value that was given last, after `check(value, place, key)` of every one; 0 where there is none."""
        found = 0
        for ranking, place in self.sources:
            if ranking.get(key) is not None:
                found = check(ranking[key], place, f"ranking.{key}")
        return found

    def count(self, key: str, least: int = LEAST) -> int:
        """0 (off) or a number of replicates that is enough for what is asked."""

        def check(value: Any, place: str, name: str) -> int:
            allowed = f"0 (off) or a whole number from {least}"
            count = validators.whole(value, 0, MOST, place, name, f"{allowed},")
            if count and count < least:
                raise validators.refuse(place, name, value, allowed)
            return count

        return self.last(key, check)

    def merge(self, key: str) -> tuple[dict[str, Any], dict[str, str]]:
        """A mapping whose values the later source gives, and where each value stands."""
        values: dict[str, Any] = {}
        places: dict[str, str] = {}
        for ranking, place in self.sources:
            own = validators.mapping(ranking.get(key), place, f"ranking.{key}")
            values |= own
            places |= dict.fromkeys(own, place)
        return values, places


class Mentions(NamedTuple):
    """What a question speaks of beside the study's own: levers, towns, and settings by their name in provenance."""

    levers: tuple[str, ...] = ()
    towns: tuple[TownSpec, ...] = ()
    settings: Mapping[str, Setting] = {}


def _nothing(*given: Any) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a ranking. One without `keys` is always asked; another where its value is not empty or 0.

    key: of `ranking` in configs and on the command line, ranking.<key>. order: of questions among each other. parse:
    its checked value. check(study, source): raises SettingError for what the study does not allow. design(study,
    problem): a problem and a design whose coalitions join those of the ranking. members(study, problem): runs made
    together with those of the ranking. seeds, later(study, replicates, outcomes): the most seeds from that of replicate
    0 on, and the most runs after the ranking's, that it may take. tables(ranked): rows by name of the table, from what
    ranking/rank_parts.py hands over; runs it asks for there are fresh. columns(ranked): further columns of the
    ranking's own table, in rows by method, outcome and measure; those of the package's effect have PACKAGE for both.
    record(study): what provenance says was asked. mentions(study): see `Mentions`.
    """

    key: str
    order: int
    tables: Callable[[Any], Mapping[str, list[dict[str, Any]]]] = field(default=lambda ranked: {})
    columns: Callable[[Any], list[dict[str, Any]]] = field(default=lambda ranked: [])
    keys: tuple[Key, ...] = ()
    parse: Callable[[Given], Any] = _nothing
    check: Callable[[Any, Source], None] = _nothing
    design: Callable[[Any, Any], Any] = _nothing
    members: Callable[[Any, Any], Sequence[Any]] = field(default=lambda study, problem: ())
    seeds: Callable[[Any, int], int] = field(default=lambda study, replicates: 0)
    later: Callable[[Any, int, int], int] = field(default=lambda study, replicates, outcomes: 0)
    record: Callable[[Any], Any] = _nothing
    mentions: Callable[[Any], Mentions] = field(default=lambda study: Mentions())


def refuse_more_than_draws(study: Any, key: str, count: int, place: str) -> None:
    """Refuse more than the behavioural set has draws: one that came again would count as if it were new."""
    if study.behaviour and count > len(study.draws):
        what = f"at most the {len(study.draws)} draws of behaviour={study.behaviour.name}"
        raise validators.refuse(place, key, count, what)
