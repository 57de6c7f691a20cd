from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from analysis import report
from analysis.attribution import COLUMNS
from analysis.report.settings_table import settings_table
from analysis.words import LANGUAGES, Reader, words


def build_page(dataset, *, language, outcomes, labels, **content) -> str:
    return report.build_page(dataset, reader=Reader(language, outcomes, labels), **content)


NASTY = "<script>alert('x')</script> & \"quoted\""
VOID = {"meta", "link", "br", "img", "hr", "input"}


def setting(measures=(), **more):
    village = {"kind": "rural", "residents": 1948}
    return {
        "town": {
            "id": "average",
            "label_en": "average town",
            "label_zh": "平均乡镇",
            "units": [{"name": "A", "villages": [village] * 25, "township_cadres": 110}],
            "shape": {"residents": 48700, "villages": 25, "units": 1},
            "notes": [],
        },
        "levers": [{"id": "tolerance", "value": 0.4, "start": 0, "end": None}],
        "measures": [{"id": m, "intensity": 1.0, "start": 0, "end": None} for m in measures],
        "theory": {"conduct": "deterrence", "effort": "optimisation", "belief": "bayesian"},
        "knock_out": [],
        "coupling": True,
        "weeks": 208,
        "seed": 7,
        "potency": "mode",
        **more,
    }


@pytest.fixture(scope="module")
def content(made):
    return {
        "outcomes": made.OUTCOMES,
        "labels": made.LABELS,
        "settings": {
            "baseline": {"fingerprint": "9a1b2c3d4e5f6071", "setting": setting()},
            "rectification": {"fingerprint": "77aa2c3d4e5f6071", "setting": setting(made.MEASURES)},
        },
        "command": "python -m experiments.rank experiment=quick_ranking",
        "provenance": {"model_version": "4f0c2a9b", "packages": {"numpy": "2.4.6"}},
        "summary": {"service_efficiency": 0.82},
    }


@pytest.fixture(scope="module")
def pages(dataset, content, levels, effects, ranking):
    more = {"levels": levels, "effects": effects, "ranking": ranking}
    return {language: build_page(dataset, language=language, **content, **more) for language in LANGUAGES}


class Parser(HTMLParser):
    """Collects text outside drawings and checks that every element is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack, self.text, self.ids, self.tags = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for key, value in attributes if key == "id"]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for key, value in attributes if key == "id"]

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, found):
        if not {"svg", "style"} & set(self.stack):
            self.text.append(found)


def read(page: str) -> Parser:
    parser = Parser()
    parser.feed(page)
    parser.close()
    assert parser.stack == []
    return parser


def plain(page: str) -> str:
    return " ".join("".join(read(page).text).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_well_formed(pages, language):
    page = pages[language]
    assert page.startswith("<!DOCTYPE html>\n<html lang=")
    root = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))
    assert root.get("lang") == {"en": "en", "zh": "zh-CN"}[language]
    reader = read(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert [tag for tag, _ in reader.tags].count("h1") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_fetches_nothing(pages, language):
    page = pages[language]
    assert not re.search(r"https?:", page)
    assert not re.search(r"""(src|href|url)[=(]["']?//""", page)
    assert not re.search(r"<(script|link|iframe|img|object|embed)\b", page)
    assert set(re.findall(r"url\((?!#)(.{5})", page)) == {"data:"}
    assert set(re.findall(r'href="(.)', page)) == {"#"}
    assert "@import" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_have_alternative_texts_and_tables_have_heads(pages, language):
    root = ElementTree.fromstring(pages[language].removeprefix("<!DOCTYPE html>"))
    drawings = list(root.iter("svg"))
    assert len(drawings) == 4
    for drawing in drawings:
        assert drawing.get("role") == "img"
        assert drawing.find("title").text and drawing.find("desc").text
    tables = list(root.iter("table"))
    assert len(tables) == 10
    for table in tables:
        assert table.find("caption").text
        assert all(head.get("scope") == "col" for head in table.find("thead").iter("th"))
        for row in table.find("tbody").iter("tr"):
            assert row.find("th").get("scope") == "row"
        width = len(list(table.find("thead").iter("th")))
        assert {len(list(row)) for row in table.find("tbody").iter("tr")} == {width}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_says_everything_it_must(pages, content, made, language):
    said, text = plain(pages[language]), words(language)
    for key in (
        "find_heading",
        "sec_paths",
        "sec_effect",
        "sec_ranking",
        "sec_hours",
        "sec_settings",
    ):
        assert text[key] in said
    for limit in ("conditional", "known", "assumptions", "intervals", "interactions", "places", "outside"):
        assert text[f"limit_{limit}"] in said
    for needed in (content["command"], "9a1b2c3d4e5f6071", "77aa2c3d4e5f6071", "4f0c2a9b"):
        assert needed in said
    for measure in made.MEASURES.values():
        assert measure[language] in said
    assert text["period_year1"] in said and text["period_evaluation"].format(n=4) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_field_is_left_unfilled(pages, language):
    assert not re.search(r"\{\w*\}|\bNone\b|\bnan\b", plain(pages[language]))


def test_first_sentence_is_the_finding(pages):
    said = plain(pages["en"])
    first = said.index("“Full rectification” raises service efficiency from 69.0% to")
    assert first < said.index("Year by year")
    assert "(an improvement of" in said[first : first + 200]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_its_glyph_in_the_page(pages, language):
    import base64

    from fontTools.ttLib import TTFont

    page = pages[language]
    wanted = {letter for letter in plain(page) if letter not in "‘’“”…—· " or language == "zh"} - {" "}
    faces = re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page)
    assert len(faces) == 2
    for face in faces:
        with TTFont(io.BytesIO(base64.b64decode(face))) as font:
            assert {letter for letter in wanted if ord(letter) not in font.getBestCmap()} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_single_run_makes_a_page(made, content, language):
    from analysis.uncertainty import levels

    one = made.dataset(replicates=1, settings=("baseline",))
    settings = {"baseline": content["settings"]["baseline"]}
    rows = levels(made.evaluations(one), list(made.OUTCOMES))
    given = {**content, "settings": settings, "levels": rows}
    page = build_page(one, language=language, **given)
    said, text = plain(page), words(language)
    assert text["find_one_replicate"] in said
    assert text["find_run_note"] in said
    assert text["sec_ranking"] not in said and text["sec_effect"] not in said
    assert text["limit_interactions"] not in said
    bare = one.isel(setting=0, replicate=0, drop=True)
    assert text["sec_paths"] in plain(build_page(bare, language=language, **given))


def test_a_page_without_evaluation_figures_says_so(made, content, dataset):
    given = {**content, "summary": None}
    assert words("en")["find_nothing"] in plain(build_page(dataset, language="en", **given))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_interval_covers_is_said_anew_over_a_behavioural_set(made, content, dataset, language):
    text = words(language)
    record = {**content["provenance"], "behaviour": {"set": "average", "draws": [4, 9]}}
    over_a_set = plain(build_page(dataset, language=language, **{**content, "provenance": record}))
    by_chance = plain(build_page(dataset, language=language, **content))
    for said, holds, other in (
        (over_a_set, "limit_intervals_behaviour", "limit_intervals"),
        (by_chance, "limit_intervals", "limit_intervals_behaviour"),
    ):
        assert text[holds] in said
        assert text[other] not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draws_of_behaviour_stand_in_the_remark_and_among_the_settings(made, content, dataset, effects, language):
    text = words(language)
    draws = {"count": 2, "draws": 2, "set": "average"}

    record = {"behaviour": {"set": "average", "draws": [4, 9]}, "replicates": 2}
    page = plain(build_page(dataset, language=language, **{**content, "provenance": record}, effects=effects))
    replicates = effects[0]["replicates"]
    assert text["find_replicates_behaviour"].format(n=replicates, **draws) in page
    assert text["settings_behaviour"] + text["settings_behaviour_each"].format(**draws) in page
    by_chance = plain(build_page(dataset, language=language, **content, effects=effects))
    assert text["find_replicates"].format(n=replicates) in by_chance
    assert "average”" not in by_chance


def test_several_packages_have_a_sentence_and_a_table_each(made, content, dataset, effects):
    more = [{**row, "other": "relief"} for row in effects]
    labels = {**made.LABELS, "relief": {"en": "Relief only", "zh": "仅减负"}}
    given = {**content, "labels": labels, "effects": [*effects, *more]}
    said = plain(build_page(dataset, language="en", **given))
    assert "“Full rectification” raises" in said
    assert "By year 4 “Relief only” raises" in said
    assert "Relief only against No rectification" in said


def test_what_a_user_named_is_text_and_never_markup(made, content, dataset, ranking, effects):
    labels = {name: {"en": NASTY, "zh": NASTY} for name in made.LABELS}
    outcomes = {name: {**o, "en": NASTY + name, "zh": NASTY} for name, o in made.OUTCOMES.items()}
    town = {**setting()["town"], "label_en": NASTY, "notes": [NASTY]}
    given = {
        **content,
        "labels": labels,
        "outcomes": outcomes,
        "settings": {"baseline": {"fingerprint": NASTY, "setting": setting(town=town)}},
        "command": NASTY,
        "provenance": {NASTY: NASTY},
        "summary": {NASTY: 1.0},
    }
    page = build_page(dataset, language="en", **given, ranking=ranking, effects=effects)
    assert "<script" not in page
    assert [tag for tag, _ in read(page).tags if tag == "script"] == []
    assert NASTY in "".join(read(page).text)


def test_the_same_tables_read_back_from_csv_make_the_same_page(dataset, content, ranking, effects, pages, levels):
    def through_csv(rows):
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        buffer.seek(0)
        return list(csv.DictReader(buffer))

    assert tuple(ranking[0]) == COLUMNS
    page = build_page(
        dataset,
        language="en",
        **content,
        levels=through_csv(levels),
        effects=through_csv(effects),
        ranking=through_csv(ranking),
    )
    assert page == pages["en"]


def test_page_is_written_to_its_file(tmp_path, dataset, content):
    named = {key: value for key, value in content.items() if key not in ("outcomes", "labels")}
    reader = Reader("zh", content["outcomes"], content["labels"])
    path = report.write_page(tmp_path / "deep" / "report.html", dataset, reader=reader, **named)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_read_of_a_table_and_what_a_measure_leaves_open_stands_on_the_page(language):
    read_of = {"en": "my.csv: 2 villages", "zh": "my.csv：2个村"}
    left = {"en": "measure duty, by default: ramp_weeks 26", "zh": "措施duty的默认值：到位周数26"}
    given = setting(town={**setting()["town"], "notes": [read_of, "of an older folder"]})
    given["definitions"] = {"duty": {"notes": [left]}, "one_window": {}}
    reader = Reader(language, {}, {"a": {"en": "a", "zh": "a"}})
    table = settings_table({"a": {"fingerprint": "f", "setting": given}}, reader)
    (row,) = [row for row in table.rows if row[0] == reader.text["settings_notes"]]
    assert row[1] == reader.text["semicolon"].join([read_of[language], "of an older folder", left[language]])
