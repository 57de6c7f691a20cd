"""One self-contained HTML page of a report (blocks.py).

Nothing in it is fetched from anywhere: style, letters and figures are inside. Every value is
escaped; only our own style sheet, fonts and figures are put in as they are.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import figures
from analysis.report.blocks import Picture, Report, number_of
from analysis.report.content import make_report
from analysis.report.fonts import embed_fonts
from analysis.report.seal import PLACE, seal_text
from analysis.words import language_file

if TYPE_CHECKING:
    import jinja2
    import xarray


def page_text(report: Report) -> str:
    """The page of a report."""
    reader = report.reader
    drawings = {
        block.id: figures.inline_svg(block.drawn, block.name, block.title, block.alt)
        for block in report.blocks()
        if isinstance(block, Picture)
    }
    content: dict[str, Any] = {
        "lang": language_file(reader.language).TAG,
        "text": reader.text,
        "report": report,
        "names": report.names(),
        "drawings": drawings,
        "number_of": lambda block: number_of(block, reader),
        "seal": PLACE,
        "kind_of": lambda block: type(block).__name__,
    }
    bare = _template().render(**content, fonts="", css="")
    fonts = embed_fonts(_letters(bare), reader.language)
    return _template().render(**content, fonts=fonts, css=_read("page.css"))


def page_file(report: Report) -> bytes:
    """The page as a file, under its seal."""
    return seal_text(page_text(report).encode())


def build_page(dataset: xarray.Dataset, **content: Any) -> str:
    """The page as text, in the reader's language, of what content.make_report is handed."""
    return page_text(make_report(dataset, **content))


def write_page(path: Path | str, dataset: xarray.Dataset, **content: Any) -> Path:
    """Write the page of `build_page` to `path` (UTF-8); its folder is made if missing."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(page_file(make_report(dataset, **content)))
    return target


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
