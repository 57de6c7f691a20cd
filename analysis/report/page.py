"""One self-contained HTML page: findings, figures, tables, settings, limits, provenance.

Nothing in it is fetched from anywhere: style, letters and figures are inside. Every value is
escaped; only our own style sheet, fonts and figures are put in as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import figures
from analysis.figures import datasets
from analysis.report.fonts import embed_fonts
from analysis.report.opening import opening
from analysis.report.prose import Rows
from analysis.report.section import Material
from analysis.report.sections import make_sections
from analysis.report.settings_table import settings_table, town_name
from analysis.report.tables import Table, pair_table
from analysis.words import Outcomes, Reader, language_file

if TYPE_CHECKING:
    import jinja2
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


def build_page(
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
) -> str:
    """The page as text, in the reader's language.

    `dataset` [setting, replicate, week] feeds the paths and the hours (left out where it lacks the shares). The reader
    names what is shown; `settings` maps each setting to its fingerprint and plain data. `levels` and `effects` are rows
    of analysis.uncertainty, `ranking` rows of analysis.attribution. `further` holds the rows of the folder's other
    tables by name; some have sections (analysis/report/sections). `rest` are outcomes of the ranking that get a
    sentence each. What is None or empty is left out.
    """
    reader = reader.with_labels(datasets.setting_labels(dataset, reader.labels))
    tables = {"levels": levels or (), "effects": effects or (), "ranking": ranking or (), **(further or {})}
    given = Material(
        reader,
        tables,
        _Counter(reader).figure,
        last=datasets.last_year(dataset),
        dataset=dataset,
        asked=provenance.get("ranking") or {},
        summary=summary,
        rest=rest or {},
    )
    text, town, behaviour = reader.text, town_name(settings, reader), provenance.get("behaviour")
    kind = "rank" if ranking else "compare" if effects else "run"
    lead, points, remarks = opening(given, town, behaviour)
    content: dict[str, Any] = {
        "lang": language_file(reader.language).TAG,
        "text": text,
        "title": text[f"page_title_{kind}"].format(town=town[:1].upper() + town[1:]),
        "lead": lead,
        "points": points,
        "remarks": remarks,
        "sections": make_sections(given),
        "command": command,
        "settings": settings_table(settings, reader, behaviour),
        "limits": _limits(given, bool(behaviour)),
        **_record_tables(provenance, summary, text),
    }
    bare = _template().render(**content, fonts="", css="")
    fonts = embed_fonts(_letters(bare), reader.language)
    return _template().render(**content, fonts=fonts, css=_read("page.css"))


def _limits(given: Material, behaviour: bool) -> list[str]:
    """How far the page can be trusted; what an interval covers differs over a behavioural set."""
    shown = [
        limit
        for limit in LIMITS
        if (limit != "interactions" or given.tables.get("ranking"))
        and (limit != "corruption" or "micro_corruption" in given.reader.outcomes)
    ]
    intervals = "intervals_behaviour" if behaviour else "intervals"
    return [given.reader.text[f"limit_{intervals if limit == 'intervals' else limit}"] for limit in shown]


def _record_tables(
    provenance: Mapping[str, Any], summary: Mapping[str, float] | None, text: Mapping[str, str]
) -> dict[str, Table | None]:
    """Where the numbers come from, and all figures of the summary."""
    kept = {k: v for k, v in provenance.items() if k not in ("setting", "settings") and v is not None}
    record = pair_table(text["tab_provenance"], (text["col_item"], text["col_value"]), kept, text["provenance_more"])
    columns = (text["col_figure"], text["col_value"])
    return {"provenance": record, "summary": pair_table(text["tab_summary"], columns, summary, "") if summary else None}


def write_page(path: Path | str, dataset: xarray.Dataset, **content: Any) -> Path:
    """Write the page of `build_page` to `path` (UTF-8); its folder is made if missing."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(build_page(dataset, **content), encoding="utf-8")
    return target


class _Counter:
    """Numbers the figures of one page."""

    def __init__(self, reader: Reader) -> None:
        self.text, self.count = reader.text, 0

    def figure(self, drawn: Any, name: str, title: str, alt: str, caption: str) -> dict[str, str]:
        self.count += 1
        return {
            "id": f"figure-{name}",
            "svg": figures.inline_svg(drawn, name, title, alt),
            "number": self.text["figure_number"].format(n=self.count),
            "caption": caption,
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
