"""The keys a job accepts: one table, read by the check of the command line and by the help text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analysis.words import LANGUAGES
from sim.inputs.layers import KEYS, POTENCY, SEEDS, WEEKS
from sim.inputs.measures import MEASURES
from sim.inputs.places import RESIDENTS
from sim.inputs.settings import DEFAULT_SEED, DEFAULT_WEEKS
from sim.inputs.validators import SettingError, plain, unknown
from sim.inputs.village_table import OTHER_COLUMNS, SUM_LINES
from sim.levers import DIALS, LEVERS
from sim.vocabulary import MECHANISMS, THEORIES

JOBS = ("run", "compare", "rank", "sweep")
DEFAULT_EXPERIMENT = {"run": "baseline", "compare": "rectification", "rank": "quick_ranking", "sweep": "baseline"}
METHODS = ("leave_one_out", "add_one_in", "shapley", "morris", "sobol")
DEFAULT_METHODS = METHODS[:3]
HEADLINE = ("service_efficiency", "micro_corruption", "satisfaction")  # sim.indicators.OUTCOMES, without numpy
LISTED = (
    *(
        "setting",
        "methods",
        "budgets",
        "outcomes",
        "measures",
        "levers",
        "ranges",
        "groups",
        "composite",
        "interactions",
    ),
    *("timing", "until", "sources", "circumstances", "scenarios"),
)  # the order of the keys of ranking where an error lists them; others come after
MOST_POINTS = 400  # of a sweep: all pairs of them are compared
SOBOL_REPLICATES = 128  # two a row, at least 64 rows

# Keys of an experiment file beside those of a setting.
LABELS = ("label_en", "label_zh")
EXPERIMENT_KEYS = (*LABELS, "question", "replicates", "behaviour", "ranking", "settings", "sweep", "draws", "outcomes")
# Keys of a setting that hold names of their own, and those that all settings of a study share.
OPEN_MAPPINGS = ("measures", "levers", "parameters", "facts", "theory")
SHARED_ONLY = ("weeks", "seed")
SETTING_KEYS = KEYS


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `name` as typed, what is allowed, what holds when it is not given, what it does."""

    name: str
    allowed: str
    default: str
    sentence: str
    jobs: tuple[str, ...] = JOBS
    after: str = ""  # of a question to a ranking: the key that it follows on the help page

    def matches(self, key: str) -> bool:
        """Whether `key` is this one; <id> stands for one word, <...> for one or more."""
        pattern = re.escape(self.name).replace(r"<\.\.\.>", "<...>")
        pattern = pattern.replace("<...>", r"[A-Za-z0-9_.]+")
        return re.fullmatch(re.sub(r"<[a-z]+>", "[A-Za-z0-9_]+", pattern), key) is not None


def _bounds(dial: str) -> str:
    return f"{plain(LEVERS[dial].low)} to {plain(LEVERS[dial].high)}"


def whole_number(bounds: tuple[int, int]) -> str:
    """What is allowed, in words."""
    return f"whole number, {bounds[0]} to {bounds[1]}"


def _theory(name: str) -> tuple[str, str]:
    return ", ".join(THEORIES[name]), THEORIES[name][0]


# fmt: off
GROUPS: tuple[tuple[str, tuple[Key, ...]], ...] = (
    (
        "The study",
        (
            Key("experiment", "[experiment], or the path of a YAML file", "",
                "what is simulated: a file in configs/experiment/"),
            Key("setting", "the name of a setting of the experiment", "the last one",
                "which of its settings is run, or swept", ("run", "sweep")),
            Key("sweep.<...>", "list of numbers, or low..high/count", "the experiment's",
                "what is moved and over which values: sweep.burden=[0, 0.5, 1] or sweep.supervision=0..1/5 (evenly "
                "spaced, both ends included); all at once as 'sweep={burden: [0, 0.5, 1], supervision: 0..1/5}'. A "
                "dial, levers.<id>, measures.<id> (its intensity), facts.<file>.<...> or parameters.<id>; every "
                f"combination is run, at most {MOST_POINTS}", ("sweep",)),
            Key("draws", "0, or whole number from 2", "the experiment's, or 0; all of behaviour= where that is given",
                "draws of behaviour at every point (of behaviour=average where no other set is named), so that ranges "
                "say what is not known", ("sweep",)),
            Key("outcomes", "list of indicators, or all", ", ".join(HEADLINE),
                "for which tables and the picture are made; data.nc has all indicators", ("sweep",)),
            Key("settings.<name>.<...>", "as the key after the name", "",
                "changes one setting of the experiment, or adds one: settings.relief.burden=0.5; labels are text"),
            Key("label_en", "text", "the experiment's", "what the study is called, in English"),
            Key("label_zh", "text", "the experiment's", "the same in Chinese"),
            Key("question", "text", "the experiment's", "what is asked, as it stands on the page"),
            Key("replicates", "whole number, 1 to 100000 (rank: from 3)", "the experiment's",
                "runs of each setting; replicate k has seed + k in all of them (sweep: runs of each point, or, "
                "with draws, of each draw there, then 2 by default)"),
            Key("behaviour", "[behaviour], or the path of a CSV file", "",
                "a behavioural set: replicate k has the parameters of its draw k (replicates= is at most the draws it "
                "has), so that all results are over what behaviour may plausibly be"),
            Key("ranking.setting", "the name of a setting", "the experiment's, or the last",
                "whose measures are ranked", ("rank",)),
            Key("ranking.measures", "list of measures that this setting has in force", "all of them",
                "only these are ranked; the others are left out of the setting, of the whole package too", ("rank",)),
            Key("ranking.levers", "list of levers that this setting changes, or all", "the experiment's, or none",
                "levers (the dials too) that are ranked beside its measures, or alone where it has none: in force with "
                "the setting's value, otherwise with the town's own. They have no cost: packages hold them in force",
                ("rank",)),
            Key("ranking.ranges.<lever>", "[low, high] within the lever's bounds, or null", "the experiment's, or none",
                "a lever (a dial too) that is ranked beside them and held from week 0 at its low or its high end, by "
                "morris and sobol in between too; neither the setting nor ranking.levers may name it. All at once as "
                "ranking.ranges={burden: [0.5, 1.5]}; not with budgets or timing", ("rank",)),
            Key("ranking.outcomes", "list of indicators, or all", ", ".join(HEADLINE),
                "on what is ranked: any figure of summary.json of which more, or less, is better. The page and the "
                "table on the screen show the first ones, tables/ has all; budgets and timing propose for each, which "
                "takes runs", ("rank",)),
            Key("ranking.methods", "list of " + ", ".join(METHODS), ", ".join(DEFAULT_METHODS),
                "how they are ranked", ("rank",)),
            Key("ranking.composite.<outcome>", "number from 0", "none",
                "a weight, which is your judgement: ranked outcomes with weights make one composite that is ranked "
                "like any outcome, each in standard deviations over the ranking's runs; all at once as "
                "ranking.composite={service_efficiency: 0.5, satisfaction: 0.5}",
                ("rank",)),
            Key("ranking.until.half_width", "number above 0", "none",
                "wanted precision: no contribution is known worse than to plus or minus this, in the unit in which "
                "changes of the outcome are printed (percentage points for a share). Replicates are added to the "
                "first batch (replicates=) until it is reached", ("rank",)),
            Key("ranking.until.rank_width", "number from 1", "none",
                "wanted precision: so many places that a measure could take, on average (1: every place is certain)",
                ("rank",)),
            Key("ranking.until.top", "whole number from 1", "none",
                "wanted precision: the first so many measures are certain to be the first so many", ("rank",)),
            Key("ranking.until.most", "whole number above replicates", "",
                "most replicates that are made for the wanted precision; what was reached is said at the end",
                ("rank",)),
            Key("ranking.until.outcome", "a ranked outcome, or composite", "the first one",
                "whose contributions are to be so precise, by the leading method (shapley)", ("rank",)),
        ),
    ),
    (
        "The town",
        (
            Key("town", "[town]", "average",
                "what the town has been until week 0: a file in configs/town/"),
            Key("town.table", "path of a CSV or XLSX file", "",
                "villages of your own, with town=from_table; what was read of it is said before the run "
                "(python -m experiments.template town output=my_villages.xlsx makes one to fill in)"),
            Key("town.sheet", "name of a sheet", "the only one that is not empty", "the sheet of a workbook"),
            Key("town.sum_lines", " or ".join(SUM_LINES), "",
                "lines that are the sum of others: left out, or villages; without this a line that is called a sum "
                "(合计, total) is left out, and one that only adds up is refused"),
            Key("town.other_columns", " or ".join(OTHER_COLUMNS), "",
                "columns that are none of a village's: left out; without this they are refused"),
            Key("town.label_en", "text", "the town's", "what the town is called, in English"),
            Key("town.label_zh", "text", "the town's", "the same in Chinese"),
            Key("residents", whole_number(RESIDENTS), "the town's",
                "scales the town; village size stays"),
            Key("parameters.<id>", "number within its prior (--help parameters)", "its mode",
                "a number of behaviour"),
            Key("facts.<file>.<...>", "number within its bounds (--help facts)",
                "as in configs/facts/",
                "a fact: case kinds, limits, staffing"),
        ),
    ),
    (
        "The policy from week 0 on",
        (
            Key("tolerance", _bounds("tolerance"), "the town's",
                "dial: share of honest errors without a sanction"),
            Key("burden", _bounds("burden") + ", 1 = today", "the town's",
                "dial: multiplies forms, meetings and inspection visits"),
            Key("supervision", _bounds("supervision"), "the town's",
                "dial: probability that a village is examined in depth in a year"),
            Key("measures.<id>", "0 to 1, or {intensity, start, end} (--help measures)", "0",
                "a measure and how fully it is applied; weeks count from week 0 (measures={one_window: 1} takes the "
                "place of all measures that the experiment gives)"),
            Key("measures.<id>.<...>", "intensity, start or end", "", "a part of it"),
            Key("measures_dir", "path of a folder", "",
                "where measures of your own stand, one YAML file each: measures.<id> is <id>.yaml there. Those beside "
                "the experiment's file are found too (python -m experiments.template measure output=my_measure.yaml "
                "makes one)"),
            Key("levers.<id>", "number within its bounds, or {value, start, end} (--help levers)",
                "the town's", "a single lever"),
            Key("levers.<id>.<...>", "value, start or end", "", "a part of it"),
        ),
    ),
    (
        "The run",
        (
            Key("weeks", whole_number(WEEKS), str(DEFAULT_WEEKS), "length after week 0"),
            Key("seed", f"whole number from {SEEDS[0]}", str(DEFAULT_SEED), "seed of replicate 0"),
            Key("theory.conduct", *_theory("conduct"), "why cadres divert or do not"),
            Key("theory.effort", *_theory("effort"), "how they divide their hours"),
            Key("theory.belief", *_theory("belief"), "how they learn about detection"),
            Key("theory.upkeep", *_theory("upkeep"), "whether measures take hours by what is run or is ordered"),
            Key("theory.squeeze", *_theory("squeeze"), "what is cut first when hours are short"),
            Key("theory.plan", *_theory("plan"), "whether announced examinations are believed in part, or only memory"),
            Key("theory.peer_effort", *_theory("peer_effort"), "whether effort drifts to that of colleagues"),
            Key("knock_out", "list of " + ", ".join(MECHANISMS), "[]",
                "mechanisms that hold their baseline average from week 0"),
            Key("coupling", "true, false", "true", "whether villages of a unit influence each other"),
            Key("potency", ", ".join(POTENCY) + ", or a whole number from 0", POTENCY[0],
                "how strong the measures are: most likely, an end, drawn by seed, or draw number k"),
        ),
    ),
    (
        "The machine and the folder",
        (
            Key("executor", "[executor]", "threads", "on what it runs"),
            Key("executor.threads", "whole number from 1", "cores of this process",
                "changes the time taken, never the result"),
            Key("executor.workers", "whole number from 1", "cores of this process",
                "with executor=dask: processes of an own cluster on this machine"),
            Key("executor.address", "address of a Dask scheduler, as tcp://192.0.2.7:8786", "",
                "with executor=dask: a cluster that is running already"),
            Key("store", "path of a folder", "results/store",
                "where finished runs are kept: the same line again goes on from there, and other jobs "
                "use what is there"),
            Key("output", "path of a folder", "results/<job>-<experiment>-<time>",
                "where the results go; hydra.run.dir= says the same"),
            Key("hydra.run.dir", "path of a folder", "", "the same as output"),
            Key("language", ", ".join(LANGUAGES), "en", "language of the table, the figures and the page"),
            Key("quiet", "true, false", "false",
                "no table and no bar; of long jobs a line a minute, then the folder's name"),
        ),
    ),
)
# fmt: on


def table(questions: Iterable[Any] = ()) -> list[tuple[str, list[Key]]]:
    """All keys, group by group; those of the questions to a ranking where they want to stand."""
    (title, study), *others = ((title, list(group)) for title, group in GROUPS)
    waiting = [key for question in questions for key in question.keys]
    while waiting:
        names = [key.name for key in study]
        key = next((one for one in waiting if one.after in names), waiting[0])
        waiting.remove(key)
        study.insert(names.index(key.after) + 1 if key.after in names else len(study), key)
    return [(title, study), *others]


def check_known(key: str, job: str, questions: Iterable[Any] = ()) -> None:
    """Raise SettingError unless `key` is one that `job` accepts, here or inside a mapping."""
    known = [entry for _, group in table(questions) for entry in group if job in entry.jobs]
    if any(entry.matches(key) for entry in known):
        return
    first, _, rest = key.partition(".")
    whole = {entry.name.split(".<")[0] for entry in known if "<" in entry.name} | {"theory"}
    # A mapping may be given as a whole, and what stands inside some of them is checked elsewhere.
    if key in whole or first in (*DIALS, "facts", "theory") or (job, first) == ("rank", "ranking"):
        return
    if first == "hydra":
        raise SettingError(f"command line, {key}: of Hydra's own keys only hydra.run.dir is used here")
    last = key.rsplit(".", 1)[-1]
    for group, ids in (("measures", MEASURES), ("levers", LEVERS)):
        if last in ids:
            raise SettingError(f"command line, {key}: no such key of {job}; did you mean {group}.{last}?")
    names = [entry.name for entry in known if "<" not in entry.name] + sorted(whole)
    if rest and first in names:
        raise SettingError(f"command line, {key}: no such key of {job}; did you mean {first}?")
    raise unknown("command line", first, f"key of {job}", names, "--help lists the keys")
