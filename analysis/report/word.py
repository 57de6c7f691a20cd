"""A report as a Word file, made of blocks (blocks.py): headings, filled contents, captions, native tables, figures.

The contents are a field that already holds its entries, each a link; captions count with SEQ fields and are referred to
by REF fields, so that Word keeps them right when somebody edits the file. Layouts: layouts.py, or an institute's own
file, whose styles and page are kept (`Template`). python-docx writes the file; word_fields.py what it has no words for.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.shared import Emu, Mm

from analysis import figures
from analysis.report import word_styles
from analysis.report.blocks import Block, Grid, Picture, Points, Report, Text, number_of
from analysis.report.layouts import LAYOUTS, Layout
from analysis.report.seal import seal_package
from analysis.report.word_fields import bookmark, field, field_end, field_start, link, run, table_element

TWIPS = 635  # EMU
HERE = "{{report}}"


def word_file(report: Report, template: str = "plain") -> bytes:
    """The Word file of a report, in a layout (LAYOUTS) or on a template, the path of a Word file.

    The file's date is the day of the job. Raises ValueError for a template that is none.
    """
    layout = LAYOUTS.get(template)
    document = docx.Document() if layout else open_template(template)
    if layout:
        word_styles.lay_out(document, layout, report)
    else:
        word_styles.complete(document)
        _fill_in(document, report)
    _Writer(document, report, layout).write()
    _describe(document, report)
    buffer = io.BytesIO()
    document.save(buffer)
    return seal_package(buffer.getvalue())


def open_template(path: str) -> Document:
    """An institute's own file. Raises ValueError if it is no Word file."""
    try:
        return docx.Document(str(Path(path).expanduser()))
    except Exception as error:  # python-docx raises what zipfile, lxml and the file system raise
        raise ValueError(f"a layout ({', '.join(LAYOUTS)}) or a Word file (.docx) expected") from error


def _fill_in(document: Document, report: Report) -> None:
    """Put title, author and date where a template names them, in its text, heads and feet."""
    said = {"{{title}}": report.title, "{{author}}": report.author, "{{date}}": report.date}
    paragraphs = list(document.paragraphs)
    for section in document.sections:
        paragraphs += [*section.header.paragraphs, *section.footer.paragraphs]
    for paragraph in paragraphs:
        if any(name in paragraph.text for name in said):
            text = paragraph.text
            for name, value in said.items():
                text = text.replace(name, value)
            for other in paragraph.runs[1:]:
                other.text = ""
            paragraph.runs[0].text = text


def _describe(document: Document, report: Report) -> None:
    """The file's own record: title, author, language and day."""
    properties = document.core_properties
    properties.title, properties.author = report.title[:255], (report.author or "township-lab")[:255]
    properties.comments, properties.language = "", report.reader.language
    made = datetime.fromisoformat(report.day or "2000-01-01")
    properties.created = properties.modified = made


class _Writer:
    """Writes the blocks of one report into a document."""

    def __init__(self, document: Document, report: Report, layout: Layout | None) -> None:
        self.document, self.report, self.layout = document, report, layout
        self.text, self.reader = report.reader.text, report.reader
        self.marks = 0
        section = document.sections[-1]
        page, left, right = section.page_width or Mm(210), section.left_margin or 0, section.right_margin or 0
        self.width = Emu(page - left - right)
        self.bookmarks = {
            block.id: f"_Ref_{'figure' if isinstance(block, Picture) else 'table'}_{block.number}"
            for block in report.blocks()
            if isinstance(block, Grid | Picture)
        }

    def write(self) -> None:
        """Title, contents and parts, at the template's {{report}} or at the end."""
        body = self.document.element.body
        anchor = next((p for p in self.document.paragraphs if p.text.strip() == HERE), None)
        before = len(body)
        if self.layout:
            self.title()
        first, *others = self.report.parts
        self.part(0, first)
        self.contents()
        for place, part in enumerate(others, 1):
            self.part(place, part)
        if anchor is not None:
            for made in list(body)[before - 1 : -1]:
                anchor._p.addprevious(made)
            body.remove(anchor._p)

    def paragraph(self, style: str, *content: Any) -> Any:
        """A paragraph of a style with runs, links or fields."""
        made = self.document.add_paragraph(style=self.document.styles[style])
        made._p.extend(content)
        return made

    def title(self) -> None:
        """The title, and author and date below it."""
        self.paragraph("Title", run(self.report.title))
        below = [one for one in (self.report.author, self.report.date) if one]
        if below:
            self.paragraph("Byline", run("\N{EM SPACE}".join(below)))

    def part(self, place: int, part: Any) -> None:
        """A heading that the contents lead to, and its blocks."""
        self.paragraph("Heading 1", *self.marked(f"_Toc_{place}", [run(part.title)]))
        for block in part.blocks:
            self.block(block)

    def contents(self) -> None:
        """A table of contents with its entries, each a link to its heading."""
        self.paragraph("Contents", run(self.text["contents"]))
        titles = [word_styles.numbered(place, part.title, self.layout) for place, part in enumerate(self.report.parts)]
        for place, title in enumerate(titles):
            content: list[Any] = field_start('TOC \\o "1-1" \\n \\h \\z \\u') if place == 0 else []
            content.append(link(f"_Toc_{place}", title))
            content += [field_end()] if place == len(titles) - 1 else []
            self.paragraph("toc 1", *content)

    def marked(self, name: str, content: list[Any]) -> list[Any]:
        """Content under a bookmark."""
        self.marks += 1
        return bookmark(name, self.marks, content)

    def block(self, block: Block) -> None:
        """One block; what is folded stands on the page alone."""
        if isinstance(block, Points):
            for item in block.items:
                self.paragraph("List Bullet", run(item))
        elif isinstance(block, Picture):
            self.picture(block)
        elif isinstance(block, Grid):
            if not block.folded:
                self.grid(block)
        else:
            self.said(block)

    def said(self, block: Text) -> None:
        """A paragraph, with its label in front and what it refers to behind."""
        style = {"lead": "Lead", "note": "Note", "box": "Box", "code": "Code"}.get(block.kind, "Body Text")
        content = [run(block.label + self.text["colon"], "Label")] if block.label else []
        content.append(run(block.said))
        names = self.report.names()
        if block.refs:
            before, after = self.text["refs"].split("{refs}")
            content.append(run(before))
            for place, ref in enumerate(block.refs):
                content += [run(self.text["comma"])] if place else []
                content += field(f"REF {self.bookmarks[ref]} \\h", names[ref])
            content.append(run(after))
        self.paragraph(style, *content)

    def caption(self, block: Grid | Picture, caption: str) -> None:
        """A caption that counts itself."""
        key = "figure_number" if isinstance(block, Picture) else "table_number"
        before, after = self.text[key].split("{n}")
        counted = [run(before), *field(f"SEQ {before.strip()} \\* ARABIC", str(block.number)), run(after)]
        made = self.marked(self.bookmarks[block.id], counted)
        self.paragraph("Caption", *made, run("\N{EM SPACE}" + caption))

    def picture(self, block: Picture) -> None:
        """A figure as wide as the text, or as it was drawn if that is less, with its alternative text."""
        content = figures.render(block.drawn, ("png",))["png"]
        made = self.paragraph("Figure")
        drawn = Emu(round(block.drawn.get_figwidth() * 914400))
        shape = made.add_run().add_picture(io.BytesIO(content), width=min(self.width, drawn))
        properties = shape._inline.docPr
        properties.set("descr", block.alt)
        properties.set("title", block.title)
        properties.set("name", number_of(block, self.reader))
        self.caption(block, block.caption)

    def grid(self, block: Grid) -> None:
        """A native table below its caption."""
        self.caption(block, block.table.caption)
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        made = table_element(block.table, int(self.width / TWIPS), block.table.caption)
        last = self.document.element.body[-1]  # the properties of the section
        last.addprevious(made)
        self.paragraph("After")
