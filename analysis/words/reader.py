"""For whom figures and pages are made: the language, and what ids are called in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analysis import COMPOSITE
from analysis.words.languages import LANGUAGES, label, language_file, words
from analysis.words.quantities import Quantity, quantity

Labels = Mapping[str, Mapping[str, str]]
Outcomes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Reader:
    """A language, the outcomes that are shown and the labels of everything else.

    outcomes: id -> labels (en and zh, or label_en and label_zh), unit and better ("higher", "lower" or "neither"); they
    are shown in this order. labels: id of a measure, lever, setting, town or indicator -> its labels.
    """

    language: str
    outcomes: Outcomes = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)

    @property
    def text(self) -> Mapping[str, str]:
        """The words of the language, key -> text."""
        return words(self.language)

    def of(self, outcomes: Outcomes) -> Reader:
        """The same with other outcomes."""
        return replace(self, outcomes=outcomes)

    def with_labels(self, labels: Labels) -> Reader:
        """The same with further labels."""
        return replace(self, labels={**self.labels, **labels})

    def without_composite(self) -> Reader:
        """The same without the weighted composite, which has no weekly path."""
        return self.of({name: described for name, described in self.outcomes.items() if name != COMPOSITE})

    def with_composite(self, rows: Iterable[Mapping[str, Any]] | None) -> Reader:
        """The same with the user's weighted composite among the outcomes where `rows` (a ranking) have it."""
        return self.of(with_composite(self.outcomes, rows))

    # ---------------------------------------------------------------- names

    def label(self, name: str) -> str:
        """A measure, lever, setting or town by its name."""
        return label(self.labels, str(name), self.language)

    def outcome(self, name: str) -> str:
        """An outcome by its name."""
        return label(self.outcomes, name, self.language)

    def outcome_with_unit(self, name: str) -> str:
        """An outcome with the unit of its changes."""
        return self.with_unit(self.outcome(name), self.unit(name))

    def with_unit(self, name: str, unit: str) -> str:
        """A name with the unit of changes."""
        change = self.quantity(unit).change_unit.strip()
        return self.text["outcome_in"].format(outcome=name, unit=change) if change else name

    def context(self, kind: str, value: str) -> str:
        """Another town, theory, election week or potency, from the two columns that say it in the tables."""
        text = self.text
        if kind == "town":
            return self.label(value)
        if kind == "theory":
            return text["circumstance_theory"].format(name=text.get(f"theory_{value}") or value)
        if kind == "election":
            return text["circumstance_election"].format(week=value)
        return text.get(f"circumstance_{value}") or value

    def pick(self, labels: Mapping[str, str]) -> str:
        """That one of the labels of a thing which is in the language, or else the English one."""
        return label({"": labels}, "", self.language) or labels["en"]

    # ---------------------------------------------------------------- sentences

    def inside(self, name: str) -> str:
        """A name as it stands inside a sentence: without its capital, unless it is an abbreviation."""
        lower = language_file(self.language).LOWER_CASE and len(name) > 1 and name[0].isupper() and name[1].islower()
        return name[0].lower() + name[1:] if lower else name

    def lower(self, name: str) -> str:
        """A name without any capital."""
        return name.lower() if language_file(self.language).LOWER_CASE else name

    def label_inside(self, name: str) -> str:
        """A measure, lever, setting or town as it stands inside a sentence."""
        return self.inside(self.label(name))

    def outcome_inside(self, name: str) -> str:
        """An outcome as it stands inside a sentence."""
        return self.inside(self.outcome(name))

    def join(self, names: Sequence[str]) -> str:
        """Names as a list in a sentence."""
        if len(names) < 2:
            return "".join(names)
        return self.text["comma"].join(names[:-1]) + self.text["and"] + names[-1]

    def join_outcomes(self, names: Iterable[str] | None = None) -> str:
        """Outcomes (all, or those named) as a list in a sentence."""
        return self.join([self.outcome_inside(name) for name in (self.outcomes if names is None else names)])

    def percent(self, level: float) -> str:
        """A level of confidence: 95%."""
        return self.text["percent_level"].format(level=f"{100 * level:g}")

    # ---------------------------------------------------------------- units

    def unit(self, outcome: str) -> str:
        """The unit of an outcome, as its values have it."""
        return str(self.outcomes[outcome].get("unit", ""))

    def quantity(self, unit: str) -> Quantity:
        """How values of a unit are written."""
        return quantity(unit, self.language)

    def quantity_of(self, outcome: str) -> Quantity:
        """How values of an outcome are written."""
        return self.quantity(self.unit(outcome))


def with_composite(outcomes: Outcomes, rows: Iterable[Mapping[str, Any]] | None) -> dict[str, Mapping[str, Any]]:
    """The outcomes, and the user's weighted composite where `rows` (a ranking) have it."""
    if not any(row["outcome"] == COMPOSITE for row in rows or ()):
        return dict(outcomes)
    names = {language: words(language)["outcome_composite"] for language in LANGUAGES}
    return {**outcomes, COMPOSITE: {**names, "unit": "standard deviations", "better": "higher"}}
