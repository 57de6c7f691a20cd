"""The page in Chromium and Firefox, from file://, as a class opens it (make test-page; browsers from the system).

No clock decides: times are told (-s shows them), not judged.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.page.__main__ import main
from sim import run
from sim.indicators import INDICATORS, OUTCOMES
from sim.inputs.measures import read_measures
from sim.inputs.settings import setting
from tests.experiments.page.browsers import CHROMIUM, FIREFOX, Browser, Chromium, Firefox, installed

ROOT = Path(__file__).resolve().parents[3]
SEEDS, RESIDENTS = 3, 5000
SET = {"burden": {"value": 0.5, "end": 104}, "supervision": 0.3, "measures": {"one_window": 1, "asset_platform": 0.5}}
FRAGMENT = "b=l.burden:0.5:0:104,l.supervision:0.3,one_window:1,asset_platform:0.5"
HOSTILE = (
    "b=<img src=x onerror=alert(1)>:1",
    "lesson=<script>alert(1)</script>&tiles=__proto__&seeds=constructor",
    "b=tolerance:1e9,burden:-1,one_window:2,one_window:1:300,supervision:0.5:9:3,%%%",
    "__proto__=1&constructor=2&a=__proto__:1,toString:1&b=" + "one_window:1," * 3000,
    "lang=xx&b=%3Cb%3E&" + "x" * 20000,
)

pytestmark = pytest.mark.page


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("page") / "一页小镇.html"
    assert main([f"residents={RESIDENTS}", f"seeds={SEEDS}", "language=en", f"output={target}"]) == 0
    return target


def opened(kind: type[Browser]) -> Browser:
    names = CHROMIUM if kind is Chromium else FIREFOX
    if installed(names) is None:
        pytest.fail(f"{names[0]} is not installed: apt-get install -y chromium firefox-esr")
    return kind()


@pytest.fixture(scope="module", params=[Chromium, Firefox], ids=["chromium", "firefox"])
def browser(request, file):
    with opened(request.param) as started:
        yield started


@pytest.fixture(scope="module")
def chromium(file):
    with opened(Chromium) as started:
        yield started


def visit(browser: Browser, file: Path, fragment: str = "") -> None:
    browser.open("about:blank")
    browser.open(f"{file.as_uri()}#{fragment}")
    browser.wait("globalThis.townPage")
    browser.ready()


def test_the_page_opens_from_a_file_and_counts_what_the_desktop_counts(browser, file):
    """Weekly paths and figures of the last year of every indicator, in every bit, through decimals that lose none."""
    visit(browser, file, FRAGMENT)
    print(browser.evaluate("return JSON.stringify(document.body.dataset)"))
    found = json.loads(
        browser.evaluate(
            "const { view, data } = townPage;"
            "return JSON.stringify(['a', 'b'].map(w => view.done(w).map(r => Object.values(data.indicators).map("
            "i => [townPage.lastYear(r, i, data), ...townPage.pathOf(r, i, data)]))));"
        )
    )
    for world, given in enumerate(({}, SET)):
        for k in range(SEEDS):
            chosen = setting("average", residents=RESIDENTS, seed=k, **given)
            records = run.branch(run.history(chosen), chosen)
            want = np.column_stack(
                [run.figures(records)[:, list(run.PERIODS).index("evaluation")], run.series(records)]
            )
            got = np.array(found[world][k], dtype=float)  # null, which is a nan in JSON, included
            assert got.shape == want.shape == (len(INDICATORS), 1 + 52 + 208)
            assert np.array_equal(got, want, equal_nan=True), (world, k)


def test_a_dial_and_a_measure_change_the_chart(browser, file):
    visit(browser, file)
    chart = "document.querySelector('#paths figure').innerHTML"
    before = browser.evaluate(f"return {chart}")
    for change in (
        "const dial = document.getElementById('lever-burden'); dial.value = 2; dial.dispatchEvent(new Event('input'));",
        "document.getElementById('measure-one_window').click();",
    ):
        browser.evaluate(change)
        browser.ready()
        after = browser.evaluate(f"return {chart}")
        assert after != before
        before = after
    print(browser.evaluate("return JSON.stringify(document.body.dataset)"))


def test_play_goes_through_every_week_to_the_end(browser, file):
    visit(browser, file, FRAGMENT)
    browser.evaluate(
        "townPage.seen = new Set(); document.getElementById('speed').value = '52';"
        "document.getElementById('speed').dispatchEvent(new Event('change'));"
        "document.getElementById('reset').click();"
        "new MutationObserver(() => townPage.seen.add(townPage.state.week)).observe("
        "document.getElementById('week-label'), { childList: true });"
        "document.getElementById('play').click();"
    )
    browser.wait("townPage.state.week === 207 && !townPage.state.playing")
    assert browser.evaluate("return Math.min(...townPage.seen)") < 60
    browser.evaluate("document.getElementById('reset').click()")
    browser.wait("townPage.state.week === -1")
    browser.evaluate("document.getElementById('step').click()")
    browser.wait("townPage.state.week === 0")


def test_both_languages_have_no_word_left_over(browser, file):
    for language, letters in (("en", 0), ("zh", 1)):
        visit(browser, file, f"{FRAGMENT}&lang={language}&lesson=campaign")
        shown = browser.evaluate("return document.body.innerText")
        assert "undefined" not in shown
        assert "{" not in shown.replace(browser.evaluate("return document.getElementById('line').innerText"), "")
        body = shown.replace(browser.evaluate("return document.getElementById('language').innerText"), "")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in body) == bool(letters)


@pytest.mark.parametrize("fragment", HOSTILE)
def test_a_hostile_link_does_nothing_but_say_so(chromium, file, fragment):
    chromium.errors.clear()
    visit(chromium, file, fragment)
    assert (
        chromium.evaluate("return document.querySelectorAll('img, iframe, body script:not([id]):not([type])').length")
        == 0
    )
    assert chromium.evaluate(
        "return townPage.data.words.en.link_parts === document.getElementById('notice').textContent"
    )
    assert chromium.evaluate("return Object.keys(townPage.state.worlds.a.measures).length") == 0
    assert not chromium.errors


def test_no_error_and_no_request_to_anywhere(chromium, file):
    chromium.errors.clear()
    chromium.requests.clear()
    visit(chromium, file, FRAGMENT)
    for id in ("save-yaml", "save-csv", "save-svg", "save-png", "copy-link", "language"):
        chromium.evaluate(f"document.getElementById('{id}').click(); await new Promise(go => setTimeout(go, 200))")
    assert chromium.errors == []
    assert {address.split(":")[0] for address in chromium.requests} <= {"file", "about", "data", "blob"}
    assert chromium.evaluate("return fetch('https://example.org').then(() => 'sent', () => 'refused')") == "refused"


def test_the_yaml_and_the_line_give_the_figures_of_the_page(chromium, file, tmp_path):
    visit(chromium, file, FRAGMENT)
    told = json.loads(
        chromium.evaluate(
            "const { view, data, state } = townPage;"
            "const mean = v => v.reduce((p, q) => p + q, 0) / v.length;"
            "return JSON.stringify({ yaml: townPage.toYaml(), line: document.getElementById('line').textContent,"
            "  b: Object.fromEntries(data.outcomes.map(id => [id, mean(view.compared(id).b)])) });"
        )
    )
    assert set(yaml.safe_load(told["yaml"])["settings"]) == {"world_a", "world_b"}
    (tmp_path / "town_page.yaml").write_text(told["yaml"], encoding="utf-8")
    import shlex

    lines = (
        ["python", "-m", "experiments.run", f"experiment={tmp_path / 'town_page.yaml'}"],
        shlex.split(told["line"]),
    )
    for k, line in enumerate(lines):
        folder = tmp_path / f"run{k}"
        subprocess.run(
            [sys.executable, *line[1:], f"output={folder}", f"store={tmp_path / 'store'}", "quiet=true"],
            cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        for id in OUTCOMES:
            (value,) = [number for name, number in summary.items() if name.split("/")[-1] == id or name == id][:1]
            assert value == pytest.approx(told["b"][id], rel=1e-12), (line, id)


def test_a_lesson_hides_world_b_until_a_prediction_is_made(chromium, file):
    visit(chromium, file)
    chromium.evaluate("document.querySelector('[data-lesson=relief]').click()")
    chromium.ready()
    assert "B" not in chromium.evaluate("return document.querySelector('#paths svg').textContent")
    chromium.evaluate("document.querySelector('[name=guess]').click()")
    assert "B" in chromium.evaluate("return document.querySelector('#paths svg').textContent")
    answer = chromium.evaluate("return document.querySelector('.answer').textContent")
    a, b = (chromium.evaluate(f"return townPage.view.compared('compliance_share').{w}") for w in "ab")
    assert f"A {100 * np.mean(a):.1f}%, B {100 * np.mean(b):.1f}%" in answer


def test_everything_is_reached_and_named_by_keyboard(chromium, file):
    """Tab reaches every control that is shown; each has a name; a dial answers to an arrow."""
    visit(chromium, file, FRAGMENT)
    unnamed = chromium.evaluate(
        "return [...document.querySelectorAll('button, input, select, summary')].filter(e => e.offsetParent)"
        ".filter(e => !(e.textContent.trim() || e.ariaLabel || e.labels?.[0]?.textContent.trim()))"
        ".map(e => e.outerHTML)"
    )
    assert unnamed == []
    reached = set()
    chromium.evaluate("document.activeElement.blur()")
    for _ in range(80):
        chromium.key("Tab", 9)
        reached.add(
            chromium.evaluate("const e = document.activeElement; return e.id || e.dataset.word || e.textContent")
        )
    ids = {
        "language",
        "lever-tolerance",
        "lever-burden",
        "lever-supervision",
        "play",
        "week",
        "speed",
        "save-yaml",
        "line",
    }
    assert ids <= reached
    chromium.evaluate("document.getElementById('lever-tolerance').focus()")
    chromium.key("ArrowRight", 39)
    assert chromium.evaluate("return townPage.state.worlds.b.levers.tolerance.value") > 0.2


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out_from_their_ground(chromium, file, scheme):
    visit(chromium, file)
    colours = chromium.evaluate(f"return townPage.palettes.{scheme}")
    for name in ("ink", "quiet", "a", "b"):
        bright, dim = sorted((luminance(colours[name]), luminance(colours["paper"])), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, name


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1920, 1080)])
def test_nothing_is_wider_than_the_screen(chromium, file, width, height, tmp_path):
    visit(chromium, file, f"{FRAGMENT}&lang=zh")
    chromium.look(tmp_path / "page.png", width, height)
    assert chromium.evaluate("return document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_nineteen_measures_are_all_there_in_six_groups(chromium, file):
    visit(chromium, file)
    assert chromium.evaluate("return document.querySelectorAll('#measures input[type=checkbox]').length") == len(
        read_measures()
    )
    assert chromium.evaluate("return document.querySelectorAll('#measures details').length") == 6


def test_memory_stays_flat_over_many_runs(chromium, file):
    visit(chromium, file)
    grown = chromium.evaluate(
        "const size = () => townPage.memoryBytes(); const before = size();"
        "for (let i = 0; i < 40; i++) { townPage.state.worlds.b.levers.burden = { value: i / 20, start: 0, end: null };"
        "  await townPage.rerun(0); } return size() - before;"
    )
    assert grown == 0
