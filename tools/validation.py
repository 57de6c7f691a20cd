"""Make the lower parts of docs/validation.md and validation.zh.md from the folders of a calibration and a validation.

    python -m tools.validation results/calibration results/validation

What stands above the line that says so is written by hand and left as it is. Tables are copied to docs/validation/, so
that every figure of the text can be traced to a cell.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis.figures.calibration_targets import calibration_targets
from analysis.figures.image_files import render
from analysis.figures.validation import validation as validation_figure
from analysis.words import Reader
from analysis.words.quantities import MINUS
from sim.inputs.files import CONFIGS, read_yaml
from tools import DOCS
from tools.markdown import figure, table
from tools.results import read

LINE = "<!-- below: made by python -m tools.validation -->"
PAGES = {"en": "validation.md", "zh": "validation.zh.md"}
COPIED = {
    "calibration": ("stages", "targets", "parameters", "misfits"),
    "validation": ("validation", "conditions", "theories"),
}
IMAGES = {"targets": "calibration_targets", "validation": "validation"}
KINDS = ("effect", "pattern", "hypothesis")

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "made": "Model version {version}, priors {priors}; calibration: {draws} prior draws; validation: {runs} runs.",
        "targets": "Targets",
        "target_heads": ("Target", "Allowed", "Standing", "Prior draws (5 to 95 %)", "Outside", "Set (5 to 95 %)"),
        "learned": "Of {count} parameters {some} moved or narrowed beyond what chance would do to so many: {names}. "
        "All others keep their priors.",
        "none": "none",
        "moved": "`{name}` (mean by {shift} prior standard deviations, width × {width}, overlap {overlap})",
        "effect": "Published effects",
        "pattern": "Patterns",
        "hypothesis": "Hypotheses, not counted",
        "heads": (
            *("", "Standing", "Median over the set (5 to 95 %)", "Expected", "Verdict", "Set", "Random draws"),
            *("Log score", "of random draws"),
        ),
        "verdicts": {
            "holds": "holds", "fails": "**fails**", "within_factor_two": "within a factor of two",
            "right_sign": "right sign", "wrong_sign": "**wrong sign**",
        },
        "standings": {"assumed": "assumed", "emergent": "emergent"},
        "tables": "Whole tables: {names}.",
        "scores": "Mean log score of what counts: {set} for the set, {random} for random draws of the priors "
        "(0 is the best there is).",
        "and": ", ",
        "caption": {"targets": "Targets: range, priors and set", "validation": "Patterns and effects"},
    },
    "zh": {
        "made": "模型版本 {version}，先验 {priors}；校准：{draws} 组先验抽取；验证：{runs} 次运行。",
        "targets": "校准目标",
        "target_heads": ("目标", "允许范围", "依据", "先验抽取（5% 至 95%）", "范围之外", "参数集（5% 至 95%）"),
        "learned": "{count} 个参数中，{some} 个的移动或收窄超出偶然所能解释的程度：{names}。其余参数保持先验。",
        "none": "无",
        "moved": "`{name}`（均值移动 {shift} 个先验标准差，宽度 × {width}，重叠 {overlap}）",
        "effect": "已发表的效应",
        "pattern": "模式",
        "hypothesis": "假说（不计入）",
        "heads": (
            *("", "性质", "参数集的中位数（5% 至 95%）", "预期", "结论"),
            *("参数集中成立", "随机抽取中成立", "对数得分", "随机抽取得分"),
        ),
        "verdicts": {
            "holds": "成立", "fails": "**不成立**", "within_factor_two": "相差不到一倍",
            "right_sign": "方向正确", "wrong_sign": "**方向不符**",
        },
        "standings": {"assumed": "设定", "emergent": "涌现"},
        "tables": "完整表格：{names}。",
        "scores": "计入各项的平均对数得分：参数集 {set}，先验的随机抽取 {random}（0 为最好）。",
        "and": "、",
        "caption": {"targets": "校准目标：范围、先验与参数集", "validation": "模式与效应"},
    },
}  # fmt: skip
Rows = Sequence[Mapping[str, Any]]


def short(value: float, digits: int = 2) -> str:
    """A number in so many significant figures, with a true minus sign; a dash where it is missing."""
    if not math.isfinite(value):
        return "–"
    text = figure(float(f"{value:.{digits}g}"))
    return text.replace("-", MINUS)


def share(value: str) -> str:
    """A share in whole percent."""
    return f"{100 * float(value):.0f} %" if math.isfinite(float(value)) else "–"


def spread(row: Mapping[str, str], middle: str, low: str, high: str) -> str:
    """A median with the range behind it."""
    return f"{short(float(row[middle]))} ({short(float(row[low]))}, {short(float(row[high]))})"


def target_lines(rows: Rows, language: str) -> list[str]:
    """The targets, what the priors give and what the set gives."""
    text, known = WORDS[language], read_yaml(CONFIGS / "calibration" / "average.yaml")["targets"]
    cells = [
        [
            known[row["target"]][f"label_{language}"],
            f"{short(float(row['allowed_low']))}–{short(float(row['allowed_high']))}",
            row["standing"],
            spread(row, "prior_p50", "prior_p5", "prior_p95"),
            share(row["share_of_draws_missing"]),
            spread(row, "set_p50", "set_p5", "set_p95"),
        ]
        for row in rows
    ]
    return [f"## {text['targets']}", "", table(text["target_heads"], cells), "", picture("targets", language), ""]


def learned_lines(rows: Rows, language: str) -> list[str]:
    """Which parameters the targets teach."""
    text = WORDS[language]
    moved = sorted((row for row in rows if row["learned"] == "1"), key=lambda row: -abs(float(row["shift"])))
    names = text["and"].join(
        text["moved"].format(
            name=row["parameter"],
            shift=short(float(row["shift"])),
            width=short(float(row["width_ratio"])),
            overlap=short(float(row["overlap"])),
        )
        for row in moved
    )
    return [text["learned"].format(count=len(rows), some=len(moved), names=names or text["none"]), ""]


def rule_lines(rows: Rows, labels: Mapping[str, Mapping[str, str]], language: str) -> list[str]:
    """Verdicts on effects, patterns and hypotheses, what counts first."""
    text, lines = WORDS[language], []
    for kind in KINDS:
        own = sorted((row for row in rows if row["kind"] == kind), key=lambda row: row["counted"] != "1")
        cells = [
            [
                labels[row["id"]][f"label_{language}"],
                text["standings"][row["standing"]],
                spread(row, "value", "ci_low", "ci_high"),
                row["expected"].replace("-", MINUS).replace(">=", "≥").replace("<=", "≤"),
                text["verdicts"][row["verdict"]],
                share(row["share_of_behavioural_set"]),
                share(row["base_rate_random_draws"]),
                short(float(row["log_score"])),
                short(float(row["log_score_random_draws"])),
            ]
            for row in own
        ]
        lines += [f"## {text[kind]}", "", table(text["heads"], cells), ""]
    return [*lines, picture("validation", language), ""]


def picture(name: str, language: str) -> str:
    """A figure in the page."""
    return f"![{WORDS[language]['caption'][name]}](images/{file_of(name, language)})"


def file_of(name: str, language: str) -> str:
    """The file of a figure; those in Chinese have a name that says so."""
    return f"{IMAGES[name]}{'' if language == 'en' else f'_{language}'}.png"


def draw(calibration: Path, validation: Path) -> None:
    """Both figures in both languages, from the tables."""
    targets = [numbers(row) for row in read(calibration, "targets")]
    verdicts, conditions = ([numbers(row) for row in read(validation, name)] for name in ("validation", "conditions"))
    rules = {row["id"]: row for row in read(validation, "rules")}
    known = read_yaml(CONFIGS / "calibration" / "average.yaml")["targets"]
    labels = {id: {key: row[f"label_{key}"] for key in PAGES} for id, row in (known | rules).items()}
    for language in PAGES:
        reader = Reader(language, labels=labels)
        drawn = {
            "targets": calibration_targets(targets, reader=reader),
            "validation": validation_figure(verdicts, conditions, reader=reader),
        }
        for name, one in drawn.items():
            (DOCS / "images" / file_of(name, language)).write_bytes(render(one, ["png"])["png"])


def numbers(row: Mapping[str, str]) -> dict[str, Any]:
    """A row whose numbers are numbers."""
    found: dict[str, Any] = dict(row)
    for key, value in row.items():
        with suppress(ValueError):
            found[key] = int(value) if value.isdigit() else float(value)
    return found


def main(calibration: Path, validation: Path) -> None:
    """Copy tables and figures, and make the lower part of both pages anew."""
    place = DOCS / "validation"
    place.mkdir(exist_ok=True)
    names = []
    for folder, tables in ((calibration, COPIED["calibration"]), (validation, COPIED["validation"])):
        for name in tables:
            if (source := folder / "tables" / f"{name}.csv").is_file():
                shutil.copy(source, place / f"{name}.csv")
                names.append(name)
    draw(calibration, validation)
    first, second = (
        json.loads((one / "provenance.json").read_text(encoding="utf-8")) for one in (calibration, validation)
    )
    summary = json.loads((validation / "summary.json").read_text(encoding="utf-8"))
    rules = {row["id"]: row for row in read(validation, "rules")}
    for language, page in PAGES.items():
        text = WORDS[language]
        made = text["made"].format(
            version=second["model_version"],
            priors=first["priors_hash"][:8],
            draws=f"{first['draws']:,}",
            runs=f"{second['runs']:,}",
        )
        scores = text["scores"].format(set=short(summary["log_score"]), random=short(summary["log_score_random_draws"]))
        links = text["and"].join(f"[{name}.csv](validation/{name}.csv)" for name in names)
        lines = [
            made, "", scores, "", *rule_lines(read(validation, "validation"), rules, language),
            *target_lines(read(calibration, "targets"), language),
            *learned_lines(read(calibration, "parameters"), language), text["tables"].format(names=links),
        ]  # fmt: skip
        target = DOCS / page
        above = target.read_text(encoding="utf-8").split(LINE)[0] if target.is_file() else ""
        target.write_text(above + "\n".join([LINE, "", *lines]).rstrip() + "\n", encoding="utf-8")


def started(arguments: Sequence[str]) -> int:
    """Renew the pages from the two folders that are named; exit code 2 where they are not finished jobs."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    for name in arguments:
        if not (Path(name) / "provenance.json").is_file():
            print(f"{name}: no provenance.json; the folder of a finished job expected", file=sys.stderr)
            return 2
    main(*map(Path, arguments))
    return 0


if __name__ == "__main__":
    sys.exit(started(sys.argv[1:]))
