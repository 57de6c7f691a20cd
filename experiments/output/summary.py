"""The short table a job ends with."""

from __future__ import annotations

from experiments.cli import console
from experiments.output.findings import Findings, Rows, before_and_after
from experiments.output.labels import first_outcomes, labels, outcomes
from experiments.study.study import Study

# Shown beside the first outcomes of the study, where the model reports them.
ALSO = ("days_to_close_median", "compliance_share", "initiative_rate", "petitions")

WORDS = {
    "en": {
        "before": "before (year −1)", "last": "last year", "change": "change [95 % interval]",
        "measure": "measure", "lever": "measure or lever",
        "runs": "{runs} runs; changes of shares in percentage points",
        "package": "whole package", "ranking": "What each measure contributes ({method})",
        "shapley": "Shapley value, last year", "add_one_in": "alone, last year",
        "leave_one_out": "lost when left out, last year",
        "how": "± half of the 95 % interval, then the places it could take; shares in points",
        "ranges": "A lever with a range counts from its low to its high end.",
        "more": "Not shown: {n} of {all} ranked outcomes; all are in tables/ranking.csv, a sentence each on the page.",
        "refused": "With {n} replicates no places are told: a rank set takes at least {least}.",
        "reached": "The wanted precision was reached with {n} replicates.",
        "missed": "The wanted precision was not reached with {n} replicates, the most that were allowed.",
    },
    "zh": {
        "before": "整治前（前一年）", "last": "最后一年", "change": "变化 [95% 区间]",
        "measure": "措施", "lever": "措施或杠杆", "runs": "共 {runs} 次模拟；占比的变化以百分点计",
        "package": "全部措施", "ranking": "各措施的贡献（{method}）",
        "shapley": "夏普利值，最后一年", "add_one_in": "单独实施，最后一年",
        "leave_one_out": "去掉后的损失，最后一年",
        "how": "± 为95% 区间的一半，其后为可能的名次；占比以百分点计",
        "ranges": "有范围的杠杆，指由下限变为上限的效果。",
        "more": "参加排序的 {all} 项结果中有 {n} 项未列出：全部见 tables/ranking.csv，网页上各有一句。",
        "refused": "只有 {n} 次重复，不给出名次范围：名次集至少需要 {least} 次重复。",
        "reached": "所求精度已达到，共 {n} 次重复。",
        "missed": "所求精度未达到：已做完所许可的 {n} 次重复。",
    },
}  # fmt: skip


def show(study: Study, findings: Findings) -> None:
    """Print baseline, after and difference with its interval; for a ranking, the ranking too."""
    language = study.language
    words = WORDS[language]
    names = list(study.settings)
    note = words["runs"].format(runs=findings.runs)
    available = {row["outcome"] for row in findings.levels}
    first = first_outcomes(study.ranking.outcomes, findings.ranking)
    names_shown = [name for name in dict.fromkeys((*first, *outcomes(ALSO))) if name in available]
    if len(names) == 1:
        rows = before_and_after(findings, names[0], names_shown)
        console.table(
            f"{console.label(study.label, language)} · {_label(study, names[0])}",
            ("", words["before"], words["last"], words["change"]),
            _format_rows(rows, language),
            note,
        )
    for other in names[1:]:
        rows = [
            row
            for row in findings.effects
            if row["other"] == other and row["period"] == "evaluation" and row["outcome"] in names_shown
        ]
        rows.sort(key=lambda row: names_shown.index(row["outcome"]))
        console.table(
            f"{console.label(study.label, language)} · {words['last']}",
            ("", _label(study, names[0]), _label(study, other), words["change"]),
            _format_rows(rows, language),
            note,
        )
    if findings.ranking and findings.package:
        _show_ranking(study, findings.ranking, findings.package)
    if "precision_half_width" in findings.summary:
        reached = "reached" if findings.summary["precision_reached"] else "missed"
        console.out(words[reached].format(n=int(findings.summary["precision_replicates"])))


def _show_ranking(study: Study, ranking: Rows, package: Rows) -> None:
    from analysis.figures import leading_method
    from analysis.uncertainty import MINIMUM
    from analysis.words import with_composite

    words, language = WORDS[study.language], study.language
    method = leading_method(ranking)
    if not method:
        return
    found = {(r["measure"], r["outcome"]): r for r in ranking if r["method"] == method}
    names, ranked = labels(study), {outcome for _, outcome in found}
    first = outcomes(first_outcomes([name for name in study.ranking.outcomes if name in ranked], ranking))
    described = {name: given for name, given in with_composite(first, ranking).items() if name in ranked}
    measures = [r["measure"] for r in ranking if r["method"] == method]
    lines = []
    for measure in dict.fromkeys(measures):
        row = [console.label(names.get(measure, {"en": measure}), language)]
        lines.append(row + [_cell(found[measure, o], described[o]["unit"]) for o in described])
    total = {row["outcome"]: row for row in package}
    lines.append([words["package"], *(_cell(total[o], described[o]["unit"]) for o in described)])
    columns = [console.label(record, language) for record in described.values()]
    console.table(
        words["ranking"].format(method=words[method]),
        (words["lever" if study.ranking.levers or study.ranking.ranges else "measure"], *columns),
        lines,
        words["how"],
    )
    if study.ranking.ranges:
        console.out(words["ranges"])
    if package[0]["seeds"] < MINIMUM:
        console.out(words["refused"].format(n=package[0]["seeds"], least=MINIMUM))
    if len(described) < len(ranked):
        console.out(words["more"].format(n=len(ranked) - len(described), all=len(ranked)))


def _cell(row, unit: str) -> str:
    value = row.get("contribution", row.get("effect"))
    text = console.margin(value, row["ci_low"], row["ci_high"], unit)
    if "rank_low" not in row:
        return text + " " * 6
    low, high = row["rank_low"], row["rank_high"]
    return text + (f"{low}" if low == high else f"{low}–{high}").rjust(6)


def _format_rows(rows: Rows, language: str) -> list[list[str]]:
    described = outcomes([row["outcome"] for row in rows])
    return [
        [
            console.label(described[row["outcome"]], language),
            console.figure(row["base_mean"], described[row["outcome"]]["unit"]),
            console.figure(row["other_mean"], described[row["outcome"]]["unit"]),
            console.change(row["difference"], row["ci_low"], row["ci_high"], described[row["outcome"]]["unit"]),
        ]
        for row in rows
    ]


def _label(study: Study, name: str) -> str:
    return console.label(study.labels[name], study.language)
