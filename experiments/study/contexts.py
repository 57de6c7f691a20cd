"""Contexts in which a ranking is tried again; each changes one thing of the ranked setting.

    town       a town that comes with the toolkit
    theory     a rival theory, alone
    election   another week of the village elections: a year later, and half a term later
    potency    all measures as weak, or as strong, as their files say (not where there are none)

The towns are picked by hand: they show how far a finding generalises, but are no sample of towns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.inputs.settings import Setting
from sim.vocabulary import THEORIES, YEAR

TOWNS = ("average", "inspected", "remote_town", "subdistrict")
POTENCIES = ("weak", "strong")
SPANS = {"tolerance": (0.0, 0.8), "burden": (0.4, 2.0), "supervision": (0.0, 0.3)}  # assumption

Context = tuple[str, str]  # which of the four it is, and its value


def other_towns(own: Setting) -> tuple[str, ...]:
    """The towns that come with the toolkit, but for that of `own`."""
    return tuple(town for town in TOWNS if town != own.town.id)


def contexts(own: Setting) -> dict[Context, dict[str, Any]]:
    """What a source of settings would say of each context that `own` is not in already."""
    found: dict[Context, dict[str, Any]] = {("town", town): {"town": town} for town in other_towns(own)}
    for part, options in THEORIES.items():
        found |= {("theory", name): {"theory": {part: name}} for name in options if name != own.theory[part]}
    calendar = own.facts["calendar"]
    first, term = calendar["election_week"], calendar["election_interval"]
    for later in (YEAR, term // 2):
        week = (first + later) % term
        if week != first % term:
            found["election", f"{week:g}"] = {"facts": {"calendar": {"election_week": week}}}
    potencies = POTENCIES if own.measures else ()
    return found | {("potency", name): {"potency": name} for name in potencies if name != own.potency}


def free_dials(ranked: Setting, ranges: Iterable[str]) -> tuple[str, ...]:
    """The dials that scenarios move: those that neither the ranked setting nor a range of the ranking does."""
    held = {*ranges, *(change.id for change in ranked.levers)}
    return tuple(dial for dial in SPANS if dial not in held)
