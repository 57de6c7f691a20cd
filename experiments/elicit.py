"""Ask people who know townships and villages, and make priors of what they answer.

    python -m experiments.elicit sheet language=zh output=questions
    python -m experiments.elicit read sheet=questions/sheet.xlsx output=experts.csv

`sheet` writes a form to print and a workbook to fill: the thirty parameters that decide most, each as a question in
natural units. `read` makes a behavioural set of one filled workbook or of several.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.cli.command_line import quote, read_words
from experiments.job import DONE, Life, leave, run_to_end
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.validators import SettingError

VERBS = {"sheet": ("from", "language", "output"), "read": ("sheet", "draws", "seed", "output")}
DRAWS = 250

HELP = f"""\
python -m experiments.elicit sheet [from=<folder>] language={"|".join(LANGUAGES)} output=<folder>
python -m experiments.elicit read sheet=<file> output=<file>.csv

sheet: writes form.html (to print) and sheet.xlsx (to fill) with thirty questions from
configs/elicitation/questions.yaml: those that decide most in a ranking, or the file's first thirty.

  from=      folder of a ranking over draws of behaviour: its tables/evppi.csv and reversals.csv
             give the order
  language=  {", ".join(LANGUAGES)}  (default en)
  output=    folder (default questions)

read: makes a behavioural set of the answers. Between the quartiles of a person, and from them to the
ends of the prior, every value is equally likely. Several people are pooled with equal weights. What
nobody answered keeps its prior. The set is of priors: it is not calibrated.

  sheet=     a filled sheet (.xlsx, or saved as .csv), or several, as [a.xlsx, b.xlsx]
  draws=     members of the set, 10 to 100000 (default {DRAWS})
  seed=      of the draws (default 0)
  output=    file that ends in .csv (default experts.csv); its notes stand beside it in .yaml

Example
  python -m experiments.elicit read sheet=[zhang.xlsx, li.xlsx] output=experts.csv
  python -m experiments.rank experiment=quick_ranking behaviour=experts.csv"""


def sheet(values) -> None:
    """Write the form and the sheet."""
    from experiments.elicitation.form import html, xlsx
    from experiments.elicitation.questions import chosen
    from experiments.ensemble.whole_files import put

    language = validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language")
    folder = path_of(str(values.get("output", "questions")), "output")
    questions, without = chosen(path_of(str(values["from"]), "from") if "from" in values else None)
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / "form.html", html(questions, language))
    put(folder / "sheet.xlsx", xlsx(questions, language))
    if without:
        console.err(f"No question is written for {len(without)} of those that decide most: {', '.join(without)}")
    console.out(f"{len(questions)} questions: {folder / 'form.html'} to print, {folder / 'sheet.xlsx'} to fill")


def read(values, command: str) -> None:
    """Make a behavioural set of filled sheets."""
    from experiments.elicitation.answers import read_sheet, write_answers
    from experiments.elicitation.questions import read_questions

    if "sheet" not in values:
        raise SettingError(f"{ORIGIN}, sheet: missing, a filled sheet expected")
    given = values["sheet"] if isinstance(values["sheet"], list) else [values["sheet"]]
    output = path_of(str(values.get("output", "experts.csv")), "output")
    if output.suffix != ".csv":
        raise validators.refuse(ORIGIN, "output", str(output), "a file that ends in .csv")
    draws = validators.whole(values.get("draws", DRAWS), 10, 100_000, ORIGIN, "draws")
    seed = validators.whole(values.get("seed", 0), 0, 1_000_000, ORIGIN, "seed")
    questions = read_questions()
    experts = [read_sheet(path_of(str(one), "sheet"), questions) for one in given]
    told = write_answers(output, experts, questions, draws=draws, seed=seed, command=command)
    console.out(
        f"Behavioural set of {draws} draws: {output}; {len(told)} priors from {len(experts)} "
        f"{'sheet' if len(experts) == 1 else 'sheets'}, not calibrated"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the verb says; returns the exit code (experiments/job.py)."""
    words = list(sys.argv[1:] if arguments is None else arguments)

    def do(life: Life) -> int:
        verb = words[0] if words else ""
        known = verb in VERBS or verb in ("--help", "-h", "help")
        if not known:
            raise validators.unknown(ORIGIN, verb or "nothing", "thing to do", VERBS)
        asked = read_words(words[1:] if verb in VERBS else words)
        if asked.help_topic is not None:
            console.out(HELP)
            return DONE
        validators.known_keys(asked.values, VERBS[verb], ORIGIN)
        life.command = quote(["python", "-m", "experiments.elicit", *words])
        if verb == "sheet":
            sheet(asked.values)
        else:
            read(asked.values, life.command)
        life.written, life.kept = True, "everything is written"
        return DONE

    return run_to_end(do, Life("nothing was written"))


if __name__ == "__main__":
    leave(main())
