"""Styles, fonts, page, heads and feet of a Word file, from a layout (layouts.py)."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

from analysis.report.blocks import Report
from analysis.report.layouts import ALTERNATIVES, LAYOUTS, Layout
from analysis.report.word_fields import element, field, run

INK, QUIET = RGBColor(0, 0, 0), RGBColor(0x40, 0x48, 0x50)
OWN = ("Title", "Byline", "Contents", "toc 1", "Heading 1", "Body Text", "Lead", "Note", "Box", "Code", "List Bullet",
       "Caption", "Figure", "Table Text", "After")  # fmt: skip
NUMERALS = "〇一二三四五六七八九十"


def lay_out(document: Document, layout: Layout, report: Report) -> None:
    """Give a new document its page, fonts, styles, heads and feet."""
    _fonts(document)
    complete(document)
    for name in OWN:
        _dress(document.styles[name], name, layout)
    _write_in(document.styles["Normal"], layout.body, layout.body_size)
    _label(document, layout)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, layout.margins)
    section.header_distance, section.footer_distance = Mm(15), Mm(28 if layout.dashes else 12)
    if layout.numbered:
        _number_headings(document)
    if layout.dashes:
        _numbers_outside(document)
    else:
        _head_and_foot(document, report)


def complete(document: Document) -> None:
    """Add the styles that a report needs and a document, such as an institute's own, lacks."""
    have = {style.name.lower() for style in document.styles if style.name}
    for name in OWN:
        if name.lower() not in have:
            made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            made.base_style = document.styles["Normal"]
            _dress(made, name, LAYOUTS["plain"], fonts=False)
    if "Label" not in {style.name for style in document.styles}:
        document.styles.add_style("Label", WD_STYLE_TYPE.CHARACTER).font.bold = True


def _label(document: Document, layout: Layout) -> None:
    label = document.styles["Label"]
    label.font.bold = True
    _name_fonts(label.element.get_or_add_rPr(), layout.label)


def _dress(style: Any, name: str, layout: Layout, fonts: bool = True) -> None:
    """What one style looks like."""
    font, size = {
        "Title": (layout.title, layout.title_size),
        "Heading 1": (layout.heading, layout.heading_size),
        "Contents": (layout.heading, layout.heading_size),
        "Caption": (layout.heading, layout.small_size),
        "Table Text": (layout.body, layout.small_size - 0.5),
        "Note": (layout.body, layout.small_size),
        "Code": (("Consolas", layout.body[1]), layout.small_size),
    }.get(name, (layout.body, layout.body_size))
    if fonts:
        _write_in(style, font, size)
    else:
        style.font.size = Pt(size)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(0 if layout.line else 6)
    small = name in ("Table Text", "Caption", "Note", "Code", "Figure", "After", "toc 1")
    if layout.line and not small:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(layout.line)
    else:
        form.line_spacing = 1.0 if small else 1.25
    if layout.indent and name in ("Body Text", "Lead", "Box", "Note"):
        _indent(form._element.get_or_add_pPr(), firstLine=str(int(size * 40)), firstLineChars="200")
    if name in ("Title", "Byline", "Figure"):
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if name in ("Heading 1", "Contents"):
        form.space_before, form.space_after = Pt(0 if layout.line else 16), Pt(0 if layout.line else 6)
    if name in ("Heading 1", "Contents", "Figure"):
        form.keep_with_next = True
    if name == "Title":
        form.space_after = Pt(12)
    if name in ("Caption", "Note"):
        form.space_before, form.space_after = Pt(4), Pt(6)
    if name == "Table Text":
        form.space_before = form.space_after = Pt(1)
    if name == "Contents":
        form.page_break_before = True
    if name == "toc 1":
        form.space_after = Pt(2)
    if name == "After":
        style.font.size = Pt(6)


def _indent(properties: Any, **sides: str) -> None:
    """Indents of a paragraph or a style, in twips and in hundredths of a character."""
    indent = properties.get_or_add_ind()
    for key, value in sides.items():
        indent.set(qn(f"w:{key}"), value)


def _write_in(style: Any, font: tuple[str, str], size: float) -> None:
    """Fonts and size of a style, black and upright."""
    style.font.size, style.font.color.rgb = Pt(size), INK
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    _name_fonts(properties, font)
    for name in ("w:spacing", "w:kern"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    paragraph = style.element.find(qn("w:pPr"))
    for old in [] if paragraph is None else paragraph.findall(qn("w:pBdr")):
        paragraph.remove(old)


def _name_fonts(properties: Any, font: tuple[str, str]) -> None:
    """Name the fonts of Latin and of East Asian letters, in place of those of a theme."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    latin, east = font
    for key, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", east)):
        fonts.set(qn(f"w:{key}"), value)


def _fonts(document: Document) -> None:
    """Other names under which a machine may have the Chinese fonts, and the languages of the text."""
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from lxml import etree

    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable"))
    assert isinstance(part, Part)
    fonts = parse_xml(part.blob)
    for name, others in ALTERNATIVES.items():
        for old in [one for one in fonts if one.get(qn("w:name")) == name]:
            fonts.remove(old)
        fonts.append(element("font", element("altName", val=others), element("charset", val="86"), name=name))
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _name_fonts(defaults, LAYOUTS["plain"].body)
    language = defaults.find(qn("w:lang"))
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")


def numbered(place: int, title: str, layout: Layout | None) -> str:
    """A heading as the contents print it: with the number that Word counts."""
    return f"{_numeral(place + 1)}、{title}" if layout and layout.numbered else title


def _numeral(number: int) -> str:
    """A Chinese numeral below 100."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones or not tens else "")


def _number_headings(document: Document) -> None:
    """Count first headings in Chinese numerals, by a list that Word keeps."""
    numbering = document.part.numbering_part.element
    level = element(
        "lvl",
        element("start", val="1"),
        element("numFmt", val="chineseCountingThousand"),
        element("pStyle", val="Heading1"),
        element("suff", val="nothing"),
        element("lvlText", val="%1、"),
        element("lvlJc", val="left"),
        element("pPr", element("ind", left="0", firstLine="640", firstLineChars="200")),
        ilvl="0",
    )
    many = element("abstractNum", element("multiLevelType", val="multilevel"), level, abstractNumId="90")
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(many)
    else:
        first.addprevious(many)
    numbering.append(element("num", element("abstractNumId", val="90"), numId="90"))
    counted = document.styles["Heading 1"].element.get_or_add_pPr().get_or_add_numPr()
    counted.extend([element("ilvl", val="0"), element("numId", val="90")])


def _page_number(layout: tuple[str, str], size: float, before: str = "", after: str = "") -> list[Any]:
    pieces = [*([run(before)] if before else []), *field("PAGE", "1"), *([run(after)] if after else [])]
    for piece in pieces:
        properties = piece.get_or_add_rPr()
        _name_fonts(properties, layout)
        properties.append(element("sz", val=str(int(size * 2))))
    return pieces


def _numbers_outside(document: Document) -> None:
    """Page numbers between dashes, size 4: at the right of odd pages, at the left of even ones."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for foot, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        foot.is_linked_to_previous = False
        paragraph = foot.paragraphs[0]
        paragraph.alignment = side
        paragraph._p.extend(_page_number(("宋体", "宋体"), 14, "— ", " —"))
        edge = "right" if side == WD_ALIGN_PARAGRAPH.RIGHT else "left"
        _indent(paragraph._p.get_or_add_pPr(), **{edge: "280", f"{edge}Chars": "100"})


def _head_and_foot(document: Document, report: Report) -> None:
    """Title and date above, the page number below."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    width = Emu((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
    document.styles["Header"].paragraph_format.tab_stops.clear_all()
    head.paragraph_format.tab_stops.add_tab_stop(width, 2)
    short = report.title if len(report.title) <= 60 else report.title[:59] + "…"
    head.text = f"{short}\t{report.date}"
    for piece in head.runs:
        piece.font.size, piece.font.color.rgb = Pt(8.5), QUIET
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot._p.extend(_page_number(("Times New Roman", "宋体"), 9))
