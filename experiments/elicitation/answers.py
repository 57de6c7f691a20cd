"""Sheets that people filled, and the behavioural set that their answers make."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.elicitation.questions import Question
from sim.inputs.files import file_bytes
from sim.inputs.validators import SettingError, place_name

HEADS = ("low", "middle", "high")
COLUMNS = 8
Answers = Mapping[str, tuple[float, float, float]]


def read_sheet(path: Path, questions: Mapping[str, Question]) -> Answers:
    """Quartiles in the priors' own units, of the questions that were answered. Raises SettingError."""
    origin, found = place_name(path), {}
    for line, row in enumerate(_rows(path), start=1):
        cells = [*row, *[None] * COLUMNS][:COLUMNS]
        id = str(cells[0] or "").strip()
        if line == 1 or not any(str(cell or "").strip() for cell in cells):
            continue
        if id not in questions:
            raise SettingError(
                f"{origin}, line {line}: {id[:40]!r} is no question of configs/elicitation/questions.yaml"
            )
        if id in found:
            raise SettingError(f"{origin}, line {line}: {id} is answered twice, one line expected")
        given = [str(cell if cell is not None else "").strip() for cell in cells[5:]]
        if any(given):
            found[id] = _answer(given, questions[id], f"{origin}, line {line}, {id}")
    if not found:
        raise SettingError(f"{origin}: no question is answered, three numbers in the last columns of a line expected")
    return found


def _answer(given: Sequence[str], question: Question, origin: str) -> tuple[float, float, float]:
    values = []
    for head, word in zip(HEADS, given, strict=True):
        try:
            values.append(float(word.rstrip("%％")))
        except ValueError:
            said = repr(word[:20]) if word else "nothing"
            raise SettingError(f"{origin}, {head}: {said} given, a number expected (or all three left empty)") from None
    low, middle, high = values
    if not question.low < low < middle < high < question.high:
        raise SettingError(
            f"{origin}: {low:g}, {middle:g}, {high:g} given; three numbers that rise expected, all above "
            f"{question.low:g} and below {question.high:g}"
        )
    return low / question.per, middle / question.per, high / question.per


def _rows(path: Path) -> list[Sequence[Any]]:
    """The cells of a sheet, line by line. Raises SettingError."""
    origin = place_name(path)
    if path.suffix.lower() == ".csv":
        content = file_bytes(path, "CSV")
        for encoding in ("utf-8-sig", "gb18030"):  # as spreadsheets save it, in China too
            try:
                return list(csv.reader(io.StringIO(content.decode(encoding))))
            except (UnicodeDecodeError, csv.Error):
                continue
        raise SettingError(f"{origin}: cannot be read as text, a CSV file in UTF-8 or GB18030 expected")
    if path.suffix.lower() != ".xlsx":
        raise SettingError(f"{origin}: neither .xlsx nor .csv, a sheet that `elicit sheet` wrote expected")
    from openpyxl import load_workbook

    content = file_bytes(path, "XLSX")
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return list(sheet.iter_rows(values_only=True))
    except Exception as error:  # whatever a broken archive raises
        raise SettingError(f"{origin}: cannot be read as XLSX ({type(error).__name__}), a workbook expected") from None


def told_by(experts: Sequence[Answers], questions: Mapping[str, Question]):
    """For each parameter that anyone answered: u -> values of the pooled distribution."""
    from functools import partial

    from analysis.calibration.elicited import quantiles

    ids = [id for id in questions if any(id in own for own in experts)]
    return {
        id: partial(
            quantiles,
            low=questions[id].prior.low,
            high=questions[id].prior.high,
            answers=[own[id] for own in experts if id in own],
        )
        for id in ids
    }


def write_answers(path: Path, experts: Sequence[Answers], questions: Mapping[str, Question], **made: Any) -> list[str]:
    """Write the behavioural set `path` (.csv) and its notes (.yaml); returns the parameters that were answered.

    `made` has draws, seed and command. All other parameters keep their priors.
    """
    import time

    from experiments.output.provenance import commit
    from experiments.study.behaviour import draw_priors, priors_hash, write_set
    from sim.version import model_version

    told = told_by(experts, questions)
    numbers = range(made["draws"])
    draws = dict(zip(numbers, draw_priors(numbers, made["seed"], told), strict=True))
    notes = {
        "members": len(draws),
        **made,
        "experts": len(experts),
        "elicited": {id: [list(own[id]) for own in experts if id in own] for id in told},
        "rule": "uniform between quartiles and the prior's ends; people pooled with equal weights; not calibrated",
        "priors_hash": priors_hash(),
        "model_version": model_version(),
        "commit": commit(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    write_set(path.parent, path.stem, draws, notes)
    return list(told)
