"""What is ranked, and what else is asked of a ranking: checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, log2
from typing import Any

from analysis import COMPOSITE
from experiments.study.keys import DEFAULT_METHODS, LISTED, METHODS
from experiments.study.values import Source
from sim.inputs import validators
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError
from sim.levers import LEVERS

EVERY = "all"  # of ranking.outcomes and ranking.levers
KEYS = ("setting", "methods", "outcomes", "measures", "levers", "ranges", "composite", "until")
"""Of ranking, beside those of the questions that can be asked of it."""
MOST_WEIGHT = 1e6
MOST = 100_000  # replicates
PRECISIONS = ("half_width", "rank_width", "top")
STOPPING = (*PRECISIONS, "outcome", "most")


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """The precision that a ranking is to reach for one outcome, and the first and the most replicates it may take.

    half_width is in the unit in which the outcome's changes are printed (shares: percentage points).
    """

    outcome: str
    first: int
    most: int
    half_width: float | None = None
    rank_width: float | None = None
    top: int | None = None

    @property
    def of_order(self) -> bool:
        """Whether the order of measures is looked at: stopping then needs care."""
        return self.rank_width is not None or self.top is not None

    @property
    def n_looks(self) -> int:
        """How often the order may be looked at, where each batch doubles the first one."""
        return ceil(log2(self.most / self.first)) + 1 if self.of_order else 1


@dataclass(frozen=True, slots=True)
class RankingSpec:
    """What is ranked, on what, how precisely, and what else is asked of the ranking.

    setting: its name. levers: players beside its measures; ranges: low and high of levers that are players from end to
    end. composite: weights by outcome. asked: values of questions by their key.
    """

    setting: str
    methods: tuple[str, ...]
    outcomes: tuple[str, ...]
    levers: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    composite: Mapping[str, float]
    stopping: StoppingRule | None
    asked: Mapping[str, Any] = field(default_factory=dict)

    def players(self, ranked: Setting) -> tuple[str, ...]:
        """Who is ranked: measures of the ranked setting, its lever changes that were named, and levers with ranges."""
        return (*(use.id for use in ranked.measures), *self.levers, *self.ranges)


def read(
    every: Sequence[tuple[Mapping[str, Any], str]],
    questions: Iterable[str],
    settings: Mapping[str, Setting],
    replicates: int,
    origin: str,
    ranks: bool,
) -> RankingSpec:
    """What `every` (ranking, place) says of a ranking but of its questions, whose keys are those of `questions`.

    A later source wins, of mappings value by value. Where no ranking is made (`ranks`), setting and methods are read.
    """
    names = list(settings)
    known = sorted((*KEYS, *questions), key=lambda key: LISTED.index(key) if key in LISTED else len(LISTED))
    values: dict[str, Any] = {"setting": names[-1], "methods": list(DEFAULT_METHODS)}
    places = dict.fromkeys(values, origin)
    for given, place in every:
        validators.known_keys(given, known, place, "ranking.")
        values |= given
        places |= dict.fromkeys(given, place)
    ranked = validators.choice(values["setting"], names, places["setting"], "ranking.setting")
    asked = methods(values["methods"], places["methods"])
    sources = every if ranks else ()
    lists: dict[str, tuple[Any, str]] = {"outcomes": (None, ""), "levers": (None, "")}
    inner: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
        key: ({}, {}) for key in ("composite", "until", "ranges")
    }
    for given, place in sources:
        lists |= {key: (given[key], place) for key in lists if given.get(key) is not None}
        for key, (found, where) in inner.items():
            own = validators.mapping(given.get(key), place, f"ranking.{key}")
            found.update(own)
            where.update(dict.fromkeys(own, place))
    named = outcomes(*lists["outcomes"])
    weights = composite(*inner["composite"], named)
    moved = levers(*lists["levers"], settings[ranked])
    ranged = ranges(*inner["ranges"], moved, settings[ranked])
    rule = stopping(*inner["until"], asked, replicates, (*named, *([COMPOSITE] if weights else [])))
    return RankingSpec(ranked, asked, named, moved, ranged, weights, rule)


def keep_measures(
    every: Sequence[tuple[Mapping[str, Any], str]], settings: Mapping[str, Setting]
) -> dict[str, Setting]:
    """The settings, the ranked one with no other measures than those that ranking.measures names. SettingError."""
    values = {key: (given[key], place) for given, place in every for key in given if given[key] is not None}
    if "measures" not in values:
        return dict(settings)
    given, place = values["measures"]
    last = list(settings)[-1]
    wanted, where = values.get("setting", (last, place))
    name = validators.choice(wanted, tuple(settings), where, "ranking.setting")
    uses = {use.id: use for use in settings[name].measures}
    for id in names_in(given, place, "ranking.measures", "a list of measures"):
        if id not in uses:
            what = f"measure in force in settings.{name}"
            raise validators.unknown(place, f"ranking.measures {id}", what, uses, f"it has {', '.join(uses) or 'none'}")
    kept = tuple(use for id, use in uses.items() if id in given)
    return {**settings, name: settings[name].replace(measures=kept)}


def methods(given: Any, place: str) -> tuple[str, ...]:
    """How parts are ranked; one of the methods at least whose contributions have signs."""
    if not isinstance(given, list) or not given:
        raise validators.refuse(place, "ranking.methods", given, "a list of " + ", ".join(METHODS))
    checked = [validators.choice(method, METHODS, place, "ranking.methods") for method in given]
    if not set(checked) & set(DEFAULT_METHODS):
        allowed = f"at least one of {', '.join(DEFAULT_METHODS)} beside morris and sobol"
        raise validators.refuse(place, "ranking.methods", given, allowed)
    return tuple(dict.fromkeys(checked))


def outcomes(given: Any, place: str, key: str = "ranking.outcomes") -> tuple[str, ...]:
    """Ids of the indicators that are ranked, each with a better direction; the three headline ones by default."""
    from sim.indicators import INDICATORS, OUTCOMES

    known = {name: indicator.better in ("higher", "lower") for name, indicator in INDICATORS.items()}
    if given is None:
        return tuple(OUTCOMES)
    if given == EVERY:
        return tuple(name for name, ranked in known.items() if ranked)
    for name in names_in(given, place, key, f"a list of indicators, or {EVERY},"):
        if name not in known:
            raise validators.unknown(place, f"{key} {name}", "indicator", known)
        if not known[name]:
            allowed = "an indicator of which more, or less, is better"
            raise validators.refuse(place, key, name, allowed)
    return tuple(dict.fromkeys(given))


def levers(given: Any, place: str, ranked: Setting) -> tuple[str, ...]:
    """Ids of the levers that are players too, in the order of the lever table: some of those the setting changes."""
    changed = tuple(change.id for change in ranked.levers)
    if given is None or given == []:
        return ()
    wanted = changed if given == EVERY else names_in(given, place, "ranking.levers", f"a list of levers, or {EVERY},")
    if not changed:
        raise validators.refuse(place, "ranking.levers", given, "[] for a setting that changes no lever")
    for name in wanted:
        validators.choice(name, changed, place, "ranking.levers")
    for name in set(wanted).intersection(use.id for use in ranked.measures):
        raise SettingError(
            f"{place}, ranking.levers: {name} is also a measure of this setting, a name of its own expected"
        )
    return tuple(name for name in changed if name in wanted)


def ranges(
    given: Mapping[str, Any], places: Mapping[str, str], levers: Sequence[str], ranked: Setting
) -> dict[str, tuple[float, float]]:
    """Low and high of the levers that are moved over a range, in the order of the lever table; null is none.

    None of them may have another value in the ranked setting: its player would have two.
    """
    found: dict[str, tuple[float, float]] = {}
    taken = {
        **{use.id: "is also a measure of this setting, a name of its own" for use in ranked.measures},
        **{one.id: "is changed by the ranked setting too, a lever that it leaves alone" for one in ranked.levers},
        **dict.fromkeys(levers, "is in ranking.levers too, one of them"),
    }
    for name, ends in given.items():
        place, key = places[name], f"ranking.ranges.{name}"
        if name not in LEVERS:
            raise validators.unknown(place, key, "lever", LEVERS)
        if ends is None:
            continue
        if name in taken:
            raise SettingError(f"{place}, {key}: {name} {taken[name]} expected")
        found[name] = _ends(ends, LEVERS[name].low, LEVERS[name].high, place, key)
    return {name: found[name] for name in LEVERS if name in found}


def _ends(given: Any, least: float, most: float, place: str, key: str) -> tuple[float, float]:
    """Low and high from a list of two numbers within the bounds of a lever."""
    allowed = f"[low, high] with low below high, both between {validators.plain(least)} and {validators.plain(most)},"
    try:
        low, high = (validators.number(end, least, most, place, key) for end in given)
    except (TypeError, ValueError):  # no list, not two, or one that is no number within the bounds
        raise validators.refuse(place, key, given, allowed) from None
    if not low < high:
        raise validators.refuse(place, key, given, allowed)
    return low, high


def names_in(given: Any, place: str, key: str, allowed: str) -> list[str]:
    """A list of names that is not empty. Raises SettingError."""
    if not isinstance(given, list) or not given or not all(isinstance(name, str) for name in given):
        raise validators.refuse(place, key, given, allowed)
    return given


def composite(weights: Mapping[str, Any], places: Mapping[str, str], ranked: Sequence[str]) -> dict[str, float]:
    """Weights by ranked outcome, 0 or above and one of them positive; `places` says where each was given."""
    if not weights:
        return {}
    found = {}
    for name, weight in weights.items():
        if name not in ranked:
            raise validators.unknown(places[name], f"ranking.composite.{name}", "outcome of this ranking", ranked)
        found[name] = validators.number(weight, 0.0, MOST_WEIGHT, places[name], f"ranking.composite.{name}")
    if not any(found.values()):
        last = list(places.values())[-1]
        raise SettingError(f"{last}, ranking.composite: all weights are 0, at least one above 0 expected")
    return found


def stopping(
    given: Mapping[str, Any], places: Mapping[str, str], methods: Iterable[str], replicates: int, ranked: Sequence[str]
) -> StoppingRule | None:
    """The wanted precision, or None; `replicates` are the first batch, `ranked` the outcomes, the composite last."""
    if not given:
        return None
    last = list(places.values())[-1]
    validators.known_keys(given, STOPPING, last, "ranking.until.")
    if not any(given.get(key) is not None for key in PRECISIONS):
        raise SettingError(f"{last}, ranking.until: no precision given, one of {', '.join(PRECISIONS)} expected")

    def limit(key: str, low: float, high: float, check: Any = validators.number) -> Any:
        return None if given.get(key) is None else check(given[key], low, high, places[key], f"ranking.until.{key}")

    if given.get("most") is None:
        raise SettingError(f"{last}, ranking.until.most: missing, the most replicates that may be made expected")
    most = limit("most", replicates + 1, MOST, _replicates)
    if "sobol" in methods and most % 2:
        raise validators.refuse(places["most"], "ranking.until.most", most, "for sobol, an even number")
    return StoppingRule(
        outcome=_outcome(given.get("outcome"), places, ranked),
        first=replicates,
        most=most,
        half_width=limit("half_width", 1e-9, 1e9),
        rank_width=limit("rank_width", 1, 1e6),
        top=limit("top", 1, 10_000, validators.whole),
    )


def _replicates(value: Any, low: int, high: int, place: str, key: str) -> int:
    return validators.whole(value, low, high, place, key, "more replicates than the first batch has, a whole number")


def _outcome(given: Any, places: Mapping[str, str], ranked: Sequence[str]) -> str:
    if given is not None and given not in ranked:
        raise validators.unknown(places["outcome"], f"ranking.until.outcome {given}", "outcome of this ranking", ranked)
    return ranked[0] if given is None else given


def check_players(study: Any, source: Source) -> None:
    """Refuse what the number of players does not allow."""
    spec, measures, count = study.ranking, len(study.ranked.measures), len(study.players)
    if count < 2:
        raise SettingError(
            f"{source.origin}, settings.{spec.setting}: {measures} measures in force and {len(spec.levers)} of its "
            f"lever changes in ranking.levers, {len(spec.ranges)} levers in ranking.ranges, at least two together "
            "expected by rank"
        )
    for question in study.asked:
        question.check(study, source)
    if spec.stopping and spec.stopping.top is not None and spec.stopping.top >= count:
        allowed = f"a whole number from 1 to {count - 1} (one less than there are measures and levers)"
        raise validators.refuse(source.place("until", "top"), "ranking.until.top", spec.stopping.top, allowed)
