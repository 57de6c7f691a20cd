"""What ranking.composite and ranking.until may say: checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.words import COMPOSITE
from experiments.keys import SOURCES
from sim import reading
from sim.reading import SettingError

KEYS = (
    "composite",
    "interactions",
    "timing",
    "until",
    "sources",
    "circumstances",
)  # of ranking, beside those that compose.py reads
MOST_WEIGHT = 1e6
WISHES = ("half_width", "rank_width", "top")
LEAST, MOST = 3, 100_000  # replicates
UNTIL = (*WISHES, "outcome", "most")


@dataclass(frozen=True, slots=True)
class Until:
    """The precision that a ranking is to reach for one outcome, and the most replicates it may take.

    half_width is in the unit in which the outcome's changes are printed (shares: percentage points).
    """

    outcome: str
    most: int
    half_width: float | None = None
    rank_width: float | None = None
    top: int | None = None

    @property
    def of_order(self) -> bool:
        """Whether the order of measures is looked at: stopping then needs care."""
        return self.rank_width is not None or self.top is not None


def read(sources: Iterable[tuple[Mapping[str, Any], str]], methods: Iterable[str], replicates: int) -> dict[str, Any]:
    """The keys of KEYS from several (ranking, place); a later one wins, of composite and until value by value."""
    counts = {"interactions": 0, "timing": 0, "sources": 0, "circumstances": 0}
    values: dict[str, dict[str, Any]] = {"composite": {}, "until": {}}
    places: dict[str, dict[str, str]] = {"composite": {}, "until": {}}
    for ranking, place in sources:
        for key in counts:
            if ranking.get(key) is not None:
                count = _levels if key == "sources" else _count
                counts[key] = count(ranking[key], place, f"ranking.{key}")
        for key, found in values.items():
            own = reading.mapping(ranking.get(key), place, f"ranking.{key}")
            found |= own
            places[key] |= dict.fromkeys(own, place)
    weights = composite(values["composite"], places["composite"])
    return {
        "interactions": min(counts["interactions"], replicates),
        "timing": counts["timing"],
        "sources": counts["sources"],
        "circumstances": min(counts["circumstances"], replicates),
        "composite": weights,
        "until": until(values["until"], places["until"], methods, replicates, bool(weights)),
    }


def _count(value: Any, place: str, key: str) -> int:
    """0 (off) or a number of replicates that is enough for an interval."""
    allowed = f"0 (off) or a whole number from {LEAST}"
    count = reading.whole(value, 0, MOST, place, key, f"{allowed},")
    if count and count < LEAST:
        raise reading.refuse(place, key, value, allowed)
    return count


def _levels(value: Any, place: str, key: str) -> int:
    """0 (off) or the levels of each source: a prime, so that there is an array."""
    if isinstance(value, bool) or value not in (0, *SOURCES):
        raise reading.refuse(place, key, value, f"0 (off) or a prime number of levels ({', '.join(map(str, SOURCES))})")
    return int(value)


def check_players(study: Any, origin: str, place: str) -> None:
    """Refuse what the number of ranked measures does not allow; `place` is that of ranking.until.top."""
    count = len(study.settings[study.ranked].measures)
    if study.interactions and count < 3:
        raise SettingError(f"{origin}, settings.{study.ranked}.measures: two in force, three expected by interactions")
    if study.until and study.until.top is not None and study.until.top >= count:
        allowed = f"a whole number from 1 to {count - 1} (one less than there are measures)"
        raise reading.refuse(place, "ranking.until.top", study.until.top, allowed)


def composite(weights: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, float]:
    """Weights by outcome, 0 or above and one of them positive; `places` says where each was given."""
    if not weights:
        return {}
    from sim.indicators import OUTCOMES

    found = {}
    for name, weight in weights.items():
        if name not in OUTCOMES:
            raise reading.unknown(places[name], f"ranking.composite.{name}", "outcome", OUTCOMES)
        found[name] = reading.number(weight, 0.0, MOST_WEIGHT, places[name], f"ranking.composite.{name}")
    if not any(found.values()):
        last = list(places.values())[-1]
        raise SettingError(f"{last}, ranking.composite: all weights are 0, at least one above 0 expected")
    return found


def until(
    given: Mapping[str, Any], places: Mapping[str, str], methods: Iterable[str], replicates: int, weighed: bool
) -> Until | None:
    """The wanted precision, or None; `replicates` are the first batch, `weighed` says that there is a composite."""
    if not given:
        return None
    last = list(places.values())[-1]
    reading.known_keys(given, UNTIL, last, "ranking.until.")
    if not any(given.get(key) is not None for key in WISHES):
        raise SettingError(f"{last}, ranking.until: no precision given, one of {', '.join(WISHES)} expected")

    def wish(key: str, low: float, high: float, check: Any = reading.number) -> Any:
        return None if given.get(key) is None else check(given[key], low, high, places[key], f"ranking.until.{key}")

    if given.get("most") is None:
        raise SettingError(f"{last}, ranking.until.most: missing, the most replicates that may be made expected")
    most = wish("most", replicates + 1, MOST, _replicates)
    if "sobol" in methods and most % 2:
        raise reading.refuse(places["most"], "ranking.until.most", most, "for sobol, an even number")
    return Until(
        outcome=_outcome(given.get("outcome"), places, weighed),
        most=most,
        half_width=wish("half_width", 1e-9, 1e9),
        rank_width=wish("rank_width", 1, 1e6),
        top=wish("top", 1, 10_000, reading.whole),
    )


def _replicates(value: Any, low: int, high: int, place: str, key: str) -> int:
    return reading.whole(value, low, high, place, key, "more replicates than the first batch has, a whole number")


def _outcome(given: Any, places: Mapping[str, str], weighed: bool) -> str:
    from sim.indicators import OUTCOMES

    allowed = (*OUTCOMES, COMPOSITE) if weighed else OUTCOMES
    return OUTCOMES[0] if given is None else reading.choice(given, allowed, places["outcome"], "ranking.until.outcome")
