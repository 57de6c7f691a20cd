"""Section: the outcomes week by week."""

from __future__ import annotations

from typing import Any

from analysis import figures
from analysis.figures import datasets
from analysis.report.section import Material, Section


def _make(given: Material) -> list[dict[str, Any]]:
    reader, text, dataset = given.reader, given.reader.text, given.dataset
    drawn = figures.paths(dataset, reader=reader)
    shown = [reader.label(name) for name in datasets.setting_names(dataset)]
    alt = text["alt_paths"].format(outcomes=reader.join_outcomes(), settings=reader.join(shown))
    several = dataset.sizes.get("setting", 1) > 1
    caption = text["cap_paths"] + (text["sentence_space"] + text["cap_history"] if several else "")
    return [
        {
            "id": "paths",
            "title": text["sec_paths"],
            "width": "middle",
            "figures": [given.figure(drawn, "paths", text["fig_paths_title"], alt, caption)],
            "tables": [],
            "notes": [],
        }
    ]


SECTION = Section(20, ("dataset",), _make)
