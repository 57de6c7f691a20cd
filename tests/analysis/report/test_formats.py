"""A report as a Word file, a PDF and a workbook, read back; and what a user may have named, harmless in all of them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from analysis.report import make_report
from analysis.report.blocks import Grid, Picture, Text
from analysis.report.page import page_file
from analysis.report.pdf import pdf_file
from analysis.report.seal import is_untouched
from analysis.report.word import word_file
from analysis.report.workbook import workbook_file
from analysis.words import LANGUAGES, Reader, words

from .test_page import content, read, setting  # noqa: F401 (content is a fixture)

HOSTILE = (
    *("<b>&amp;\"'</b>", "=1+1", "@SUM(A1)", "+1", "-1", "\u05d0\u202e\u0627", "x" * 200),
    *("#set page(); $x$ \\ * _a_", "]]><w:p/>", "\x07\x00bell"),
)


def report_of(dataset, given, language, tables, **more):
    named = {key: value for key, value in given.items() if key not in ("outcomes", "labels")}
    record = {**named.pop("provenance"), "started": "2026-11-30T21:00:00+0000", "toolkit_version": "0.1.0"}
    reader = Reader(language, given["outcomes"], given["labels"])
    return make_report(dataset, reader=reader, **named, provenance=record, **tables, **more)


def as_csv(rows):
    return [{key: str(value) for key, value in row.items()} for row in rows]


@pytest.fixture(scope="module")
def tables(levels, effects, ranking):
    return {"levels": levels, "effects": effects, "ranking": ranking}


@pytest.fixture(scope="module")
def reports(dataset, content, tables):  # noqa: F811
    return {language: report_of(dataset, content, language, tables, author="甲") for language in LANGUAGES}


@pytest.fixture(scope="module")
def hostile(made, dataset, content, tables):  # noqa: F811
    """A report in which everything that a user can name is hostile."""
    names = dict(zip([*made.LABELS], HOSTILE * 3, strict=False))
    labels = {name: {"en": names.get(name, HOSTILE[0]), "zh": HOSTILE[0]} for name in made.LABELS}
    outcomes = {name: {**o, "en": HOSTILE[i]} for i, (name, o) in enumerate(made.OUTCOMES.items())}
    town = {**setting()["town"], "label_en": HOSTILE[7], "notes": list(HOSTILE)}
    given = {
        **content,
        "labels": labels,
        "outcomes": outcomes,
        "settings": {"baseline": {"fingerprint": HOSTILE[1], "setting": setting(made.MEASURES, town=town)}},
        "command": " ".join(HOSTILE),
    }
    return report_of(dataset, given, "en", tables, title=HOSTILE[7] + HOSTILE[5], author=HOSTILE[0])


@pytest.fixture(scope="module")
def files(reports):
    return {language: word_file(report) for language, report in reports.items()}


def opened(made_file: bytes):
    return docx.Document(io.BytesIO(made_file))


def marks(document) -> set[str]:
    return {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}


def fields(document) -> list[str]:
    return [one.text.strip() for one in document.element.iter(qn("w:instrText"))]


# ---------------------------------------------------------------- Word


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_file_has_headings_contents_captions_tables_and_texts_for_figures(reports, files, language):
    report, document = reports[language], opened(files[language])
    titles = [part.title for part in report.parts]
    by_style = {style: [p for p in document.paragraphs if p.style.name == style] for style in ("Heading 1", "toc 1")}
    assert [p.text for p in by_style["Heading 1"]] == titles
    links = [link for p in by_style["toc 1"] for link in p._p.iter(qn("w:hyperlink"))]
    assert ["".join(t.text for t in link.iter(qn("w:t"))) for link in links] == titles
    assert {link.get(qn("w:anchor")) for link in links} <= marks(document)
    shown = [b for b in report.blocks() if isinstance(b, Picture) or (isinstance(b, Grid) and not b.folded)]
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    names = report.names()
    assert len(captions) == len(shown) > 9
    for caption, block in zip(captions, shown, strict=True):
        assert caption.startswith(names[block.id])
    codes = fields(document)
    assert sum(code.startswith("SEQ") for code in codes) == len(shown)
    referred = [code.split()[1] for code in codes if code.startswith("REF")]
    assert referred and set(referred) <= marks(document)
    assert sum(code.startswith('TOC \\o "1-1"') for code in codes) == 1
    begun = [one.get(qn("w:fldCharType")) for one in document.element.iter(qn("w:fldChar"))]
    assert begun.count("begin") == begun.count("separate") == begun.count("end") == len(codes)
    grids = [block for block in shown if isinstance(block, Grid)]
    assert len(document.tables) == len(grids)
    for table, grid in zip(document.tables, grids, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == list(grid.table.columns)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert len(table.rows) == len(grid.table.rows) + 1
    pictures = [block for block in shown if isinstance(block, Picture)]
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [b.alt for b in pictures]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_file_is_a4_with_title_and_date_above_and_chinese_fonts_named(reports, files, language):
    document, section = opened(files[language]), opened(files[language]).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    head = section.header.paragraphs[0].text
    assert reports[language].title in head and reports[language].date in head
    assert document.core_properties.title == reports[language].title
    fonts = {one.get(qn("w:eastAsia")) for one in document.styles.element.iter(qn("w:rFonts"))}
    with zipfile.ZipFile(io.BytesIO(files[language])) as package:
        known = package.read("word/fontTable.xml").decode()
    for font in ("宋体", "黑体"):
        assert font in fonts
        assert re.search(f'<w:font w:name="{font}"><w:altName w:val="[^"]*Noto', known)
    normal = document.styles["Normal"].element.rPr.rFonts
    assert not [key for key in normal.attrib if key.endswith("Theme")]


def test_a_chinese_report_has_no_english_words_but_names_and_ids(reports, files):
    document = opened(files["zh"])
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = [*(p.text for p in document.paragraphs if p.style.name != "Code"), *cells]
    named = re.compile(r"python -m \S+ \S+|[\w./-]+\.(csv|cff|json)|[\w.]+=\w+|township-lab|Mastrandrea|[0-9a-f]{8,}")
    left = {word for line in said for word in re.findall("[A-Za-z]{2,}", named.sub("", line))}
    assert left <= {"tolerance"}  # a lever that this test gives no name


def test_the_official_layout_is_that_of_the_standard(reports):
    document = opened(word_file(reports["zh"], "official"))
    section = document.sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    body = document.styles["Body Text"]
    assert (body.font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 28)
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = document.styles["Title"]
    assert (title.font.size.pt, title.element.rPr.rFonts.get(qn("w:eastAsia"))) == (22, "方正小标宋简体")
    entries = [p.text for p in document.paragraphs if p.style.name == "toc 1"]
    assert entries[0].startswith("一、") and entries[-1].startswith(("十", "九"))
    assert section.footer.paragraphs[0].text == "— 1 —" == section.even_page_footer.paragraphs[0].text


def test_a_file_of_an_institute_keeps_its_page_and_is_filled_in(reports, tmp_path):
    own = docx.Document()
    own.sections[0].left_margin = docx.shared.Mm(50)
    own.sections[0].header.paragraphs[0].text = "Institute: {{title}}"
    for line in ("Cover of {{author}}, {{date}}", "{{report}}", "Imprint"):
        own.add_paragraph(line)
    own.save(tmp_path / "own.docx")
    report = reports["en"]
    document = opened(word_file(report, str(tmp_path / "own.docx")))
    said = [p.text for p in document.paragraphs]
    assert said[0] == f"Cover of 甲, {report.date}" and said[-1] == "Imprint" and "{{report}}" not in said
    assert said.index(report.parts[0].title) < said.index(report.parts[-1].title) < said.index("Imprint")
    assert document.sections[0].header.paragraphs[0].text == f"Institute: {report.title}"
    assert round(document.sections[0].left_margin.mm) == 50
    assert len(document.inline_shapes) == sum(isinstance(block, Picture) for block in report.blocks())
    (tmp_path / "none.docx").write_text("no Word file", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a layout .* or a Word file"):
        word_file(report, str(tmp_path / "none.docx"))


# ---------------------------------------------------------------- seals


def test_an_edited_file_is_known_by_its_seal(reports, files, tmp_path):
    word, page, pdf = tmp_path / "a.docx", tmp_path / "a.html", tmp_path / "a.pdf"
    word.write_bytes(files["en"])
    page.write_bytes(page_file(reports["en"]))
    pdf.write_bytes(pdf_file(reports["en"]))
    assert is_untouched(word) and is_untouched(page) and is_untouched(pdf)
    edited = docx.Document(str(word))
    edited.add_paragraph("A remark.")
    edited.save(str(word))
    page.write_bytes(page.read_bytes().replace(b"</h1>", b"!</h1>", 1))
    pdf.write_bytes(pdf.read_bytes() + b"% a remark\n")
    assert not is_untouched(word) and not is_untouched(page) and not is_untouched(pdf)


def test_the_same_report_makes_the_same_bytes(reports, files):
    assert word_file(reports["en"]) == files["en"]


# ---------------------------------------------------------------- workbook


NAMES = [
    {"kind": "outcome", "id": "fatigue", "unit": "share", "label_en": "Fatigue", "label_zh": "疲劳"},
    {"kind": "measure", "id": "extra", "unit": "nan", "label_en": "Extra", "label_zh": "另加"},
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_holds_every_table_in_full_numbers_with_names(reports, dataset, tables, language):
    given = {**{name: as_csv(rows) for name, rows in tables.items()}, "names": NAMES}
    given["runs"] = [{"setting": "baseline", "seed": "7", "fatigue": "0.123456789", "fatigue__year1": "nan"}]
    book = openpyxl.load_workbook(io.BytesIO(workbook_file(reports[language], given, dataset)))
    text = words(language)
    ranking = list(book[text["sheet_ranking"]].iter_rows())
    heads = [cell.value for cell in ranking[0]]
    assert heads[:4] == [text[key] for key in ("column_method", "column_outcome", "book_unit", "column_measure")]
    first, row = tables["ranking"][0], ranking[1]
    contribution = row[heads.index(text["column_contribution"])]
    assert (
        contribution.value == pytest.approx(first["contribution"], rel=1e-15) and contribution.number_format == "0.00%"
    )
    assert row[1].value == reports[language].reader.outcome(first["outcome"])
    runs = list(book[text["sheet_runs"]].iter_rows())
    name = {"en": "Fatigue (%)", "zh": "疲劳（%）"}[language]
    assert [cell.value for cell in runs[0]][2:] == [name, text["book_year1"].format(name=name)]
    assert (runs[1][1].value, runs[1][2].value, runs[1][3].value) == (7, 0.123456789, None)
    assert text["book_figure"].format(number=text["figure_number"].format(n=2)) in book.sheetnames
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    if language == "zh":
        ids = {"fatigue", "extra", *(one["label_en"] for one in NAMES)}
        said = [cell.value for cell in cells if cell.data_type == "s" and cell.value not in ids]
        named = re.compile(r"python -m \S+ \S+|\S+\.cff|township-lab")
        assert [line for line in said if re.search("[A-Za-z]{2,}", named.sub("", line or ""))] == []


# ---------------------------------------------------------------- what a user may have named


def test_hostile_names_are_text_in_a_word_file(hostile):
    document = opened(word_file(hostile))
    said = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for name in HOSTILE[:5] + HOSTILE[6:9]:
        assert name in said
    assert "\u202e" not in said and "bell" in said
    assert "#set page(); $x$" in document.paragraphs[0].text
    assert all("\x07" not in code and code.split()[0] in ("TOC", "SEQ", "REF") for code in fields(document))


def test_hostile_names_are_text_in_a_workbook(hostile, made, ranking):
    rows = [*as_csv(ranking), *({**as_csv(ranking)[0], "measure": name} for name in HOSTILE)]
    odd = {"[a]:*?/\\'": as_csv(ranking), "=1+1": [{"=2+2": "=3+3", "@x": "nan"}]}
    made_file = workbook_file(hostile, {"ranking": rows, **odd}, None)
    with zipfile.ZipFile(io.BytesIO(made_file)) as package:
        sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/")]
    assert not [sheet for sheet in sheets if re.search(rb"<f[ >/]", sheet)]
    book = openpyxl.load_workbook(io.BytesIO(made_file))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {"=1+1", "@SUM(A1)", "=3+3", "=2+2"} <= {cell.value for cell in cells}
    formulas = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=@"]
    assert formulas and all(cell.quotePrefix for cell in formulas)


def test_hostile_names_are_text_in_a_page(hostile):
    page = page_file(hostile).decode()
    assert "<b>" not in page and "<w:p/>" not in page and "\u202e" not in page
    assert HOSTILE[0] in "".join(read(page).text)


def test_hostile_names_do_not_stop_a_pdf_which_is_tagged_and_named(hostile):
    made_file = pdf_file(hostile)
    assert made_file.startswith(b"%PDF-1.7") and b"/StructTreeRoot" in made_file and b"/MarkInfo" in made_file
    assert b"pdfuaid" in made_file and b"/Outlines" in made_file
    fonts = set(re.findall(rb"/FontName\s*/[A-Z]{6}\+([\w-]+)", made_file))
    assert {b"NotoSerifSC-Regular", b"NotoSansSC-Regular"} <= fonts or not fonts  # or inside a compressed object


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_a_pdf_can_be_taken_out(reports, tmp_path, language):
    report = reports[language]
    (tmp_path / "a.pdf").write_bytes(pdf_file(report))
    run = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True, timeout=60)
    said = re.sub(r"\s", "", run.stdout.decode())
    for part in report.parts:
        assert re.sub(r"\s", "", part.title) in said
    lead = next(block.said for block in report.blocks() if isinstance(block, Text))
    assert re.sub(r"\s", "", lead)[:20] in said


# ---------------------------------------------------------------- the brief


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_brief_stands_in_a_table(reports, tables, language):
    """Rounded as printed: as it is, in per cent, per 10,000 yuan, or as a share of a sum of the ranking."""
    report, values = reports[language], []
    for row in (row for rows in tables.values() for row in rows):
        values += [float(value) for value in row.values() if isinstance(value, int | float)]
    sums: dict[str, float] = {}
    for row in tables["ranking"]:
        if row["method"] == "shapley":
            sums[row["outcome"]] = sums.get(row["outcome"], 0.0) + row["contribution"]
    values += [row["contribution"] / sums[row["outcome"]] for row in tables["ranking"] if row["method"] == "shapley"]
    names = json.dumps([report.reader.outcomes, report.reader.labels], ensure_ascii=False)
    fixed = {"100", "10000", "60", "4", "3"}  # so many of; points of the satisfied; year; keys to ask with
    checked = 0
    for block in report.parts[0].blocks:
        for line in getattr(block, "items", None) or [getattr(block, "said", "")]:
            for found in re.findall(r"\d[\d,]*\.?\d*", line.replace("10,000", "10000")):
                number, digits = float(found.replace(",", "").rstrip(".")), len(found.rstrip(".").partition(".")[2])
                if found in fixed or found in names:
                    continue
                near = 0.5001 * 10**-digits
                assert any(abs(abs(f * value) - number) <= near for value in values for f in (1, 100, 10_000)), found
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_that_are_asked_for_are_all_there_is(dataset, content, tables, language):  # noqa: F811
    report = report_of(dataset, content, language, tables, only=("brief", "levels", "citation"), title="T")
    assert [part.id for part in report.parts] == ["findings", "levels", "citation"]
    assert report.title == "T" and "T" in report.parts[-1].blocks[0].said


SURE_ON_PURPOSE = {"median": 0.02, "q05": 0.01, "q95": 0.03, "p_better": 0.95, "chance": 0.1}


def brief_of(report):
    return "\n".join(getattr(block, "said", "") for block in report.parts[0].blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_says_how_likely_only_where_draws_were_told_apart(dataset, content, tables, language):  # noqa: F811
    """An interval of a mean is no word of probability: it shrinks with every replicate, and ignorance does not."""
    text = words(language)
    likely = [value for key, value in text.items() if key.startswith("likelihood_")]
    plain = brief_of(report_of(dataset, content, language, tables, title="T"))
    assert text["brief_sure_chance"] in plain
    assert not any(word in plain for word in likely)
    package = [
        {"outcome": name, "effect": 0.02, "ci_low": 0.01, "ci_high": 0.03, "seeds": 60, **SURE_ON_PURPOSE}
        for name in dict.fromkeys(row["outcome"] for row in tables["ranking"])
    ]
    ranking = [{**row, "p_better": 0.5, "p_first": 0.2} for row in tables["ranking"]]
    over = {**tables, "ranking": ranking}
    drawn = brief_of(report_of(dataset, content, language, over, further={"package_effect": package}, title="T"))
    assert text["brief_sure_chance"] not in drawn
    assert text["likelihood_very_likely"] in drawn  # .95: the package improves
    assert text["likelihood_unlikely"] in drawn  # .2: the first is the first
