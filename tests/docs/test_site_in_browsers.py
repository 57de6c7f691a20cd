"""The site in Chromium and Firefox, opened from the disk: search, the width of a phone, and nothing from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.experiments.page.browsers import CHROMIUM, FIREFOX, Browser, Chromium, Firefox, installed
from tools import ROOT

pytestmark = pytest.mark.page

PHONE = 390
OPENED = (
    "index.html",
    "index.zh.html",
    "guide/cookbook.html",
    "guide/own.zh.html",
    "reference/measures.zh.html",
    "reference/levers.html",
    "odd.html",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("一个 site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module", params=[Chromium, Firefox], ids=["chromium", "firefox"])
def browser(request):
    names = CHROMIUM if request.param is Chromium else FIREFOX
    if installed(names) is None:
        pytest.fail(f"{names[0]} is not installed: apt-get install -y chromium firefox-esr")
    with request.param() as started:
        yield started


def found(browser: Browser, address: str, words: str) -> list[str]:
    browser.open(f"{address}?q={words}")
    browser.wait("window.INDEX && !document.getElementById('found').hidden")
    return browser.evaluate("return [...document.querySelectorAll('#found a')].map(a => a.href)")


@pytest.mark.parametrize(
    ("home", "words", "page"),
    [("index.html", "behavioural set", "guide/"), ("guide/own.zh.html", "容错", "reference/measures.zh.html")],
)
def test_the_search_finds_words_and_leads_to_pages_that_are_there(browser, site, home, words, page):
    links = found(browser, (site / home).as_uri(), words)
    assert any(page in link for link in links)
    browser.open(links[0])
    assert browser.evaluate("return document.querySelector('main h1') !== null")


def test_what_nobody_wrote_is_not_found(browser, site):
    assert not found(browser, (site / "index.html").as_uri(), "zzqx")
    assert "Nothing" in browser.evaluate("return document.getElementById('found').textContent")


def test_markup_in_a_query_stays_text(browser, site):
    found(browser, (site / "index.html").as_uri(), "%3Cimg src=x onerror=document.title='gone'%3E")
    assert browser.evaluate("return document.querySelectorAll('#found img').length === 0 && document.title !== 'gone'")


@pytest.mark.parametrize("name", OPENED)
def test_a_page_loads_from_the_disk_alone_without_an_error(browser, site, name):
    browser.errors.clear()
    browser.open((site / name).as_uri())
    loaded = browser.evaluate("return performance.getEntriesByType('resource').map(one => one.name)")
    loaded += getattr(browser, "requests", [])
    assert not [address for address in loaded if not address.startswith(("file:", "data:", "about:"))]
    assert not browser.errors


@pytest.mark.parametrize("name", OPENED)
def test_a_page_is_no_wider_than_a_phone(site, name):
    with Chromium(f"--window-size={PHONE},800") as phone:
        phone.send("Emulation.setDeviceMetricsOverride", width=PHONE, height=800, deviceScaleFactor=1, mobile=True)
        phone.open((site / name).as_uri())
        assert phone.evaluate("return document.documentElement.scrollWidth") <= PHONE
