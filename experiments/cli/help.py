"""Help texts, built from the tables that are also checked against: they cannot fall behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from experiments.study.config_groups import choices
from experiments.study.keys import DEFAULT_EXPERIMENT, Key, table
from experiments.study.question import Question
from sim.inputs.files import CONFIGS, parse_yaml, read_yaml
from sim.inputs.validators import SettingError, plain, unknown
from sim.levers import DIALS, LEVERS

WIDTH = 100

WHAT = {
    "run": (
        "Runs one setting of an experiment, once for each replicate, and shows the year "
        "before week 0, the last year and the difference."
    ),
    "compare": ("Runs the settings of an experiment under the same shocks and shows how each differs from the first."),
    "rank": (
        "Ranks the measures of a setting, and the levers it changes where they are named: what each contributes "
        "to the three headline outcomes, or to any others that are named. Each is left out (leave_one_out), "
        "put in alone (add_one_in) and averaged over all orders of introduction (shapley), with intervals and the "
        "ranks it could have; morris and sobol add what each does with the others set at random. Says which "
        "measures are tied and how many runs could separate them. Over a behavioural set it also says which "
        "parameter would reverse an order, which is worth measuring, and when a measure backfires. On request: "
        "pairs that work only together, late starts and orders of starts, a composite with weights of your own, and "
        "replicates until a wanted precision. On request, too: how much of the variance is due to seed, behaviour, "
        "potency and intensity, and which orders hold in other towns, under rival theories and in other election "
        "weeks. Runs the comparison of the experiment's settings too."
    ),
    "sweep": (
        "Moves dials, levers, intensities of measures or facts over values or ranges: every combination is run, with "
        "the same seeds and draws of behaviour. Says of every point the mean with its interval (how long it was run) "
        "and, with draws=, the range over draws (what is not known); which points are best for each outcome, because "
        "no other is clearly better, and in which share of the draws each is the best. Ends with a picture: curves "
        "for one key, a heat map for two, several for three."
    ),
    "demo": (
        "Shows the whole idea on the average town: the town as it is, before and after "
        "rectification, and which measures did it. Writes the folder of a quick ranking, with "
        "the page in both languages, into results/demo, and replaces what an earlier demo "
        "left there. Takes the keys of rank."
    ),
}

EXAMPLES = {
    "run": (
        "experiment=baseline burden=0.5",
        "town=inspected measures.one_window=1 measures.burden_relief={intensity: 0.5, start: 26}",
        "town=from_table town.table=my_villages.csv replicates=20 language=zh",
    ),
    "compare": (
        "experiment=rectification",
        "experiment=three_dials town=remote_town output=results/dials",
        "experiment=baseline settings.relief.burden=0.5 settings.relief.label_en=Relief",
    ),
    "rank": (
        "experiment=quick_ranking",
        "experiment=quick_ranking town=inspected replicates=20",
        "experiment=full_ranking executor.threads=2",
        "experiment=dials_ranking ranking.outcomes=[service_efficiency, trips_per_case]",
        "experiment=dials_range ranking.ranges.burden=[0.8, 1.2]",
        "experiment=quick_ranking ranking.composite={service_efficiency: 0.5, satisfaction: 0.5}",
        "experiment=quick_ranking ranking.until.half_width=0.5 ranking.until.most=60",
        "experiment=winter ranking.setting=package_b executor.threads=2",
    ),
    "sweep": (
        "sweep={burden: [0, 0.5, 1, 1.5], supervision: 0..0.5/5} draws=16",
        "experiment=dials_sweep town=remote_town",
        "sweep.measures.one_window=0..1/5 replicates=20",
        "sweep.facts.calendar.deadline_every=[13,26,52] burden=0.5",
    ),
    "demo": ("", "language=zh town=inspected output=results/inspected"),
}

FOLDER = """\
  One folder, named by output= (default results/<job>-<experiment>-<time>), made whole at the end:
    summary.json     figure -> number: <name> in the last year, <name>__year1, <name>__baseline;
                     with several settings each ends in __<setting>
    data.nc          weekly paths, dimensions (setting, replicate, week)
    tables/          levels, effects, every run{tables}; names.csv says what the ids mean;
                     villages.csv, with a table of your own, what was read and filled in
    figures/         png, svg, pdf
    report.html      the page
    provenance.json  settings, seeds, versions, machine, command line
  A folder of an earlier job is replaced whole; other folders with files in them are refused.
  If a run fails twice, failures.csv names it and nothing is made of the rest (exit code 1).
  Finished runs are kept in store=: killed or interrupted, the same line goes on from there."""

SWEPT = """\
  One folder, named by output= (default results/sweep-<experiment>-<time>), made whole at the end:
    summary.json             the best point of each outcome, how often it is the best, how many are as good
    data.nc                  every run's figures; a dimension for each key, draw, replicate and period
    tables/sweep.csv         mean with interval, median and range over draws, at every point
    tables/best_region.csv   the points that no other is clearly better than; names.csv says what ids mean
    figures/                 the picture as png, svg, pdf
    provenance.json          settings, seeds, versions, machine, command line
  Finished runs are kept in store=: killed or interrupted, the same line goes on from there."""

TOPICS = ("levers", "measures", "parameters", "facts", "towns", "experiments")


def page(name: str, topic: str = "", questions: Sequence[Question] = ()) -> str:
    """The help page of a job (or of demo) with the keys of `questions`, or the listing that `topic` names."""
    if not topic:
        return _main_page(name, questions)
    makers: dict[str, Callable[[], str]] = {
        "levers": _levers,
        "measures": _measures,
        "parameters": _parameters,
        "facts": _facts,
        "towns": lambda: _files("town", "Towns: town=<name>"),
        "experiments": lambda: _files("experiment", "Experiments: experiment=<name>"),
    }
    if topic not in makers:
        raise unknown("command line", f"--help {topic}", "help page", TOPICS)
    return makers[topic]()


def _main_page(name: str, questions: Sequence[Question]) -> str:
    job = "rank" if name == "demo" else name
    lines = [
        f"python -m experiments.{name} key=value ...",
        "",
        *_wrap(WHAT[name], 0),
        "",
        "Examples",
    ]
    for example in EXAMPLES[name]:
        quoted = " ".join(f"'{w}'" if "{" in w else w for w in _words(example))
        lines.append(f"  python -m experiments.{name} {quoted}".rstrip())
    for title, group in table(questions):
        entries = [entry for entry in group if job in entry.jobs]
        lines += ["", title, *(line for entry in entries for line in _key(entry, job))]
    lines += ["", "Measures (measures.<id>=0..1; --help measures says more)"]
    lines += _columns((m.id, m.label_en, m.label_zh) for m in _all_measures())
    lines += ["", "Levers (levers.<id>=...; lowest to highest, value in the average town)"]
    lines += _columns(_lever_row(lever) for lever in LEVERS.values())
    more = ", ranking, ties, packages and more" if job == "rank" else ""
    lines += ["", "Results", SWEPT if job == "sweep" else FOLDER.format(tables=more)]
    lines += ["", "More", *(f"  python -m experiments.{name} --help {topic}" for topic in TOPICS)]
    return "\n".join(lines)


def _key(entry: Key, job: str) -> list[str]:
    default = DEFAULT_EXPERIMENT[job] if entry.name == "experiment" else entry.default
    default = default.replace("<job>", job)
    allowed = entry.allowed
    for group in ("experiment", "town", "executor", "behaviour"):
        if f"[{group}]" in allowed:
            allowed = allowed.replace(f"[{group}]", ", ".join(choices(group)))
    head = f"  {entry.name}={allowed}" + (f"  (default {default})" if default else "")
    body = _wrap(entry.sentence[0].upper() + entry.sentence[1:] + ".", 6)
    return [*_wrap(head.strip(), 2), *body]


# ---------------------------------------------------------------- listings


def _levers() -> str:
    lines = [
        "Levers: levers.<id>=<value> or levers.<id>={value: ..., start: week, end: week}",
        f"The dials {', '.join(DIALS)} are levers too and may be given without levers.",
    ]
    for group in dict.fromkeys(lever.group for lever in LEVERS.values()):
        lines += ["", group]
        for lever in LEVERS.values():
            if lever.group == group:
                bounds = f"{plain(lever.low)} to {plain(lever.high)} {lever.unit}"
                lines.append(f"  {lever.id}  {bounds}  (average town {plain(lever.default)})")
                lines += _wrap(f"{lever.sentence} {lever.label_zh}。 Source: {lever.source}", 6)
    return "\n".join(lines)


def _lever_row(lever) -> tuple[str, ...]:
    bounds = f"{plain(lever.low)} to {plain(lever.high)}"
    return lever.id, bounds, f"({plain(lever.default)})", lever.unit, lever.label_zh


def _measures() -> str:
    lines = ["Measures: measures.<id>=<intensity 0 to 1>, or {intensity: ..., start: week, end: week}"]
    for m in _all_measures():
        lines += ["", f"  {m.id}  {m.label_en}  {m.label_zh}  (starts in week {m.start})"]
        lines += _wrap(m.sentence_en, 6)
        lines += _wrap(f"What can go wrong: {m.risk_en}", 6)
        lines += _wrap("Moves " + ", ".join(entry.lever for entry in m.entries) + ".", 6)
    return "\n".join(lines)


def _all_measures():
    from sim.inputs.measures import read_measures

    return read_measures().values()


def _parameters() -> str:
    from sim.inputs.priors import read_parameters

    lines = ["Parameters: parameters.<id>=<value>; assumptions and published values, with their range"]
    known = read_parameters().values()
    for reader in dict.fromkeys(parameter.reader for parameter in known):
        lines += ["", reader]
        for p in known:
            if p.reader == reader:
                bounds = f"{plain(p.low)} to {plain(p.high)} {p.unit}"
                lines.append(f"  {p.id}  {bounds}  (mode {plain(p.mode)})")
                lines += _wrap(f"{p.text} Source: {p.source}", 6)
    return "\n".join(lines)


def _facts() -> str:
    from sim.inputs.facts import read_facts

    lines = [
        "Facts: facts.<file>.<name>=<value>, in tables facts.<file>.<row>.<column>=<value>",
        "",
    ]
    rows = (
        (".".join(f.path), f"{plain(f.low)} to {plain(f.high)}", f"({plain(f.value)})", f.unit)
        for f in read_facts().values()
    )
    return "\n".join([*lines, *_columns(rows)])


def _files(group: str, title: str) -> str:
    rows = []
    for name in choices(group):
        try:
            head = read_yaml(CONFIGS / group / f"{name}.yaml")
        except SettingError:
            head = parse_yaml("", name)
        rows.append((name, str(head.get("label_en", "")), str(head.get("label_zh", ""))))
    return "\n".join([title, "", *_columns(rows)])


# ---------------------------------------------------------------- layout


def _words(example: str) -> list[str]:
    """Split at blanks outside braces."""
    import re

    return re.findall(r"[^\s{]+\{[^}]*\}|\S+", example)


def _wrap(text: str, indent: int) -> list[str]:
    import textwrap

    further = " " * max(indent, 6 if indent == 2 else indent)
    return textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=further, break_on_hyphens=False)


def _columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of text set in columns, two blanks apart."""
    cells = [tuple(row) for row in rows]
    if not cells:
        return ["  (none)"]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip() for row in cells
    ]
