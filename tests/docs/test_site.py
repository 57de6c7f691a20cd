"""The site: it builds without a warning, is whole by itself, and says of everything in the code where it is from."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from sim.indicators import INDICATORS
from sim.inputs.measures import MEASURES
from sim.inputs.priors import read_parameters
from sim.levers import LEVERS
from tests.docs.recipes import FENCE
from tools import DOCS, ROOT
from tools.markdown import figure

LOADED = {(tag, "src") for tag in ("script", "img", "iframe", "source", "video", "audio", "embed")} | {("link", "href")}
REACHES_OUT = re.compile(r"@import|url\(|fetch\(|XMLHttpRequest|import\(|new Worker|EventSource|sendBeacon|WebSocket")
IN_BOTH = ("index", "guide/first_hour", "guide/cookbook", "guide/reading", "guide/limits", "reference/measures")


class Page(HTMLParser):
    """What a page loads, where it leads, and the places in it."""

    def __init__(self, text: str):
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        self.loads += [value for name, value in given.items() if (tag, name) in LOADED]
        self.leads += [given["href"]] if tag == "a" and "href" in given else []
        self.places |= {given[name] for name in ("id", "name") if name in given}


def built(folder: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    result = built(folder)
    assert result.returncode == 0, result.stderr
    return folder


def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def loads_from_elsewhere(page: Page) -> list[str]:
    return [target for target in page.loads if not target.startswith("data:") and re.match(r"\w+:|//|/", target)]


def dead_links(site: Path, found: dict[Path, Page]) -> list[str]:
    dead = []
    for path, page in found.items():
        for target in (*page.leads, *page.loads):
            if re.match(r"\w+:", target):
                continue
            name, _, place = unquote(target).partition("#")
            leads_to = (path.parent / name).resolve() if name else path
            inside = leads_to.is_relative_to(site.resolve()) and leads_to.is_file()
            if not inside or (place and leads_to in found and place not in found[leads_to].places):
                dead.append(f"{path.relative_to(site)}: {target}")
    return dead


def test_it_builds_without_a_warning_in_both_languages(site):
    for name in IN_BOTH:
        assert 'lang="en"' in (site / f"{name}.html").read_text(encoding="utf-8")
        assert 'lang="zh-CN"' in (site / f"{name}.zh.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "warning"),
    [("[gone](gone.md)", "gone.md"), ("[nowhere](index.md#nowhere)", "nowhere"), ("", "not included in the")],
)
def test_a_dead_link_and_a_page_that_no_list_has_are_warnings(tmp_path, page, warning):
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[0]
    config = config.replace("hooks: [tools/site/hooks.py]\n", "").replace("tools/site/theme", "theme")
    (tmp_path / "mkdocs.yml").write_text(f"{config}\nnav: [index.md]\n", encoding="utf-8")
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "main.html").write_text("{{ page.content }}", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n{page}\n", encoding="utf-8")
    assert built(tmp_path / "site", tmp_path / "mkdocs.yml").returncode == 0 or page
    if not page:
        (tmp_path / "docs" / "left_out.md").write_text("# Left out\n", encoding="utf-8")
    result = built(tmp_path / "site", tmp_path / "mkdocs.yml")
    assert result.returncode != 0 and warning in result.stderr, result.stderr


def test_nothing_is_loaded_from_elsewhere(site):
    found = pages(site)
    assert len(found) > 50
    assert not {path.name: outside for path, page in found.items() if (outside := loads_from_elsewhere(page))}
    for path in (*site.glob("*.js"), *site.glob("*.css")):
        assert not REACHES_OUT.search(path.read_text(encoding="utf-8")), path.name
    code = "".join(re.findall(r"<script[^>]*>(.*?)</script>", (site / "index.html").read_text(encoding="utf-8"), re.S))
    assert not code.strip(), "code in the page itself"


@pytest.mark.parametrize(
    "tag", ['<script src="https://a.example/b.js">', '<img src="//a.example/b.png">', '<link href="/b.css">']
)
def test_what_is_loaded_from_elsewhere_is_noticed(tag):
    assert loads_from_elsewhere(Page(tag))


def test_every_link_inside_leads_somewhere(site):
    assert not dead_links(site, pages(site))


def test_a_link_to_a_place_that_is_not_there_is_noticed(site, tmp_path):
    folder = tmp_path / "site"
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("*.png", "*.svg"))
    home = folder / "index.html"
    home.write_text(home.read_text(encoding="utf-8") + '<a href="odd.html#nowhere"></a>', encoding="utf-8")
    assert any("odd.html#nowhere" in line for line in dead_links(folder, pages(folder)))


def test_everything_in_the_code_stands_in_the_reference_with_its_source(site):
    def text(name: str) -> str:
        html = (site / "reference" / name).read_text(encoding="utf-8")
        return squeezed(unescape(re.sub(r"<[^>]+>", "", html)))

    def squeezed(words: str) -> str:
        return " ".join(words.split())

    levers, parameters, indicators = text("levers.html"), text("parameters.html"), text("indicators.html")
    for lever in LEVERS.values():
        assert lever.id in levers and squeezed(lever.source) in levers, lever.id
    for one in read_parameters().values():
        assert one.id in parameters and squeezed(one.source) in parameters, one.id
        assert f"{figure(one.low)}–{figure(one.high)}" in parameters, one.id
    for indicator in INDICATORS.values():
        assert indicator.id in indicators and squeezed(indicator.sentence) in indicators, indicator.id
    for language, name in (("en", "measures.html"), ("zh", "measures.zh.html")):
        measures = text(name)
        for measure in MEASURES.values():
            own = measure.as_dict()
            told = (measure.id, own[f"label_{language}"], own[f"risk_{language}"], measure.source)
            assert all(squeezed(words) in measures for words in told), measure.id
            assert all(entry.lever in measures for entry in measure.entries)


def test_the_index_of_the_search_is_a_script_in_each_language(site):
    english, chinese = ((site / "search" / f"{name}.js").read_text(encoding="utf-8") for name in ("en", "zh"))
    assert english.startswith("window.INDEX = [") and "roadside" in english
    assert chinese.startswith("window.INDEX = [") and "容错" in chinese
    assert not list(site.rglob("*.json"))


def test_both_cookbooks_have_the_same_recipes():
    def blocks(name: str) -> list[tuple[str, str]]:
        return [(block[1], block[2]) for block in FENCE.finditer((DOCS / "guide" / name).read_text(encoding="utf-8"))]

    assert blocks("cookbook.md") == blocks("cookbook.zh.md")
