"""Lines of a table that are no village but a sum or a mean of others: by their name, or by arithmetic only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from sim.inputs.cells import plain_text

_NAMED = re.compile(
    r"(.{0,12})?(合计|总计|小计|共计|总和|汇总|累计|平均|均值|平均数|平均值)(\(.*\))?:?"
    r"|(总计|合计|共计)\d+个?(村|社区|村居).*"
    r"|(全|本)(镇|乡|街道|县|区|市)(总数|总人口)?"
    r"|(grand|sub)?[- ]?totals?\b.*|all villages|sums?|averages?|means?"
)


class Sums(NamedTuple):
    """Numbers of lines in the table, from 0: named as sums, and found to be sums of other lines only."""

    named: list[int]
    found: list[int]


def is_named_sum(cells: Sequence[str]) -> bool:
    """Whether one of a line's cells says that it is a sum or a mean, blanks within the word left out."""
    return any(
        _NAMED.fullmatch(text) or _NAMED.fullmatch(text.replace(" ", "")) for text in map(plain_text, cells) if text
    )


def is_named_mean(name: str) -> bool:
    """Whether the name of a sum line is that of a mean, which adds up to nothing."""
    return "均" in name or plain_text(name).startswith(("average", "mean"))


def sums_among(named: Sequence[bool], amounts: Sequence[Sequence[float | None]]) -> Sums:
    """Which lines are sums. amounts: by line, the residents first, then whatever else adds up; None is not given.

    By arithmetic, a line is a sum if every amount that it gives is that of two or more other lines: of all the others,
    of all before it, or of those since the last sum. Three lines of which the first is the sum count too.
    """
    found: list[int] = []
    seen: list[int] = []  # villages so far
    block: list[int] = []  # villages since the last sum
    for i, is_named in enumerate(named):
        if is_named:
            block = []
        elif _is_sum(amounts[i], [amounts[k] for k in seen]) or _is_sum(amounts[i], [amounts[k] for k in block]):
            found.append(i)
            block = []
        else:
            seen.append(i)
            block.append(i)
    for i in seen:
        others = [amounts[k] for k in seen if k != i]
        if _is_sum(amounts[i], others):
            found.append(i)
            break
    return Sums([i for i, is_named in enumerate(named) if is_named], sorted(found))


def adds_up(amounts: Sequence[float | None], others: Sequence[Sequence[float | None]]) -> bool:
    """Whether the residents of a line are those of the others together."""
    return amounts[0] is not None and amounts[0] == sum(other[0] or 0.0 for other in others)


def _is_sum(amounts: Sequence[float | None], others: Sequence[Sequence[float | None]]) -> bool:
    if len(others) < 2 or not amounts[0] or any(other[0] is None for other in others):
        return False
    return all(
        amount is None or abs(amount - sum(other[k] or 0.0 for other in others)) <= 1e-9 * abs(amount)
        for k, amount in enumerate(amounts)
    )
