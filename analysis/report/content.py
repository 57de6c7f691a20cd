"""What a report says, in the order in which it says it: the plain form (blocks.py) of a finished job."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures import datasets
from analysis.report import brief, method
from analysis.report.blocks import Block, Grid, Numbers, Part, Picture, Points, Report, Text, cleaned, section_blocks
from analysis.report.opening import opening
from analysis.report.prose import Rows
from analysis.report.section import Material
from analysis.report.sections import SECTIONS, make_sections
from analysis.report.settings_table import settings_table, town_name
from analysis.report.tables import pair_table
from analysis.words import Outcomes, Reader

if TYPE_CHECKING:
    import xarray

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
OWN_PARTS = ("brief", "method", "settings", "limits", "made", "citation")
PARTS = (OWN_PARTS[0], *SECTIONS, *OWN_PARTS[1:])
"""Parts that can be asked for by name: those of a report itself, and the files of sections."""


def make_report(
    dataset: xarray.Dataset,
    *,
    reader: Reader,
    settings: Mapping[str, Mapping[str, Any]],
    command: str,
    provenance: Mapping[str, Any],
    summary: Mapping[str, float] | None = None,
    levels: Rows | None = None,
    effects: Rows | None = None,
    ranking: Rows | None = None,
    further: Mapping[str, Rows] | None = None,
    rest: Outcomes | None = None,
    catalogue: Mapping[str, Any] | None = None,
    title: str = "",
    author: str = "",
    only: Collection[str] = (),
) -> Report:
    """The report in the reader's language.

    `dataset` [setting, replicate, week] feeds the paths and the hours (left out where it lacks the shares). The reader
    names what is shown; `settings` maps each setting to its fingerprint and plain data. `levels` and `effects` are rows
    of analysis.uncertainty, `ranking` rows of analysis.attribution. `further` holds the rows of the folder's other
    tables by name; some have sections (analysis/report/sections). `rest` are outcomes of the ranking that get a
    sentence each. `catalogue` has all indicators, the essay's points and what harm measures can do. What is None or
    empty is left out. `title` takes the place of the report's own, `only` names the PARTS that are wanted (all, if
    empty).
    """
    reader = reader.with_labels(datasets.setting_labels(dataset, reader.labels))
    numbers = Numbers()
    given = Material(
        reader,
        {"levels": levels or (), "effects": effects or (), "ranking": ranking or (), **(further or {})},
        numbers.figure,
        last=datasets.last_year(dataset),
        dataset=dataset,
        asked=provenance.get("ranking") or {},
        summary=summary,
        rest=rest or {},
        catalogue=catalogue or {},
        definitions=_definitions(settings),
    )
    text, town = reader.text, town_name(settings, reader)
    title = title or _title(text, town, ranking, effects)
    middle = [
        Part(one["id"], one["title"], section_blocks(one, numbers)) for one in make_sections(given, only or SECTIONS)
    ]
    last = {
        "method": lambda: method.method_part(given, provenance),
        "settings": lambda: _settings(settings, command, given, provenance, numbers),
        "limits": lambda: _limits(given, bool(provenance.get("behaviour"))),
        "made": lambda: _made(provenance, summary, text, numbers),
        "citation": lambda: method.citation_part(title, author, command, provenance, reader),
    }
    wanted = only or OWN_PARTS
    parts = [_first(given, town, provenance, middle)] if "brief" in wanted else []
    parts += [*middle, *(make() for name, make in last.items() if name in wanted)]
    day, date = method.day_of(provenance), method.written_date(provenance, reader)
    made: Report = cleaned(Report(reader, title, parts, author, date, day))
    return made


def _title(text: Mapping[str, str], town: str, ranking: Rows | None, effects: Rows | None) -> str:
    """The report's own title, by what was run."""
    kind = "rank" if ranking else "compare" if effects else "run"
    return text[f"page_title_{kind}"].format(town=town[:1].upper() + town[1:])


def _definitions(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The measures of all settings as they were run."""
    found: dict[str, Mapping[str, Any]] = {}
    for given in settings.values():
        found |= given.get("setting", {}).get("definitions") or {}
    return found


def _first(given: Material, town: str, provenance: Mapping[str, Any], middle: list[Part]) -> Part:
    """The findings, and the brief: how much, how sure, at what cost, and when it turns round."""
    text = given.reader.text
    lead, points, remarks = opening(given, town, provenance.get("behaviour"))
    refs = [block.id for part in middle for block in part.blocks if isinstance(block, Grid | Picture)]
    blocks: list[Block] = [Text(said, "lead") for said in lead]
    blocks += [Points(points)] if points else []
    blocks += brief.brief_blocks(given, refs)
    blocks += [Text(said, "note") for said in remarks]
    blocks.append(Text(text["page_conditional"], "box"))
    return Part("findings", text["find_heading"], blocks, "findings")


def _settings(
    settings: Mapping[str, Mapping[str, Any]],
    command: str,
    given: Material,
    provenance: Mapping[str, Any],
    numbers: Numbers,
) -> Part:
    """What was run, and the line that runs it again."""
    text = given.reader.text
    table = settings_table(settings, given.reader, provenance.get("behaviour"))
    blocks: list[Block] = [
        Text(text["settings_command"]),
        Text(command, "code"),
        numbers.grid("settings", table, "settings"),
    ]
    return Part("settings", text["sec_settings"], blocks)


def _limits(given: Material, behaviour: bool) -> Part:
    """How far the report can be trusted; what an interval covers differs over a behavioural set."""
    text = given.reader.text
    shown = [
        limit
        for limit in LIMITS
        if (limit != "interactions" or given.tables.get("ranking"))
        and (limit != "corruption" or "micro_corruption" in given.reader.outcomes)
    ]
    intervals = "intervals_behaviour" if behaviour else "intervals"
    items = [text[f"limit_{intervals if limit == 'intervals' else limit}"] for limit in shown]
    return Part("limits", text["sec_limits"], [Points(items)], "limits")


def _made(
    provenance: Mapping[str, Any], summary: Mapping[str, float] | None, text: Mapping[str, str], numbers: Numbers
) -> Part:
    """Where the numbers come from; on the page also the whole record and all figures of the summary."""
    kept = {k: v for k, v in provenance.items() if k not in ("setting", "settings") and v is not None}
    record = pair_table(text["tab_provenance"], (text["col_item"], text["col_value"]), kept, text["provenance_more"])
    blocks: list[Block] = [Text(text["made_of"])]
    blocks += [numbers.grid("made", method.made_table(provenance, text), "pairs")]
    blocks += [numbers.grid("provenance", record, "pairs", text["sec_record"])]
    if summary:
        figures = pair_table(text["tab_summary"], (text["col_figure"], text["col_value"]), summary, "")
        blocks.append(numbers.grid("summary", figures, "pairs", text["sec_summary"]))
    return Part("provenance", text["sec_provenance"], blocks)
