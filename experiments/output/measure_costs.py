"""What measures cost a year, in the whole town of a setting."""

from __future__ import annotations

from sim.inputs.settings import MeasureUse, Setting
from sim.vocabulary import YEAR


def costs_of(setting: Setting, towns: int = 1) -> dict[str, dict[str, list[tuple[float, float, float]]]]:
    """Cadre hours and yuan a year of each measure in force, in the whole town: parts (low, mode, high) by currency.

    Of a population of towns, the mean over those of so many replicates. Hours have two parts, village and township.
    Where potency is a number all runs share one draw of every cost, and the parts are exact.
    """
    count = towns if setting.town.weight else 1
    drawn = [setting.replace(seed=setting.seed + k).drawn for k in range(count)]
    village = sum(one.cadres or 0 for town in drawn for unit in town.units for one in unit.villages) / count
    township = sum(unit.township_cadres for town in drawn for unit in town.units) / count

    from sim.world import cost

    def part(use: MeasureUse, name: str, times: float) -> tuple[float, float, float]:
        measure = setting.definitions[use.id]
        one = getattr(measure, name)
        ends = (one.low, one.mode, one.high)
        if isinstance(setting.potency, int):
            ends = (cost(setting, measure, name),) * 3
        low, mode, high = (use.intensity * times * end for end in ends)
        return low, mode, high

    return {
        use.id: {
            "hours": [
                part(use, "hours_per_village_cadre_week", YEAR * village),
                part(use, "hours_per_township_cadre_week", YEAR * township),
            ],
            "yuan": [part(use, "thousand_yuan_per_township_year", 1_000.0 * len(drawn[0].units))],
        }
        for use in setting.measures
    }
