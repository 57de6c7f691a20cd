"""Pages made from the code at every build, so that they cannot be stale: measures, levers, indicators, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import yaml

from sim.indicators import CAUSES, INDICATORS, OUTCOMES, PAIN_POINTS, Indicator
from sim.inputs.measures import MEASURES, Cost, Entry, Measure
from sim.inputs.priors import Parameter, read_parameters
from sim.inputs.town_files import read_town
from sim.levers import LEVERS, Lever
from tools import DOCS, ROOT
from tools.markdown import figure, table
from tools.site.words import MEASURE_WORDS, UNITS_ZH
from tools.source import readers

TOWNS = ("average", "inspected")


# --- measures


def measures(language: str) -> str:
    """Every measure: what it is, the levers it moves, what it costs, what can go wrong, and who says so."""
    words = MEASURE_WORDS[language]
    parts = [f"# {words['title']}", words["opening"]]
    for measure in MEASURES.values():
        parts += _measure(measure, language)
    return "\n\n".join(parts) + "\n"


def _measure(measure: Measure, language: str) -> Iterable[str]:
    words = MEASURE_WORDS[language]
    own = measure.as_dict()
    yield f"## {own[f'label_{language}']} (`{measure.id}`)"
    yield own[f"sentence_{language}"]
    course = words["course_text"].format(
        nature=words[measure.nature], start=measure.start, ramp=figure(measure.ramp_weeks)
    )
    items = {
        "course": course,
        "risk": own[f"risk_{language}"],
        "helps": _beside(f"configs/helps/{measure.id}.yaml").get(f"best_{language}", ""),
        "hurts": _beside(f"configs/harms/{measure.id}.yaml").get(f"label_{language}", ""),
        "source": measure.source,
    }
    yield "\n".join(f"- **{words[name]}**{words['colon']}{text}" for name, text in items.items() if text)
    heads = (words["lever"], words["moves"], words["weak"], words["mode"], words["strong"])
    yield table(heads, (_moved(entry, language) for entry in measure.entries))
    costs = (
        (words["village_hours"], measure.hours_per_village_cadre_week),
        (words["township_hours"], measure.hours_per_township_cadre_week),
        (words["money"], measure.thousand_yuan_per_township_year),
    )
    yield table((words["cost"], words["low"], words["mode"], words["high"]), ((name, *_ends(c)) for name, c in costs))


def _moved(entry: Entry, language: str) -> tuple[str, ...]:
    lever = LEVERS[entry.lever]
    unit = UNITS_ZH[lever.unit] if language == "zh" and entry.op == "norm" else lever.unit
    name = lever.label_zh if language == "zh" else lever.label_en
    does = MEASURE_WORDS[language][entry.op].format(unit=unit)
    return (f"{name} (`{lever.id}`)", does, *map(figure, (entry.weak, entry.mode, entry.strong)))


def _ends(cost: Cost) -> tuple[str, ...]:
    return tuple(map(figure, (cost.low, cost.mode, cost.high)))


def _beside(name: str) -> dict[str, str]:
    path = ROOT / name
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


# --- levers


def levers() -> str:
    """Every lever by group: bounds, its value in two towns, who moves it, who reads it, and its source."""
    parts = [
        "# Levers",
        "What policy can move. A measure or a dial moves levers, and mechanisms read them; nothing else that a "
        "government does reaches an outcome. Any lever is set by `levers.<id>=<value>`; the three dials (`tolerance`, "
        "`burden`, `supervision`) by their name alone.",
    ]
    for group in dict.fromkeys(lever.group for lever in LEVERS.values()):
        heads = ("lever", "what", "unit", "low–high", *TOWNS, "moved by", "read by", "source")
        rows = (_lever(lever) for lever in LEVERS.values() if lever.group == group)
        parts += [f"## {group.capitalize()}", table(heads, rows)]
    return "\n\n".join(parts) + "\n"


def _lever(lever: Lever) -> tuple[str, ...]:
    moved = [f"`{m.id}`" for m in MEASURES.values() if any(entry.lever == lever.id for entry in m.entries)]
    return (
        f"`{lever.id}`",
        f"{lever.label_en}. {lever.sentence}",
        lever.unit,
        f"{figure(lever.low)}–{figure(lever.high)}",
        *(figure(read_town(town).spec.levers[lever.id]) for town in TOWNS),
        ", ".join(moved) or "no measure",
        ", ".join(lever.reader),
        lever.source,
    )


# --- indicators


def indicators() -> str:
    """Every outcome and indicator with its unit, direction, formula and what it stands for in the essay."""
    heads = ("indicator", "what", "unit", "better", "formula", "stands for")
    headline = [INDICATORS[id] for id in OUTCOMES]
    rest = [one for one in INDICATORS.values() if one.id not in OUTCOMES]
    parts = [
        "# Outcomes and indicators",
        "What is read off a run. `summary.json` and `data.nc` of every job hold all of them, and a ranking takes any "
        "that has a better direction (`ranking.outcomes=`). A ratio is pooled: numerator and denominator are summed "
        "over villages and weeks of a period before the division. One without a denominator is missing by design.",
        "The formulas divide tallies, which [the full description](../odd.md) lists.",
        "## The three headline outcomes",
        table(heads, map(_indicator, headline)),
        "## All others",
        table(heads, map(_indicator, rest)),
    ]
    return "\n\n".join(parts) + "\n"


def _indicator(one: Indicator) -> tuple[str, ...]:
    items = [f"{n}. {item.label_en}" for n, item in enumerate(PAIN_POINTS, 1) if one.id in item.indicators]
    items += [f"cause: {item.label_en}" for item in CAUSES if one.id in item.indicators]
    return (
        f"`{one.id}`",
        f"{one.label_en}. {one.sentence}",
        one.unit,
        one.better,
        f"`{one.formula}`",
        "; ".join(items),
    )


# --- parameters


def parameters() -> str:
    """Every prior of behaviour by the file that reads it: value, range, unit, source."""
    found = read_parameters()
    parts = [
        "# Parameters",
        f"The {len(found)} numbers of behaviour that no policy sets. The middle value is used unless told otherwise "
        "(`parameters.<id>=<value>`); runs over behaviour draw from a triangle from low over most likely to high, or "
        "from a behavioural set (`behaviour=average`). A number without a source is an assumption, and says so.",
    ]
    for reader in dict.fromkeys(one.reader for one in found.values()):
        heads = ("parameter", "what", "most likely", "low–high", "unit", "read by", "source")
        rows = (_parameter(one) for one in found.values() if one.reader == reader)
        parts += [f"## {reader.replace('_', ' ').capitalize()}", table(heads, rows)]
    return "\n\n".join(parts) + "\n"


def _parameter(one: Parameter) -> tuple[str, ...]:
    ends = f"{figure(one.low)}–{figure(one.high)}"
    return (f"`{one.id}`", one.text, figure(one.mode), ends, one.unit, ", ".join(readers(one.id)), one.source)


# --- glossary


def glossary_zh() -> str:
    """The Chinese half of docs/glossary.md, Chinese terms first."""
    lines = (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [re.split(r"\s*(?<!\\)\|\s*", line.strip().strip("|").strip()) for line in lines if line.startswith("| ")]
    rows = [(chinese, english, meaning) for english, chinese, _, meaning in cells[2:]]
    opening = "一物一名。第一栏是中文说法，第二栏是代码和英文文档中的说法。"
    return f"# 术语表\n\n{opening}\n\n{table(('术语', '英文', '含义'), rows)}\n"


PAGES: dict[str, Callable[[], str]] = {
    "reference/measures.md": lambda: measures("en"),
    "reference/measures.zh.md": lambda: measures("zh"),
    "reference/levers.md": levers,
    "reference/indicators.md": indicators,
    "reference/parameters.md": parameters,
    "reference/glossary.zh.md": glossary_zh,
}
