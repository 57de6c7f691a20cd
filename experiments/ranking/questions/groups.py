"""Groups of measures and levers that Morris's method screens as one: a cheap first look at many.

tables/groups.csv   strengths of groups, and of players in no group
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.study.keys import Key
from experiments.study.question import Given, Question
from experiments.study.ranking_spec import names_in
from experiments.study.study import Study
from sim.inputs import validators
from sim.inputs.validators import SettingError

if TYPE_CHECKING:
    from experiments.ranking.rank_parts import Ranked


def parse(given: Given) -> Mapping[str, tuple[str, ...]]:
    """Players by the group they are screened in."""
    return groups_of(*given.merge("groups"), given.players)


def groups_of(
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
        for name in names_in(named, place, key, "a list of ranked measures and levers"):
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


def design(study: Study, problem) -> tuple[Any, Any]:
    """Morris's design over groups."""
    from analysis.attribution import sample

    group_of = {name: group for group, names in study.value("groups").items() for name in names}
    groups = replace(problem, groups=group_of, bounds={})  # a range too is switched, from end to end
    return groups, sample("morris", groups)


def tables(ranked: Ranked) -> dict[str, list[dict[str, Any]]]:
    """The table, outcome by outcome."""
    from analysis.attribution import analyse

    return {"groups": ranked.rows_of("groups", analyse)}


QUESTION = Question(
    "groups",
    order=20,
    keys=(
        Key(
            "ranking.groups.<name>",
            "list of two or more ranked measures and levers",
            "none",
            "a group of them that Morris's method screens as one, beside those in no group: a cheap first look at "
            "many (one run more than there are groups, a replicate)",
            ("rank",),
            after="ranking.composite.<outcome>",
        ),
    ),
    parse=parse,
    design=design,
    tables=tables,
    record=lambda study: {group: list(players) for group, players in study.value("groups").items()},
)
