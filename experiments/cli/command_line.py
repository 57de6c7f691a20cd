"""The command line: `key=value` words into plain values.

Hydra composes the groups (experiment=, executor=); the values are read here, because Hydra's
grammar refuses a Chinese path, reads `a=1,2` as a sweep, and answers with several lines. Accepted:

    tolerance=0.6                                   a number
    measures.one_window={intensity: 0.5, start: 26} a mapping (a blank after the colon or not)
    knock_out=[time_use, service]                   a list
    town.table=我的村.csv                            text, quoted or not
    +burden=0.5                                     Hydra's plus sign changes nothing

No value is ever evaluated, imported or expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from experiments.study.keys import LABELS
from experiments.study.values import ORIGIN, check_text
from sim.inputs.files import parse_scalar
from sim.inputs.validators import SettingError

# Values of these keys are paths, addresses, titles or lists with commas: taken as they stand, as labels are.
TEXT_KEYS = (
    *("output", "hydra.run.dir", "from", "store", "executor.address", "question"),
    *("format", "sections", "template", "title", "author", "outcome", "width"),
)
TEXT_ENDS = ("town.table", "town.sheet", "measures_dir")  # also of one setting: settings.<name>.town.table

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
_NOT_FINITE = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.IGNORECASE)
# A text in a mapping whose comma would begin another key: label_en: a, b
_TEXT_IN_MAPPING = re.compile(r"\b(label_en|label_zh|question)\s*:([^{}\[\]]*)")
_IN_QUOTES = re.compile(r"\"[^\"]*\"|'[^']*'")
_FILE = re.compile(r"[^\[{].*\.(ya?ml|csv)")
_SWEEP = re.compile(r"(choice|range|interval|glob|shuffle|sort)\s*\(.*\)")


@dataclass(frozen=True, slots=True)
class Words:
    """What was asked: a help page (`help_topic` "" is the main one) or values by dotted key."""

    help_topic: str | None
    values: Mapping[str, object]


def read_words(arguments: Sequence[str]) -> Words:
    """Read the words after the program's name; SettingError names one that is not understood."""
    words = [word for word in arguments if word.strip()]
    asks_help = [i for i, word in enumerate(words) if word in ("--help", "-h", "help")]
    if asks_help:
        rest = [word for i, word in enumerate(words) if i > asks_help[0] and "=" not in word]
        return Words(rest[0] if rest else "", {})
    values: dict[str, object] = {}
    for word in words:
        key, value = _read_word(word)
        if key in values:
            raise SettingError(f"{ORIGIN}, {key}: given twice, one value expected")
        values[key] = value
    return Words(None, values)


def _read_word(word: str) -> tuple[str, object]:
    if word in ("-m", "--multirun"):
        raise SettingError(
            f"{ORIGIN}: {word} is not used here; one job runs one ensemble, so write the variants "
            "as settings of an experiment, or use experiments.sweep (see --help)"
        )
    if word.startswith("~"):
        raise SettingError(
            f"{ORIGIN}: {word} would delete a key, which is not possible here; give a value "
            "instead (0 takes a measure out)"
        )
    if word.startswith("-") and "=" not in word:
        raise SettingError(f"{ORIGIN}: {word} is not an option; options are key=value, or --help")
    if "=" not in word:
        raise SettingError(f"{ORIGIN}: {word} given, key=value expected (see --help)")
    key, text = word.split("=", 1)
    key = key.strip().lstrip("+-")
    if not _KEY.fullmatch(key):
        raise SettingError(
            f"{ORIGIN}: {word!r} begins with no key; keys are ASCII words joined by dots, such as "
            "tolerance or measures.one_window (see --help)"
        )
    check_text(text, ORIGIN, key)
    value = read_value(text, key)
    check_text(value, ORIGIN, key)  # what a quoted escape stands for
    return key, value


def read_value(text: str, key: str) -> object:
    """Read the value of `key`: a number, true, false, null, text, a [list] or a {mapping}."""
    text = text.strip()
    if not text:
        raise SettingError(f"{ORIGIN}, {key}: no value given, key=value expected")
    quoted = len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]
    is_file = key in ("experiment", "behaviour") and _FILE.fullmatch(text)
    if key in TEXT_KEYS or is_file or key.endswith(TEXT_ENDS) or key.rpartition(".")[2] in LABELS:
        return text[1:-1] if quoted else text
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))  # so that the error names the number and its bounds
    bracket = text[0] in "[{"
    if not quoted and not bracket and ("," in text or _SWEEP.fullmatch(text)):
        raise SettingError(
            f"{ORIGIN}, {key}: {text} given, one value expected (a list is written [a, b]); "
            "several variants are compared as settings of an experiment, or swept by experiments.sweep"
        )
    if bracket:
        _check_quoted(text, key)
        # Hydra's {a:1} as well as YAML's {a: 1}
        text = re.sub(r"([{,]\s*[A-Za-z_][A-Za-z0-9_.]*):(?=\S)", r"\1: ", text)
    try:
        return parse_scalar(text, ORIGIN)
    except SettingError:
        raise SettingError(
            f"{ORIGIN}, {key}: {text} given, a number, a word, a list [a, b] or a mapping {{a: 1, b: 2}} expected"
        ) from None


def _check_quoted(text: str, key: str) -> None:
    """Refuse a mapping with a label whose own comma, colon, @ or % YAML would take for something else."""
    masked = _IN_QUOTES.sub(lambda quoted: "q" * len(quoted[0]), text)
    for found in _TEXT_IN_MAPPING.finditer(masked):
        first, *others = found[2].split(",")
        taken = [part for part in others if part.strip() and not re.match(r"\s*[A-Za-z_]\w*\s*:", part)]
        if taken or ": " in first.strip() or first.strip()[:1] in ("@", "%", "`", "&", "*", "!", "|", ">", "?", "#"):
            label = ",".join([first, *taken]).strip()
            raise SettingError(
                f"{ORIGIN}, {key}: {found[1]}: {label} given in a mapping, where a text with a comma, a colon, @ or % "
                f'is quoted, as in {found[1]}: "{label}"; after a key of its own ({found[1]}=) it needs no quotes'
            )


def read_with(words: Sequence[str], names: Iterable[str]) -> tuple[list[str], Words]:
    """The words that are among `names`, which have no value, and what the others say."""
    known = set(names)
    return [word for word in words if word in known], read_words([word for word in words if word not in known])


def the_one(given: Sequence[str], names: Iterable[str]) -> str:
    """The one word of `names` that was given. Raises SettingError for none or several."""
    if len(given) != 1:
        raise SettingError(f"{ORIGIN}: {quote(given) or 'nothing'} given, one of {', '.join(names)} expected")
    return given[0]


def one_output(values: Mapping[str, object]) -> dict[str, object]:
    """Values with hydra.run.dir under its other name, output. Raises SettingError where both are given."""
    if "hydra.run.dir" not in values:
        return dict(values)
    if "output" in values:
        raise SettingError(f"{ORIGIN}, output: given beside hydra.run.dir, one of them expected")
    return {"output" if key == "hydra.run.dir" else key: value for key, value in values.items()}


def quote(words: Sequence[str]) -> str:
    """The words as they would be typed again, quoted for a shell."""
    import shlex

    return " ".join(shlex.quote(word) for word in words)
