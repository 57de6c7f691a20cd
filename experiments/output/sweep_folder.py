"""The folder of a sweep, and the table it ends with.

summary.json, data.nc, tables/sweep.csv, tables/best_region.csv, tables/names.csv, figures/sweep.*, provenance.json
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli import console
from experiments.output import labels
from experiments.output.contents import write_dataset, write_json
from experiments.output.csv_tables import inert, write_csv
from experiments.output.figures import write_figure
from experiments.output.folder import MARK
from experiments.output.leaves import Leaves
from experiments.output.provenance import Clock, provenance
from experiments.output.sweeps import Swept, key_labels, spec_of
from experiments.study.study import Study

if TYPE_CHECKING:
    from experiments.output.findings import Rows

MOST_SHOWN = 3  # keys of which there is a picture

WORDS = {
    "en": {
        "title": "{label}: where each outcome is best", "outcome": "outcome", "mean": "mean [95 % interval]",
        "draws": "median [5 to 95 % of draws]", "p": "best in", "region": "as good",
        "note": "{runs} runs. Interval: how long it was run. Range over draws: what is not known.",
        "seeds_only": "{runs} runs. Interval: how long it was run; what is not known is told with draws= only.",
        "chance": "With one seed a draw, the range over draws holds chance too.",
        "few": "With fewer than {least} draws or seeds no points are told apart.",
        "no_picture": "No picture: {n} keys were swept, and a picture shows up to {most}.",
        "points": "{n} of {all} points",
    },
    "zh": {
        "title": "{label}：各项结果的最优取值", "outcome": "结果", "mean": "均值 [95% 区间]",
        "draws": "中位数 [抽样的 5% 至 95%]", "p": "最优的比例", "region": "同样好",
        "note": "共 {runs} 次模拟。区间：取决于运行多少；抽样的范围：尚不知道的部分。",
        "seeds_only": "共 {runs} 次模拟。区间取决于运行多少；不给 draws= 时，对尚不知道的部分不作说明。",
        "chance": "每个抽样只有一个种子时，抽样的范围也包含偶然性。",
        "few": "抽样或种子少于 {least} 个时，不区分各取值的优劣。",
        "no_picture": "没有图：扫描了 {n} 个键，图最多显示 {most} 个。",
        "points": "{all} 组中的 {n} 组",
    },
}  # fmt: skip


def write(folder: Path, study: Study, swept: Swept, command: str, clock: Clock, languages: Sequence[str] = ()) -> None:
    """Write everything a finished sweep leaves into `folder`, which exists and is empty."""
    write_json(folder / "summary.json", dict(swept.summary))
    write_dataset(folder / "data.nc", swept.dataset)
    (folder / "tables").mkdir()
    for name, rows in swept.tables.items():
        write_csv(folder / "tables" / f"{name}.csv", rows)
    write_csv(folder / "tables" / "names.csv", name_rows(study), encoding="utf-8-sig")
    if (figure := draw(study, swept)) is not None:
        write_figure(figure, folder / "figures", "sweep")
    write_json(folder / MARK, record(study, command, clock, swept))


def record(study: Study, command: str, clock: Clock, swept: Swept) -> dict[str, Any]:
    """Provenance: as of any job, with what was swept; seeds are those of replicate 0 of draw 0 and those after it."""
    spec, (name, setting) = spec_of(study), next(iter(study.settings.items()))
    found = provenance(study, command, clock, swept.results)
    found["seeds"] = {name: [setting.seed + k for k in range(spec.seeds(study.replicates))]}
    found["behaviour"] = found["behaviour"] and {**found["behaviour"], "draws": list(study.behaviour.draws)}  # type: ignore[union-attr]
    found["labels"] = {**found["labels"], **key_labels(study)}
    values = {key: list(one) for key, one in spec.values.items()}
    found["sweep"] = {
        "values": values,
        "points": len(spec.points),
        "draws": spec.draws,
        "outcomes": list(spec.outcomes),
    }
    return found


def name_rows(study: Study) -> Rows:
    """What each id in the tables means: kind, id, unit, name in English and Chinese."""
    rows = [
        {"kind": "outcome", "id": id, "unit": one["unit"], "label_en": one["en"], "label_zh": one["zh"]}
        for id, one in labels.outcomes(spec_of(study).outcomes).items()
    ]
    return rows + [
        {"kind": "key", "id": key, "unit": "", "label_en": inert(one["en"]), "label_zh": inert(one["zh"])}
        for key, one in key_labels(study).items()
    ]


def draw(study: Study, swept: Swept) -> Any:
    """The picture in the study's language: curves, a heat map or several; None for more than three keys."""
    from analysis.figures.response_maps import response_maps
    from analysis.words import Reader

    if len(spec_of(study).values) > MOST_SHOWN:
        return None
    shown = labels.outcomes(spec_of(study).outcomes[: labels.SHOWN])
    return response_maps(swept.tables["sweep"], reader=Reader(study.language, shown, key_labels(study)))


def show(study: Study, swept: Swept, folder: Path, languages: Sequence[str] = ()) -> None:
    """Print the best point of every outcome, and where the picture is."""
    from analysis.uncertainty import MINIMUM

    words, spec, language = WORDS[study.language], spec_of(study), study.language
    described = labels.outcomes(spec.outcomes)
    lines = []
    for outcome in list(spec.outcomes)[: labels.SHOWN]:
        rows = [row for row in swept.tables["sweep"] if row["outcome"] == outcome and row["loss"] == 0.0]
        own = [row for row in swept.tables["sweep"] if row["outcome"] == outcome]
        lines += [_line(row, own, described[outcome], study) for row in rows[:1]]
    names = [console.label(one, language) for one in key_labels(study).values()]
    columns = (words["outcome"], *names, words["mean"], words["draws"], words["p"], words["region"])
    note = words["note" if spec.draws else "seeds_only"].format(runs=len(swept.results.members))
    console.table(words["title"].format(label=console.label(study.label, language)), columns, lines, note)
    if spec.draws and study.replicates == 1:
        console.out(words["chance"])
    if (spec.draws or study.replicates) < MINIMUM:
        console.out(words["few"].format(least=MINIMUM))
    if len(spec.values) > MOST_SHOWN:
        console.out(words["no_picture"].format(n=len(spec.values), most=MOST_SHOWN))
    else:
        console.out(f"Picture: {folder / 'figures' / 'sweep.png'}")


def _line(row: Mapping[str, Any], own: Rows, described: Mapping[str, str], study: Study) -> list[str]:
    words, spec, unit = WORDS[study.language], spec_of(study), described["unit"]

    def three(*names: str) -> str:
        middle, low, high = (console.figure(row[name], unit) for name in names)
        return f"{middle} [{low}, {high}]" if math.isfinite(row[names[0]]) else "–"

    inside = [one["in_region"] for one in own]
    count = sum(inside) if all(map(math.isfinite, inside)) else None
    region = words["points"].format(n=count, all=len(own)) if count is not None else "–"
    values = [f"{row[key]:g}" for key in spec.values]
    share = f"{100 * row['p_best']:.0f} %" if spec.draws else "–"
    first = console.label(described, study.language)
    return [first, *values, three("mean", "ci_low", "ci_high"), three("median", "q05", "q95"), share, region]


LEAVES = Leaves(write, show)
