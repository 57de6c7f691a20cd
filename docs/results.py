"""Make docs/results/ from the folder of a full ranking, in English and in Chinese.

    python docs/results.py results/full_ranking

Tables are those of the folder, rounded, in the words of the page; nothing is worked out here. What stands above the
line that says so, in docs/results/full_ranking.md and full_ranking.zh.md, is written by hand and left as it is. A table
or figure that the folder lacks is left out, and what an earlier folder left of it is removed.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # when run as a script: docs stands beside sim

from analysis import figures
from analysis.figures.files import DPI
from analysis.figures.style import drawing
from analysis.report import beside, screening
from analysis.report.findings import Labels, Outcomes, bare_change, range_text, three_numbers
from analysis.report.tables import METHODS, Table, ranking_table, with_unit
from analysis.words import label, words
from docs import results_extra
from docs.tables import table
from experiments.findings import outcomes
from sim.measures import MEASURES

HERE = Path(__file__).resolve().parent / "results"
LINE = "<!-- below: made by docs/results.py -->"
PAGES = {"en": "full_ranking.md", "zh": "full_ranking.zh.md"}
KEPT = ("ranking", "package_effect", *beside.TABLES, *results_extra.TABLES, "names")
DRAWN = ("ranking", "morris", "sobol")
"""Figures that are drawn in both languages; others are copied as the job drew them."""

WORDS = {
    "en": {
        "command": "Command: `{command}`",
        "made": "Model version {version}; {runs} runs{more}, {replicates} replicates{draws}; settings {settings}.",
        "more": " and {runs} more ({use})",
        "draws": ", each with its own draw of the set `{set}`",
        "package": "The whole package",
        "package_heads": ("Outcome", "Effect of all measures (95% interval)", "Replicates"),
        "whole": "Whole table: [{name}.csv](tables/{name}.csv).",
    },
    "zh": {
        "command": "命令：`{command}`",
        "made": "模型版本 {version}；{runs} 次运行{more}，{replicates} 次重复{draws}；设定 {settings}。",
        "more": "，另有 {runs} 次（{use}）",
        "draws": "，每次重复各取参数集 `{set}` 中的一组",
        "package": "整套措施",
        "package_heads": ("结果", "全部措施的效果（95% 区间）", "重复次数"),
        "whole": "完整表格：[{name}.csv](tables/{name}.csv)。",
    },
}
Rows = Sequence[Mapping[str, Any]]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a table of the folder, empty cells as "nan"; none if it was not made."""
    path = folder / "tables" / f"{name}.csv"
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8-sig") as file:
        return [{key: value or "nan" for key, value in row.items()} for row in csv.DictReader(file)]


def shown(one: Table) -> list[str]:
    """Lines of a table of the page in Markdown, its caption above it."""
    return [f"**{one.caption}**", "", table(tuple(one.columns), one.rows), ""]


def image(name: str, title: str, caption: str = "") -> list[str]:
    """Lines of a figure and, if there is one, its caption."""
    return [f"![{title}]({name}.png)", "", *([caption, ""] if caption else [])]


def head(record: Mapping[str, Any], language: str) -> list[str]:
    """What made the tables."""
    text = WORDS[language]
    more = "".join(
        text["more"].format(runs=f"{made['runs']:,}", use=results_extra.use(name, language))
        for name, made in record.get("runs_beside", {}).items()
    )
    behaviour = record["behaviour"]
    named = [
        f"{label(record['labels'], key, language)} {one['fingerprint']}" for key, one in record["settings"].items()
    ]
    made = text["made"].format(
        version=record["model_version"],
        runs=f"{record['runs']:,}",
        more=more,
        replicates=record["replicates"],
        draws=text["draws"].format(set=behaviour["set"]) if behaviour else "",
        settings=words(language)["comma"].join(named),
    )
    return [text["command"].format(command=record["command"]), "", made, ""]


def package(rows: Rows, described: Outcomes, language: str) -> list[str]:
    """Effect of the whole package on each outcome."""
    text = WORDS[language]
    lines = []
    for row in rows:
        one = described.get(row["outcome"])
        if one is not None:
            unit, numbers = one["unit"], three_numbers(row, "effect")
            size = f"{bare_change(*numbers, unit)} [{range_text(*numbers, unit, language)}]"
            lines.append([with_unit(one[language], unit, language), size, row["seeds"]])
    return [f"## {text['package']}", "", table(text["package_heads"], lines), ""] if lines else []


def ranking(rows: Rows, described: Outcomes, labels: Labels, language: str) -> list[str]:
    """The ranking, one table an outcome."""
    text = words(language)
    lead = lead_of(rows)
    caption = text["cap_ranking" if lead == "shapley" else f"cap_ranking_{lead}"]
    lines = [f"## {text['sec_ranking']}", ""]
    lines += image(picture("ranking", language), text[f"fig_ranking_title_{lead}"], caption)
    for outcome in described:
        if any(row["outcome"] == outcome and row["method"] in METHODS for row in rows):
            lines += shown(ranking_table(rows, outcome, described, labels, language))
    return [*lines, text["note_ranking"].format(level="95%"), ""]


def lead_of(rows: Rows) -> str:
    """The method shown first, as on the page."""
    return next(method for method in METHODS if any(row["method"] == method for row in rows))


def names(rows: Rows) -> dict[str, dict[str, str]]:
    """Names of measures, towns and whatever else `rows` of names.csv have, in both languages."""
    measures = {measure.id: {"en": measure.label_en, "zh": measure.label_zh} for measure in MEASURES.values()}
    return {**{row["id"]: {"en": row["label_en"], "zh": row["label_zh"]} for row in rows}, **measures}


def described_in(found: Mapping[str, Rows]) -> dict[str, dict[str, str]]:
    """The headline outcomes, and any other that is ranked (a composite, of which more is better)."""
    ranked = {row["outcome"] for row in found["ranking"]}
    own = {row["id"]: row for row in found["names"] if row["kind"] == "outcome" and row["id"] in ranked}
    more = {
        id: {"en": row["label_en"], "zh": row["label_zh"], "unit": row["unit"], "better": "higher"}
        for id, row in own.items()
        if id not in outcomes()
    }
    return {**outcomes(), **more}


def sections(found: Mapping[str, Rows], described: Outcomes, labels: Labels, language: str) -> list[str]:
    """Morris, Sobol and what stands beside the ranking, as the page has them."""
    text = words(language)

    def figure(_drawn: Any, name: str, title: str, _alt: str, caption: str) -> dict[str, str]:
        return {"name": name, "title": title, "caption": caption}

    rows = found["ranking"]
    measures = list(dict.fromkeys(row["measure"] for row in rows))
    parts = screening.sections(rows, found["unranked"], described, labels, language, figure)
    parts += beside.sections(found, measures, described, labels, language)
    lines = []
    for part in parts:
        lines += [f"## {part['title']}", ""]
        for sentence in part["intro"]:
            lines += [sentence, ""]
        for drawn in part["figures"]:
            lines += image(picture(drawn["name"], language), drawn["title"], drawn["caption"])
        for one in part["tables"]:
            lines += shown(one)
        links = {text["note_table"].format(name=name): whole(name, language) for name in KEPT}
        for note in part["notes"]:
            lines += [links.get(note, note), ""]
    return lines


def whole(name: str, language: str) -> str:
    """Where all rows of a table are."""
    return WORDS[language]["whole"].format(name=name)


def extra(found: Mapping[str, Rows], folder: Path, described: Outcomes, labels: Labels, language: str) -> list[str]:
    """Tables that some rankings have: what measures do together, timing, circumstances, sources of spread."""
    lines = []
    for name in results_extra.TABLES:
        if found[name]:
            title, sentence, heads, cells = results_extra.top(name, found[name], described, labels, language)
            lines += [f"## {title}", "", sentence, ""]
            for path in drawn_by_job(folder, name):
                lines += image(path.stem, title)
            lines += [table(tuple(heads), cells), ""] if cells else []
            lines += [whole(name, language), ""]
    return lines


def drawn_by_job(folder: Path, name: str) -> list[Path]:
    """Figures of a table as the job drew them: <name>.png, or one an outcome, <name>_<outcome>.png."""
    return sorted(path for path in (folder / "figures").glob(f"{name}*.png") if path.stem not in DRAWN)


def picture(name: str, language: str) -> str:
    """Name of a figure that is drawn in both languages."""
    return name if language == "en" else f"{name}_{language}"


def draw(rows: Rows, described: Outcomes, labels: Labels) -> None:
    """The figures of the ranking, of Morris and of Sobol in both languages."""
    for language in PAGES:
        shared: dict[str, Any] = {"outcomes": described, "labels": labels, "language": language}
        for name, lead in zip(DRAWN, (lead_of(rows), "morris_strength", "sobol_total"), strict=True):
            target = HERE / f"{picture(name, language)}.png"
            target.unlink(missing_ok=True)
            if any(row["method"] == lead for row in rows):
                make = figures.ranking if name == "ranking" else figures.sizes
                more = {"method": lead} if name == "ranking" else {"design": name}
                drawn = make(rows, **shared, **more)
                with drawing():
                    drawn.savefig(target, dpi=DPI, metadata={"Software": None})


def renew(name: str, lines: Sequence[str]) -> None:
    """Put `lines` below the line of a page and leave what stands above it."""
    target = HERE / name
    above = target.read_text(encoding="utf-8").split(LINE)[0] if target.is_file() else ""
    target.write_text(above + "\n".join([LINE, "", *lines]).rstrip() + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Copy the tables and figures, and make the lower part of both pages anew."""
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    found = {name: read(folder, name) for name in KEPT}
    (HERE / "tables").mkdir(parents=True, exist_ok=True)
    for name in KEPT:
        target = HERE / "tables" / f"{name}.csv"
        target.unlink(missing_ok=True)
        if found[name]:
            shutil.copy(folder / "tables" / f"{name}.csv", target)
    described, labels = described_in(found), names(found["names"])
    draw(found["ranking"], described, labels)
    for name in results_extra.TABLES:
        for old in HERE.glob(f"{name}*.png"):
            old.unlink()
        for path in drawn_by_job(folder, name):
            shutil.copy(path, HERE / path.name)
    for language, page in PAGES.items():
        lines = [*head(record, language), *package(found["package_effect"], described, language)]
        lines += ranking(found["ranking"], described, labels, language)
        lines += sections(found, described, labels, language)
        renew(page, [*lines, *extra(found, folder, described, labels, language)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
