"""A report as a PDF, set by typst from its package: bookmarks, tags for readers that speak (PDF/UA-1), fonts inside.

The text goes to pdf.typ as data and is never read as markup. Letters come from the fonts that figures use, so that a
PDF looks the same on every machine; figures stand in it as drawings.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from analysis import figures
from analysis.report.blocks import Block, Grid, Picture, Points, Report, clean
from analysis.report.column_widths import column_shares
from analysis.report.seal import PLACE, seal_text
from analysis.words import language_file

STANDARD: Final = "ua-1"  # PDF/UA-1, ISO 14289-1: tagged, with a title, a language and a text for every figure
LONGEST_PIECE = 24  # letters without a blank, after which a line may break
TEXT_WIDTH = 160 / 25.4  # inches


def pdf_file(report: Report) -> bytes:
    """The PDF of a report."""
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for block in report.blocks():
            if isinstance(block, Picture):
                drawing = figures.render(block.drawn, ("svg",))["svg"].decode()
                (folder / _file(block)).write_text(clean(drawing), encoding="utf-8")
        (folder / "data.json").write_text(json.dumps(_data(report), ensure_ascii=False), encoding="utf-8")
        main = folder / "report.typ"
        main.write_text((Path(__file__).parent / "pdf.typ").read_text(encoding="utf-8"), encoding="utf-8")
        content = typst.compile(
            str(main),
            root=str(folder),
            font_paths=[str(sans_path().parent)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDARD],
        )
    return seal_text(content)


def _file(block: Picture) -> str:
    return f"figure-{block.number}.svg"


def _data(report: Report) -> dict[str, Any]:
    """All that pdf.typ writes, as plain data."""
    reader, text = report.reader, report.reader.text
    tag = language_file(reader.language).TAG.split("-")
    title = breakable(report.title)
    day = [int(part) for part in report.day.split("-")] if report.day else None
    return {
        "title": title,
        "head": title if len(title) <= 80 else title[:79] + "…",
        "authors": [report.author] if report.author else [],
        "byline": "\N{EM SPACE}".join(one for one in (report.author, report.date) if one),
        "date": report.date,
        "day": day,
        "kicker": text["page_kicker"],
        "contents": text["contents"],
        "comma": text["comma"],
        "refs": text["refs"].split("{refs}"),
        "lang": tag[0],
        "region": tag[1] if len(tag) > 1 else None,
        "seal": PLACE,
        "names": report.names(),
        "parts": [
            {
                "id": part.id,
                "title": breakable(part.title),
                "blocks": [_block(one) for one in part.blocks if _kept(one)],
            }
            for part in report.parts
        ],
    }


def _kept(block: Block) -> bool:
    return not (isinstance(block, Grid) and block.folded)


def _block(block: Block) -> dict[str, Any]:
    """One block as data."""
    if isinstance(block, Points):
        return {"type": "points", "items": [breakable(item) for item in block.items]}
    if isinstance(block, Picture):
        width = min(1.0, block.drawn.get_figwidth() / TEXT_WIDTH)
        caption = breakable(block.caption)
        return {
            "type": "picture",
            "id": block.id,
            "file": _file(block),
            "alt": block.alt,
            "caption": caption,
            "width": width,
        }
    if isinstance(block, Grid):
        table = block.table
        return {
            "type": "grid",
            "id": block.id,
            "caption": breakable(table.caption),
            "columns": [breakable(head) for head in table.columns],
            "rows": [[breakable(str(cell)) for cell in row] for row in table.rows],
            "words": sorted(table.words),
            "breaks": sorted(table.breaks),
            "short": table.short,
            "widths": column_shares(table),
            "size": 8.0 if len(table.columns) < 7 else 7.0,
        }
    said = block.said if block.kind == "code" else breakable(block.said)
    return {"type": "text", "kind": block.kind, "said": said, "label": block.label, "refs": list(block.refs)}


def breakable(text: str) -> str:
    """Text in which a line may break inside a piece that is longer than any word."""
    pieces = []
    for piece in text.split(" "):
        if len(piece) > 2 * LONGEST_PIECE:
            cut = range(0, len(piece), LONGEST_PIECE)
            piece = "\N{ZERO WIDTH SPACE}".join(piece[at : at + LONGEST_PIECE] for at in cut)
        pieces.append(piece)
    return " ".join(pieces)
