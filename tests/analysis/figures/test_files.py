from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest

from analysis import figures
from analysis.words import Reader


@pytest.fixture(scope="module")
def drawing(made, effects):
    figure = figures.package_effect(effects, reader=Reader("zh", made.OUTCOMES, made.LABELS))
    return figures.inline_svg(figure, "strip", 'A "title" <b>', "What it shows & how")


def test_inline_svg_is_well_formed_and_links_nowhere(drawing):
    root = ElementTree.fromstring(drawing)
    assert root.tag == "svg"
    assert "http" not in drawing and "xmlns" not in drawing
    assert "<style" not in drawing and "<metadata" not in drawing
    assert "<text" not in drawing  # letters are outlines


def test_ids_begin_with_the_prefix_and_every_reference_is_there(drawing):
    ids = re.findall(r'\bid="([^"]+)"', drawing)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("strip-") for name in ids)
    used = re.findall(r'href="#([^"]+)"', drawing) + re.findall(r"url\(#([^)]+)\)", drawing)
    assert used and set(used) <= set(ids)


def test_title_and_description_are_escaped_and_named(drawing):
    root = ElementTree.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "strip-title strip-desc"
    assert root.find("title").text == 'A "title" <b>'
    assert root.find("desc").text == "What it shows & how"
