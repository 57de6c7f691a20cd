"""One self-contained HTML page: findings, figures, tables, settings, limits, provenance.

Nothing in it is fetched from anywhere: style, letters and figures are inside. Every value is
escaped; only our own style sheet, fonts and figures are put in as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import figures
from analysis.figures import data
from analysis.figures.style import ACTIVITIES
from analysis.figures.time_use import columns as hours_columns
from analysis.report import findings, tables, together
from analysis.report import ranking as rankings
from analysis.report.fonts import embedded_fonts
from analysis.report.settings import settings_table, town_name
from analysis.words import label, words

if TYPE_CHECKING:
    import jinja2
    import xarray

Rows = Sequence[Mapping[str, Any]]
LIMITS = (
    "conditional",
    "known",
    "assumptions",
    "intervals",
    "interactions",
    "places",
    "outside",
    "corruption",
)


def build_page(
    dataset: xarray.Dataset,
    *,
    language: str,
    outcomes: Mapping[str, Mapping[str, Any]],
    labels: Mapping[str, Mapping[str, str]],
    settings: Mapping[str, Mapping[str, Any]],
    command: str,
    provenance: Mapping[str, Any],
    summary: Mapping[str, float] | None = None,
    levels: Rows | None = None,
    effects: Rows | None = None,
    ranking: Rows | None = None,
    further: Mapping[str, Rows] | None = None,
    rest: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The page as text, in `language` ("en" or "zh").

    `dataset` [setting, replicate, week] feeds the paths and the hours (left out where it lacks the
    shares); `outcomes` and `labels` name what is shown; `settings` maps each setting to its
    fingerprint and plain data; `levels` and `effects` are rows of analysis.uncertainty, `ranking`
    rows of analysis.attribution. `further` holds the rows of the folder's other tables by name, of which some have
    sections (analysis/report/ranking.py). `rest` are outcomes of the ranking that are told in a sentence each. What is
    None or empty is left out.
    """
    text = words(language)
    names = {**labels, **data.setting_labels(dataset, labels)}
    last = data.last_year(dataset)
    every = data.with_composite(outcomes, ranking)
    town = town_name(settings, language)
    kind = "rank" if ranking else "compare" if effects else "run"
    counter = _Counter(text)
    sections = []
    if effects:
        sections.append(_effect(effects, outcomes, names, last, language, counter))
    sections.append(_paths(dataset, outcomes, names, language, counter))
    if levels:
        sections.append(
            {
                "id": "levels",
                "title": text["sec_levels"],
                "width": "wide",
                "figures": [],
                "tables": [tables.level_table(levels, outcomes, names, last, language)],
                "notes": [],
            }
        )
    if ranking:
        sections += rankings.sections(
            ranking,
            further or {},
            outcomes,
            names,
            last,
            language,
            counter.figure,
            provenance.get("ranking") or {},
            summary,
            rest,
        )
    if all(activity in dataset for activity in ACTIVITIES):
        sections.append(_hours(dataset, names, language, counter))
    behaviour = provenance.get("behaviour")
    lead, points, remarks = _findings(dataset, levels, effects, ranking, behaviour, every, names, town, last, language)
    until = (provenance.get("ranking") or {}).get("until")
    remarks += together.precision_remarks(until, summary, {**every, **(rest or {})}, language)
    pair = (text["col_item"], text["col_value"])
    intervals = "intervals_behaviour" if behaviour else "intervals"
    content: dict[str, Any] = {
        "lang": "zh-CN" if language == "zh" else "en",
        "text": text,
        "title": text[f"page_title_{kind}"].format(town=town[:1].upper() + town[1:]),
        "lead": lead,
        "points": points,
        "remarks": remarks,
        "sections": sections,
        "command": command,
        "settings": settings_table(settings, names, language, behaviour),
        "limits": [
            text[f"limit_{intervals if limit == 'intervals' else limit}"]
            for limit in LIMITS
            if (limit != "interactions" or ranking) and (limit != "corruption" or "micro_corruption" in outcomes)
        ],
        "provenance": tables.pair_table(
            text["tab_provenance"],
            pair,
            {k: v for k, v in provenance.items() if k not in ("setting", "settings") and v is not None},
            text["provenance_more"],
        ),
        "summary": tables.pair_table(text["tab_summary"], (text["col_figure"], text["col_value"]), summary, "")
        if summary
        else None,
    }
    bare = _template().render(**content, fonts="", css="")
    fonts = embedded_fonts(_letters(bare), language)
    return _template().render(**content, fonts=fonts, css=_read("page.css"))


def write_page(path: Path | str, dataset: xarray.Dataset, **content: Any) -> Path:
    """Write the page of `build_page` to `path` (UTF-8); its folder is made if missing."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(build_page(dataset, **content), encoding="utf-8")
    return target


class _Counter:
    """Numbers the figures of one page."""

    def __init__(self, text: Mapping[str, str]) -> None:
        self.text, self.count = text, 0

    def figure(self, drawn: Any, name: str, title: str, alt: str, caption: str) -> dict[str, str]:
        self.count += 1
        return {
            "id": f"figure-{name}",
            "svg": figures.inline_svg(drawn, name, title, alt),
            "number": self.text["figure_number"].format(n=self.count),
            "caption": caption,
        }


def _findings(
    dataset: xarray.Dataset,
    levels: Rows | None,
    effects: Rows | None,
    ranking: Rows | None,
    behaviour: Mapping[str, Any] | None,
    outcomes: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, Mapping[str, str]],
    town: str,
    last: int,
    language: str,
) -> tuple[list[str], list[str], list[str]]:
    """Lead sentences, points and remarks."""
    text = words(language)
    lead: list[str] = []
    remarks: list[str] = []
    if effects:
        lead = findings.lead_sentences(effects, outcomes, names, town, last, language)
    elif levels:
        lead = findings.run_sentences(levels, outcomes, names, town, last, language)
    points = (
        findings.ranking_sentences(ranking, outcomes, names, rankings.lead_of(ranking), language) if ranking else []
    )
    if not lead and not points:
        return [text["find_nothing"]], [], []
    if not effects and dataset.sizes.get("setting", 1) == 1:
        remarks.append(text["find_run_note"])
    count = int(float((effects or levels or [{"replicates": 0}])[0]["replicates"]))
    if count > 1:
        remarks.insert(0, _replicates(count, behaviour, text))
    elif count == 1:
        remarks.insert(0, text["find_one_replicate"])
    return lead, points, remarks


def _replicates(count: int, behaviour: Mapping[str, Any] | None, text: Mapping[str, str]) -> str:
    """What differs from one replicate to the next."""
    if not behaviour:
        return text["find_replicates"].format(n=count)
    fields = {"n": count, "draws": len(behaviour["draws"]), "set": behaviour["set"]}
    return text["find_replicates_behaviour"].format(**fields)


def _paths(
    dataset: xarray.Dataset,
    outcomes: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, Mapping[str, str]],
    language: str,
    counter: _Counter,
) -> dict[str, Any]:
    text = words(language)
    drawn = figures.paths(dataset, outcomes=outcomes, language=language, labels=names)
    every = [data.outcome_labels(outcomes, name, language) for name in outcomes]
    shown = [label(names, name, language) for name in data.setting_names(dataset)]
    alt = text["alt_paths"].format(
        outcomes=findings.listed([findings.running(name, language) for name in every], language),
        settings=findings.listed(shown, language),
    )
    several = dataset.sizes.get("setting", 1) > 1
    caption = text["cap_paths"] + (text["sentence_space"] + text["cap_history"] if several else "")
    return {
        "id": "paths",
        "title": text["sec_paths"],
        "width": "middle",
        "figures": [counter.figure(drawn, "paths", text["fig_paths_title"], alt, caption)],
        "tables": [],
        "notes": [],
    }


def _effect(
    effects: Rows,
    outcomes: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, Mapping[str, str]],
    last: int,
    language: str,
    counter: _Counter,
) -> dict[str, Any]:
    text = words(language)
    drawn = figures.effect_strip(effects, outcomes=outcomes, language=language, labels=names)
    first = effects[0]
    others = dict.fromkeys(row["other"] for row in effects)
    fields = {
        "base": label(names, str(first["base"]), language),
        "other": label(names, str(first["other"]), language),
        "level": findings.percent(float(first.get("level", 0.95)), language),
        "n": int(float(first["replicates"])),
    }
    every = [data.outcome_labels(outcomes, name, language) for name in outcomes]
    alt = text["alt_effect"].format(
        outcomes=findings.listed([findings.running(name, language) for name in every], language)
    )
    several = "_several" if len(others) > 1 else ""
    title = text[f"fig_effect_title{several}"].format(**fields)
    caption = text["cap_effect"].format(**fields)
    return {
        "id": "effect",
        "title": text[f"sec_effect{several}"],
        "width": "middle",
        "figures": [counter.figure(drawn, "effect", title, alt, caption)],
        "tables": [
            tables.effect_table([row for row in effects if row["other"] == other], outcomes, names, last, language)
            for other in others
        ],
        "notes": [text["note_ratio"]],
    }


def _hours(
    dataset: xarray.Dataset,
    names: Mapping[str, Mapping[str, str]],
    language: str,
    counter: _Counter,
) -> dict[str, Any]:
    text = words(language)
    drawn = figures.hours(dataset, language=language, labels=names)
    shown = hours_columns(dataset, language=language, labels=names)
    title = text["fig_hours_title"]
    return {
        "id": "hours",
        "title": text["sec_hours"],
        "width": "middle",
        "figures": [counter.figure(drawn, "hours", title, text["alt_hours"], text["cap_hours"])],
        "tables": [tables.hours_table(shown, language)],
        "notes": [],
    }


def _letters(page: str) -> str:
    """The characters a reader sees: tags and drawings do not count."""
    from markupsafe import Markup

    outside = []
    rest = page
    while "<svg" in rest:
        before, _, rest = rest.partition("<svg")
        outside.append(before)
        rest = rest.partition("</svg>")[2]
    outside.append(rest)
    return Markup("".join(outside)).striptags() + "0123456789"


@cache
def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False)
    return environment.from_string(_read("page.html"))
