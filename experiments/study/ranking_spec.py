"""What is ranked, and what else is asked of a ranking: checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

from analysis.words import COMPOSITE
from experiments.study.keys import SCENARIOS, SOURCES
from sim.inputs import validators
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError
from sim.levers import LEVERS

EVERY = "all"  # of ranking.outcomes and ranking.levers
KEYS = (
    "outcomes",
    "levers",
    "ranges",
    "groups",
    "composite",
    "interactions",
    "timing",
    "until",
    "sources",
    "circumstances",
    "scenarios",
)  # of ranking, beside those that compose.py reads
MOST_WEIGHT = 1e6
WISHES = ("half_width", "rank_width", "top")
LEAST, MOST = 3, 100_000  # replicates
UNTIL = (*WISHES, "outcome", "most")


@dataclass(frozen=True, slots=True)
class Until:
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
    def askings(self) -> int:
        """How often the order may be asked about, where each batch doubles the first one."""
        return ceil(log2(self.most / self.first)) + 1 if self.of_order else 1


def read(
    sources: Iterable[tuple[Mapping[str, Any], str]], methods: Iterable[str], replicates: int, ranked: Setting
) -> dict[str, Any]:
    """The keys of KEYS from several (ranking, place); a later one wins, of mappings value by value."""
    lists: dict[str, tuple[Any, str]] = {"outcomes": (None, ""), "levers": (None, "")}
    counts = {"interactions": 0, "timing": 0, "sources": 0, "circumstances": 0, "scenarios": 0}
    values: dict[str, dict[str, Any]] = {"composite": {}, "until": {}, "groups": {}, "ranges": {}}
    places: dict[str, dict[str, str]] = {"composite": {}, "until": {}, "groups": {}, "ranges": {}}
    for ranking, place in sources:
        lists |= {key: (ranking[key], place) for key in lists if ranking.get(key) is not None}
        for key in counts:
            if ranking.get(key) is not None:
                if key == "sources":
                    counts[key] = _levels(ranking[key], place, f"ranking.{key}")
                else:
                    least = SCENARIOS if key == "scenarios" else LEAST
                    counts[key] = _count(ranking[key], least, place, f"ranking.{key}")
        for key, found in values.items():
            own = validators.mapping(ranking.get(key), place, f"ranking.{key}")
            found |= own
            places[key] |= dict.fromkeys(own, place)
    named = outcomes(*lists["outcomes"])
    weights = composite(values["composite"], places["composite"], named)
    moved = levers(*lists["levers"], ranked)
    ranged = ranges(values["ranges"], places["ranges"], moved, ranked)
    players = (*(use.id for use in ranked.measures), *moved, *ranged)
    return {
        "outcomes": named,
        "levers": moved,
        "ranges": ranged,
        "groups": groups(values["groups"], places["groups"], players),
        "interactions": min(counts["interactions"], replicates),
        "timing": counts["timing"],
        "sources": counts["sources"],
        "circumstances": min(counts["circumstances"], replicates),
        "scenarios": counts["scenarios"],
        "composite": weights,
        "until": until(
            values["until"], places["until"], methods, replicates, (*named, *([COMPOSITE] if weights else []))
        ),
    }


def _count(value: Any, least: int, place: str, key: str) -> int:
    """0 (off) or a number of replicates that is enough for what is asked."""
    allowed = f"0 (off) or a whole number from {least}"
    count = validators.whole(value, 0, MOST, place, key, f"{allowed},")
    if count and count < least:
        raise validators.refuse(place, key, value, allowed)
    return count


def _levels(value: Any, place: str, key: str) -> int:
    """0 (off) or the levels of each source: a prime, so that there is an array."""
    if isinstance(value, bool) or value not in (0, *SOURCES):
        raise validators.refuse(
            place, key, value, f"0 (off) or a prime number of levels ({', '.join(map(str, SOURCES))})"
        )
    return int(value)


def outcomes(given: Any, place: str) -> tuple[str, ...]:
    """Ids of the indicators that are ranked, each with a better direction; the three headline ones by default."""
    from sim.indicators import INDICATORS, OUTCOMES

    known = {name: indicator.better in ("higher", "lower") for name, indicator in INDICATORS.items()}
    if given is None:
        return tuple(OUTCOMES)
    if given == EVERY:
        return tuple(name for name, ranked in known.items() if ranked)
    for name in _names(given, place, "ranking.outcomes", f"a list of indicators, or {EVERY},"):
        if name not in known:
            raise validators.unknown(place, f"ranking.outcomes {name}", "indicator", known)
        if not known[name]:
            allowed = "an indicator of which more, or less, is better"
            raise validators.refuse(place, "ranking.outcomes", name, allowed)
    return tuple(dict.fromkeys(given))


def levers(given: Any, place: str, ranked: Setting) -> tuple[str, ...]:
    """Ids of the levers that are players too, in the order of the lever table: some of those the setting changes."""
    changed = tuple(change.id for change in ranked.levers)
    if given is None or given == []:
        return ()
    wanted = changed if given == EVERY else _names(given, place, "ranking.levers", f"a list of levers, or {EVERY},")
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


def groups(
    given: Mapping[str, Any], places: Mapping[str, str], players: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Players by the group they are screened in; a group set to null or [] is none."""
    found: dict[str, tuple[str, ...]] = {}
    for group, named in given.items():
        key, place = f"ranking.groups.{group}", places[group]
        if named is None or named == []:
            continue
        if group in players:
            raise SettingError(f"{place}, {key}: {group} is ranked itself, another name for the group expected")
        for name in _names(named, place, key, "a list of ranked measures and levers"):
            validators.choice(name, players, place, key)
            if any(name in others for others in found.values()):
                raise SettingError(f"{place}, {key}: {name} is in another group too, one group for each expected")
        found[str(group)] = tuple(dict.fromkeys(named))
        if len(found[str(group)]) < 2:
            raise validators.refuse(place, key, named, "two or more ranked measures and levers")
    if found and len(players) - sum(map(len, found.values())) + len(found) < 2:
        (group,) = found
        raise SettingError(f"{places[group]}, ranking.groups: all are in {group}, at least two to compare expected")
    return found


def _names(given: Any, place: str, key: str, allowed: str) -> list[str]:
    if not isinstance(given, list) or not given or not all(isinstance(name, str) for name in given):
        raise validators.refuse(place, key, given, allowed)
    return given


def check_players(study: Any, origin: str, place: Callable[..., str]) -> None:
    """Refuse what the number of players does not allow; `place` says where a key inside ranking was given."""
    measures, count = len(study.settings[study.ranked].measures), len(study.players)
    if count < 2:
        raise SettingError(
            f"{origin}, settings.{study.ranked}: {measures} measures in force and {len(study.levers)} of its lever "
            f"changes in ranking.levers, {len(study.ranges)} levers in ranking.ranges, at least two together expected "
            "by rank"
        )
    for key, why in (("budgets", "a lever at an end of its range has no cost"), ("timing", "a range has no start")):
        if study.ranges and getattr(study, key):
            allowed = f"beside ranking.ranges ({why}), 0"
            raise validators.refuse(place(key), f"ranking.{key}", getattr(study, key), allowed)
    if study.interactions and count < 3:
        raise SettingError(f"{origin}, settings.{study.ranked}: two are ranked, three expected by interactions")
    if study.budgets and measures < 2:
        allowed = "for fewer than two measures (levers have no cost), 0"
        raise validators.refuse(place("budgets"), "ranking.budgets", study.budgets, allowed)
    if study.until and study.until.top is not None and study.until.top >= count:
        allowed = f"a whole number from 1 to {count - 1} (one less than there are measures and levers)"
        raise validators.refuse(place("until", "top"), "ranking.until.top", study.until.top, allowed)


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


def until(
    given: Mapping[str, Any], places: Mapping[str, str], methods: Iterable[str], replicates: int, ranked: Sequence[str]
) -> Until | None:
    """The wanted precision, or None; `replicates` are the first batch, `ranked` the outcomes, the composite last."""
    if not given:
        return None
    last = list(places.values())[-1]
    validators.known_keys(given, UNTIL, last, "ranking.until.")
    if not any(given.get(key) is not None for key in WISHES):
        raise SettingError(f"{last}, ranking.until: no precision given, one of {', '.join(WISHES)} expected")

    def wish(key: str, low: float, high: float, check: Any = validators.number) -> Any:
        return None if given.get(key) is None else check(given[key], low, high, places[key], f"ranking.until.{key}")

    if given.get("most") is None:
        raise SettingError(f"{last}, ranking.until.most: missing, the most replicates that may be made expected")
    most = wish("most", replicates + 1, MOST, _replicates)
    if "sobol" in methods and most % 2:
        raise validators.refuse(places["most"], "ranking.until.most", most, "for sobol, an even number")
    return Until(
        outcome=_outcome(given.get("outcome"), places, ranked),
        first=replicates,
        most=most,
        half_width=wish("half_width", 1e-9, 1e9),
        rank_width=wish("rank_width", 1, 1e6),
        top=wish("top", 1, 10_000, validators.whole),
    )


def _replicates(value: Any, low: int, high: int, place: str, key: str) -> int:
    return validators.whole(value, low, high, place, key, "more replicates than the first batch has, a whole number")


def _outcome(given: Any, places: Mapping[str, str], ranked: Sequence[str]) -> str:
    if given is not None and given not in ranked:
        raise validators.unknown(places["outcome"], f"ranking.until.outcome {given}", "outcome of this ranking", ranked)
    return ranked[0] if given is None else given
