"""The HTML file put together: what a page must know of the town, its sources joined, and what it may do.

Everything stands in the file. Its policy (CSP) allows the one script and the one style that it has, by their hashes,
and no request at all. Both languages are in it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analysis.report.fonts import embed_fonts
from analysis.words.quantities import quantity
from analysis.words.town_page import TOWN_PAGE
from experiments.page.image import BASE, Image
from sim.indicators import INDICATORS, OUTCOMES
from sim.indicators.indicator import Indicator, terms_of
from sim.inputs.measures import Measure, read_measures
from sim.inputs.settings import Setting
from sim.levers import DIALS, LEVERS
from sim.run import WAIT_EDGES
from sim.state import CADRE_TYPE, CASE, OFFICE, STEP, TALLY_TYPE, VILLAGE_TYPE, WAIT_BINS
from sim.version import model_version
from sim.vocabulary import BASELINE_WEEKS

WEB = Path(__file__).parent / "web"
SCRIPTS = ("model", "figures", "setting", "runs", "lessons", "charts", "controls", "view", "saved", "app")
LANGUAGES = ("en", "zh")
FIGURES = (
    *OUTCOMES,
    *("days_to_close_median", "compliance_share", "initiative_rate", "petitions", "incidents", "trust_township"),
)
HOURS = tuple(f"{name}_share" for name in ("compliance", "casework", "policy", "field", "initiative", "slack"))
GROUPS = ("first", "second", "third", "fourth", "fifth")  # of the essay's remedies; what is in none is a safeguard
FIELDS = {  # that the page reads or writes, by kind of record
    "villages": (VILLAGE_TYPE, ("residents", "satisfaction_sum", "lost")),
    "cadres": (CADRE_TYPE, ("village", "backlog", "compliance_hours")),
    "cases": (CASE, ("next",)),
    "steps": (STEP, ("after",)),
    "office": (OFFICE, ("free_case", "free_step", "cases_free", "steps_free")),
}
PLACES = ("intensity", "start", "end", "change_value", "change_start", "change_end", "series", "office", *FIELDS)


def group_of(measure: Measure) -> int:
    """The essay's group of a measure, 1 to 5; 6 for safeguards and measures of other sources."""
    found = re.search(r"remedies, (\w+) group", measure.source)
    return GROUPS.index(found[1]) + 1 if found and found[1] in GROUPS else len(GROUPS) + 1


def _offset(dtype: np.dtype, name: str) -> int:
    fields: Any = dtype.fields
    return int(fields[name][1])


def _both(thing: Any, word: str) -> dict[str, str]:
    return {language: getattr(thing, f"{word}_{language}") for language in LANGUAGES}


def _terms(names: Sequence[str]) -> list[tuple[int, float]]:
    """Columns of a tally and their signs, in the order in which they are added."""
    return [(int(columns[0]), float(signs[0])) for _, columns, signs in terms_of((tuple(names),))]


def _indicator(one: Indicator) -> dict[str, Any]:
    sides = {side: _terms(getattr(one, side)) for side in ("over", "under", "less_over", "less_under")}
    written = {language: vars_of(quantity(one.unit, language)) for language in LANGUAGES}
    label = {"en": one.label_en, "zh": one.label_zh}
    about = {"id": one.id, "kind": one.kind, "unit": one.unit, "scale": one.scale, "sentence": one.sentence}
    return {**about, "label": label, "quantity": written, **sides}


def vars_of(value: Any) -> dict[str, Any]:
    """Fields of a frozen record with slots."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _image(image: Image) -> dict[str, Any]:
    return {
        "seed": image.seed,
        "length": len(image.data),
        "kinds": "".join(kind for kind, _ in image.arguments),
        "values": [value for _, value in image.arguments],
        "marks": image.marks,
        "places": {name: image.places[name] for name in PLACES},
        "end": image.end,
    }


def page_data(setting: Setting, images: Sequence[Image], language: str) -> dict[str, Any]:
    """What the page must know beside module and images, as plain data."""
    today = setting.drawn.levers
    unit = {
        name: {tag: quantity(lever.unit, tag).level_unit.strip() for tag in LANGUAGES} for name, lever in LEVERS.items()
    }
    return {
        "version": model_version(),
        "language": language,
        "town": {
            "id": setting.town.id,
            "label": _both(setting.town, "label"),
            "residents": images[0].places["residents"][1] if setting.town.size is None else setting.town.size,
            "villages": images[0].places["villages"][1],
        },
        "weeks": setting.weeks,
        "baseline_weeks": BASELINE_WEEKS,
        "words": {tag: {key: words[i] for key, words in TOWN_PAGE.items()} for i, tag in enumerate(LANGUAGES)},
        "dials": DIALS,
        "levers": [
            {"id": lever.id, "low": lever.low, "high": lever.high, "today": today[lever.id], "unit": unit[lever.id],
             "label": _both(lever, "label")}
            for lever in LEVERS.values()
        ],
        "measures": [
            {"id": one.id, "start": one.start, "group": group_of(one)}
            | {word: _both(one, word) for word in ("label", "sentence", "risk")}
            for one in read_measures().values()
        ],
        "indicators": {one.id: _indicator(one) for one in INDICATORS.values()},
        "outcomes": OUTCOMES,
        "figures": FIGURES,
        "hours": HOURS,
        "edges": WAIT_EDGES.tolist(),
        "bins": WAIT_BINS,
        "width": TALLY_TYPE.itemsize // 8,
        "base": BASE,
        "fields": {kind: {name: _offset(dtype, name) for name in names} for kind, (dtype, names) in FIELDS.items()},
        "images": [_image(image) for image in images],
    }  # fmt: skip


def joined_scripts() -> str:
    """The sources of web/ as one script: each is a module of its own, so imports go and exports become names."""
    parts = []
    for name in SCRIPTS:
        source = (WEB / f"{name}.js").read_text(encoding="utf-8")
        source = re.sub(r"^import [^;]*;\n", "", source, flags=re.MULTILINE)
        parts.append(re.sub(r"^export ", "", source, flags=re.MULTILINE))
    return "\n" + "\n".join(parts)


def policy_of(script: str, style: str) -> str:
    """The content security policy: this script and style, WebAssembly, inline fonts, what is saved; nothing else."""

    def hash_of(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {hash_of(script)} 'wasm-unsafe-eval'; style-src {hash_of(style)}; "
        "font-src data:; img-src blob:; base-uri 'none'; form-action 'none'"
    )


def _blob(name: str, content: bytes) -> str:
    packed = base64.b64encode(zlib.compress(content, 9)).decode()
    return f'<script type="application/octet-stream" id="{name}">{packed}</script>'


def document(setting: Setting, module: bytes, images: Sequence[Image], language: str) -> str:
    """The whole page."""
    data = json.dumps(page_data(setting, images, language), ensure_ascii=False, separators=(",", ":"))
    script = joined_scripts()
    letters = "".join(sorted({*data, *"0123456789+\N{MINUS SIGN}%,.:;()[]{}="}))
    style = embed_fonts(letters, "zh") + "\n" + (WEB / "page.css").read_text(encoding="utf-8")
    blobs = [_blob("module", module)]
    blobs += [_blob(f"image-{k}", image.data + image.baseline.tobytes()) for k, image in enumerate(images)]
    index = LANGUAGES.index(language)
    parts = {
        "language": language,
        "other": LANGUAGES[1 - index],
        "policy": html.escape(policy_of(script, style), quote=True),
        "title": html.escape(TOWN_PAGE["title"][index]),
        "no_script": html.escape(TOWN_PAGE["no_script"][index]),
        "style": style,
        "data": data.replace("<", "\\u003c"),
        "blobs": "\n".join(blobs),
        "script": script,
    }
    source = (WEB / "index.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], source)
