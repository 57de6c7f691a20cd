"""Make docs/results/ from the folder of a full ranking, in English and in Chinese.

    python -m tools.results results/full_ranking

Sections, tables and figures are those of the job's page, drawn again in both languages; nothing is worked out here.
What stands above the line that says so, in docs/results/full_ranking.md and full_ranking.zh.md, is written by hand and
left as it is. What an earlier folder left of tables and figures is removed.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.figures.datasets import WEEKS_A_YEAR
from analysis.figures.image_files import DPI
from analysis.figures.style import drawing
from analysis.report.prose import bare_change, range_text, three_numbers
from analysis.report.section import Figured, Material
from analysis.report.sections import TABLES, make_sections
from analysis.words import Reader, label, words
from experiments.output.labels import outcomes
from sim.inputs.measures import MEASURES
from tools import DOCS
from tools.markdown import table

RESULTS = DOCS / "results"
LINE = "<!-- below: made by python -m tools.results -->"
PAGES = {"en": "full_ranking.md", "zh": "full_ranking.zh.md"}
OWN = ("store=", "output=")  # words of a command that are of one machine
KEPT = ("ranking", *TABLES, "names")

WORDS = {
    "en": {
        "command": "Command: `{command}`",
        "made": "Model version {version}; {runs} runs{more}, {replicates} replicates{draws}; settings {settings}.",
        "more": " and {runs} more ({use})",
        "packages": "packages",
        "start_weeks": "start weeks",
        "draws": ", each with its own draw of the set `{set}`",
        "package": "The whole package",
        "whole": "Whole table: [{name}.csv](tables/{name}.csv).",
        "tables": "All tables",
    },
    "zh": {
        "command": "命令：`{command}`",
        "made": "模型版本 {version}；{runs} 次运行{more}，{replicates} 次重复{draws}；设定 {settings}。",
        "more": "，另有 {runs} 次（{use}）",
        "packages": "预算组合",
        "start_weeks": "开始时间",
        "draws": "，每次重复各取参数集 `{set}` 中的一组",
        "package": "整套措施",
        "whole": "完整表格：[{name}.csv](tables/{name}.csv)。",
        "tables": "全部表格",
    },
}
PACKAGE_HEADS = {
    "en": ("Outcome", "Effect of all measures (95% interval)", "Replicates"),
    "zh": ("结果", "全部措施的效果（95% 区间）", "重复次数"),
}
Rows = Sequence[Mapping[str, Any]]


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a table of the folder, empty cells as "nan"; none if it was not made."""
    path = folder / "tables" / f"{name}.csv"
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8-sig") as file:
        return [{key: value or "nan" for key, value in row.items()} for row in csv.DictReader(file)]


def head(record: Mapping[str, Any], language: str) -> list[str]:
    """What made the tables."""
    text = WORDS[language]
    more = "".join(
        text["more"].format(runs=f"{made['runs']:,}", use=text[use]) for use, made in record["runs_beside"].items()
    )
    named = [
        f"{label(record['labels'], key, language)} {one['fingerprint']}" for key, one in record["settings"].items()
    ]
    made = text["made"].format(
        version=record["model_version"],
        runs=f"{record['runs']:,}",
        more=more,
        replicates=record["replicates"],
        draws=text["draws"].format(set=record["behaviour"]["set"]) if record["behaviour"] else "",
        settings=words(language)["comma"].join(named),
    )
    said = " ".join(w for w in record["command"].split() if not w.startswith(OWN))  # readers have their own
    return [text["command"].format(command=said), "", made, ""]


def package(rows: Rows, language: str) -> list[str]:
    """Effect of the whole package on each outcome."""
    text, described = WORDS[language], outcomes()
    reader = Reader(language, described)
    lines = []
    for row in (row for row in rows if row["outcome"] in described):
        one, numbers = described[row["outcome"]], three_numbers(row, "effect")
        size = f"{bare_change(*numbers, one['unit'])} [{range_text(*numbers, one['unit'], reader)}]"
        lines.append([reader.outcome_with_unit(row["outcome"]), size, row["seeds"]])
    return [f"## {text['package']}", "", table(PACKAGE_HEADS[language], lines), ""]


def saved(language: str) -> Figured:
    """Saves figures beside the pages; those in Chinese have a name that says so."""

    def figure(drawn: Any, name: str, title: str, _alt: str, caption: str) -> dict[str, str]:
        file = f"{name}{'' if language == 'en' else f'_{language}'}.png"
        with drawing():
            drawn.savefig(RESULTS / file, dpi=DPI, metadata={"Software": None})
        return {"file": file, "title": title, "caption": caption}

    return figure


def section(part: Mapping[str, Any], language: str) -> Iterator[str]:
    """Lines of a section of the page in Markdown."""
    yield from (f"## {part['title']}", "")
    for sentence in part.get("intro", ()):
        yield from (sentence, "")
    for point in part.get("points", ()):
        yield f"- {point}"
    if part.get("points"):
        yield ""
    for one in part["figures"]:
        yield from (f"![{one['title']}]({one['file']})", "", one["caption"], "")
    for one in part["tables"]:
        yield from (f"**{one.caption}**", "", table(one.columns, one.rows), "")
    links = {words(language)["note_table"].format(name=name): whole(name, language) for name in KEPT}
    for note in part["notes"]:
        yield from (links.get(note, note), "")


def whole(name: str, language: str) -> str:
    """Where all rows of a table are."""
    return WORDS[language]["whole"].format(name=name)


def renew(name: str, lines: Sequence[str]) -> None:
    """Put `lines` below the line of a page and leave what stands above it."""
    target = RESULTS / name
    above = target.read_text(encoding="utf-8").split(LINE)[0] if target.is_file() else ""
    target.write_text(above + "\n".join([LINE, "", *lines]).rstrip() + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    """Copy the tables, draw the figures, and make the lower part of both pages anew."""
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    found = {name: read(folder, name) for name in KEPT}
    (RESULTS / "tables").mkdir(parents=True, exist_ok=True)
    for old in (*RESULTS.glob("*.png"), *RESULTS.glob("tables/*.csv")):
        old.unlink()
    kept = [name for name in KEPT if found[name]]
    for name in kept:
        shutil.copy(folder / "tables" / f"{name}.csv", RESULTS / "tables" / f"{name}.csv")
    names = {m.id: {"en": m.label_en, "zh": m.label_zh} for m in MEASURES.values()} | record["labels"]
    last = max(1, round(max(one["setting"]["weeks"] for one in record["settings"].values()) / WEEKS_A_YEAR))
    for language, page in PAGES.items():
        lines = [*head(record, language), *package(found["package_effect"], language)]
        reader = Reader(language, outcomes(), names)
        given = Material(reader, found, saved(language), last=last, asked=record["ranking"], summary=summary)
        for part in make_sections(given):
            lines += section(part, language)
        lines += [f"## {WORDS[language]['tables']}", "", *(f"- [{name}.csv](tables/{name}.csv)" for name in kept)]
        renew(page, lines)


def started(arguments: Sequence[str]) -> int:
    """Renew the pages of the folder that is named; exit code 2 where none is, or it holds no finished job."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    if missing := [name for name in ("provenance.json", "summary.json") if not (folder / name).is_file()]:
        print(f"{folder}: no {missing[0]}; the folder of a finished ranking expected", file=sys.stderr)
        return 2
    main(folder)
    return 0


if __name__ == "__main__":
    sys.exit(started(sys.argv[1:]))
