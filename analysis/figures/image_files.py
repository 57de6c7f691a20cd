"""Figures as files, and as SVG that can stand inside a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.figures.style import drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
}


def save(figure: Figure, folder: Path | str, name: str) -> list[Path]:
    """Write `name`.png (200 dpi), .svg and .pdf into `folder` (made if missing).

    The same figure gives the same bytes.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, content in render(figure).items():
        path = target / f"{name}.{kind}"
        path.write_bytes(content)
        written.append(path)
    return written


def render(figure: Figure, kinds: Iterable[str] = tuple(_METADATA), text: bool = False) -> dict[str, bytes]:
    """The contents of the figure's files by kind: png (200 dpi), svg, pdf; with `text`, letters of an SVG are text."""
    from matplotlib import rcParams

    found = {}
    for kind in kinds:
        buffer = io.BytesIO()
        with drawing():
            rcParams["svg.fonttype"] = "none" if text else "path"
            figure.savefig(buffer, format=kind, dpi=DPI, metadata=_METADATA[kind])
        found[kind] = buffer.getvalue()
    return found


def inline_svg(figure: Figure, prefix: str, title: str, description: str) -> str:
    """The figure as an <svg> element.

    No links, no namespaces, ids that begin with `prefix`, a title and a description.

    Its width follows the page (viewBox only); text is drawn as outlines, so title and description
    are what a screen reader gets.
    """
    buffer = io.StringIO()
    with drawing():
        figure.savefig(buffer, format="svg", metadata=_METADATA["svg"])
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index("<svg") :].strip()
    drawn = re.sub(r"<metadata>.*?</metadata>\s*", "", drawn, flags=re.S)
    drawn = re.sub(r"<!--.*?-->\s*", "", drawn, flags=re.S)
    drawn = re.sub(r'<style type="text/css">.*?</style>\s*', "", drawn, flags=re.S)
    drawn = re.sub(r"<defs>\s*</defs>\s*", "", drawn)
    drawn = drawn.replace("xlink:href=", "href=")
    drawn = re.sub(r'\bid="', f'id="{prefix}-', drawn)
    drawn = drawn.replace('href="#', f'href="#{prefix}-').replace("url(#", f"url(#{prefix}-")
    head, body = drawn.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    assert box is not None
    return (
        f'<svg {box.group(0)} role="img" aria-labelledby="{prefix}-title {prefix}-desc" '
        'style="stroke-linejoin:round;stroke-linecap:butt">'
        f'<title id="{prefix}-title">{escape(title)}</title>'
        f'<desc id="{prefix}-desc">{escape(description)}</desc>{body}'
    )
