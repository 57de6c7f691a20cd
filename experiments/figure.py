"""One figure of a finished job, or a long picture of several for a phone; nothing is simulated.

    python -m experiments.figure from=results/demo kind=paths outcome=fatigue width=8cm grey=true language=zh format=svg

Reads the folder's data and tables. Without `kind` it lists what the folder can draw.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.ensemble.whole_files import sweep, write_whole
from experiments.job import DONE, FINISHED, Life, leave, run_door
from experiments.output.drawable import Drawable, drawable
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.validators import SettingError

FORMATS = ("png", "svg", "pdf", "poster")
KEYS = ("from", "kind", "outcome", "title", "width", "grey", "language", "format", "text", "output")
POSTER = "poster"
LONGEST = 300  # letters of a title

HELP = f"""\
python -m experiments.figure from=<folder> kind=<name> language={"|".join(LANGUAGES)} format={"|".join(FORMATS)}

Draws one figure of a finished job. Nothing is simulated. Without kind= it lists the figures that the
folder can draw, in both languages, and which job writes what the others need.

  from=path of a folder that a job wrote, or of a file (.nc) saved from sim.simulate
  kind=name of a figure, such as paths, ranking, pain_points; poster for a long picture  (default: the list)
  outcome=one or more indicators, with commas between  (default those of the job)
  title=text  (default the figure's own)
  width=a width such as 8cm, 160mm, 6.3in or 1080px  (default the figure's own)
  grey=true for a figure without colour  (default false)
  language={", ".join(LANGUAGES)}  (default en)
  format=png (200 dpi), svg, pdf; poster: headline and three to five figures, 1080 pixels wide  (default that of
      output, else png)
  text=true writes letters of an SVG as text, to be changed and searched; the reader then needs the font
       (default false: letters are outlines)
  output=path of the file  (default <folder>/figures/<kind>_<language>.<format>)

Example
  python -m experiments.figure from=results/demo kind=paths outcome=fatigue width=8cm language=zh format=svg"""


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    kind: str = ""
    outcomes: tuple[str, ...] = ()
    title: str = ""
    width: str | None = None
    grey: bool = False
    language: str = "en"
    format: str = "png"
    text: bool = False
    output: Path | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the figure, or list what can be drawn; returns the exit code (experiments/job.py)."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, object], life: Life) -> int:
        wanted = read_wanted(values)
        source = drawable(path_of(str(values["from"]), "from"))
        if not wanted.kind:
            console.out(listing(source))
            return DONE
        for path, content in draw(source, wanted):
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.parent)
            write_whole(path, content)
            console.out(f"Figure: {path}")
        life.written, life.kept = True, "the figure is complete"
        return DONE

    return run_door("figure", words, HELP, KEYS, do, "no figure was written", FINISHED)


def read_wanted(values: Mapping[str, object]) -> Wanted:
    """What was asked for on the command line; SettingError names what is not understood."""
    from analysis.figures import kinds
    from analysis.figures.layout import inches

    known = [*kinds(), POSTER]
    ending = Path(str(values.get("output", ""))).suffix[1:].lower()
    form = validators.choice(values.get("format", ending if ending in FORMATS else "png"), FORMATS, ORIGIN, "format")
    kind = str(values.get("kind", ""))
    if kind not in ("", *known):
        raise validators.unknown(ORIGIN, f"kind {kind}", "figure", known)
    if form == POSTER:
        if kind not in ("", POSTER):
            raise SettingError(f"{ORIGIN}, format: poster given with kind={kind}; a poster has figures of its own")
        kind, form = POSTER, "png"
    if kind == POSTER and form != "png":
        raise SettingError(f"{ORIGIN}, format: {form} given; a poster is a png")
    width = str(values["width"]) if "width" in values else None
    if width is not None:
        try:
            inches(width)
        except ValueError as error:
            raise SettingError(f"{ORIGIN}, width: {error}") from None
    title = str(values.get("title", "")).strip()
    if len(title) > LONGEST:
        raise SettingError(f"{ORIGIN}, title: {len(title)} letters given, at most {LONGEST} expected")
    if kind == POSTER and (others := [key for key in ("width", "outcome", "text") if key in values]):
        what = "a poster is 1080 pixels wide and shows the outcomes of the job"
        raise SettingError(f"{ORIGIN}, {others[0]}: {validators.shown(values[others[0]])} given for a poster; {what}")
    text = _truth(values, "text")
    if text and form != "svg":
        raise SettingError(f"{ORIGIN}, text: true given with format={form}; it is for svg")
    return Wanted(
        kind,
        _several(values.get("outcome")),
        title,
        width,
        _truth(values, "grey"),
        validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language"),
        form,
        text,
        path_of(str(values["output"]), "output") if "output" in values else None,
    )


def _truth(values: Mapping[str, object], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise SettingError(f"{ORIGIN}, {key}: {validators.shown(value)} given, true or false expected")
    return value


def _several(given: object) -> tuple[str, ...]:
    said = str(given or "").removeprefix("[").removesuffix("]").replace("，", ",")
    words = given if isinstance(given, list) else said.split(",")
    return tuple(dict.fromkeys(str(word).strip() for word in words if str(word).strip()))


def listing(source: Drawable) -> str:
    """The figures that the folder can draw, by their kinds in both languages, and who writes what the others need."""
    from analysis.figures import CATALOGUE, kinds
    from analysis.words import words

    there, other = [], []
    texts = [words(language) for language in LANGUAGES]
    for kind, file in sorted(kinds().items()):
        named = " | ".join(text[f"kind_{kind}"] for text in texts)
        if source.can(kind):
            there.append(f"  {kind:<20} {named}")
        else:
            need = " | ".join(text[f"by_{CATALOGUE[file].by}"] for text in texts)
            other.append(f"  {kind:<20} {named}\n  {'':<20}   {need}")
    if len(there) > 2:
        there.append(f"  {POSTER:<20} {' | '.join(text['kind_poster'] for text in texts)}")
    lines = [f"{source.path} can draw (kind=):", *(there or ["  nothing"])]
    return "\n".join([*lines, *(["", "Not in this folder, and which job writes it:", *other] if other else [])])


def draw(source: Drawable, wanted: Wanted) -> list[tuple[Path, bytes]]:
    """The files of what was asked for; SettingError where the folder lacks the data, with the job that writes it."""
    from analysis.figures.image_files import render

    if wanted.kind == POSTER:
        return [(_path(source, wanted, POSTER), source.poster(wanted.language, wanted.title, wanted.grey))]
    made = source.draw(
        wanted.kind, wanted.language, wanted.outcomes, width=wanted.width, title=wanted.title, grey=wanted.grey
    )
    several = len(made) > 1
    return [
        (
            _path(source, wanted, name, name.removeprefix(f"{wanted.kind}_") if several else ""),
            render(figure, (wanted.format,), text=wanted.text)[wanted.format],
        )
        for name, figure in made.items()
    ]


def _path(source: Drawable, wanted: Wanted, name: str, more: str = "") -> Path:
    """Where a figure is written; several of one kind have their own names added to `output`."""
    if wanted.output is None:
        folder = source.path / "figures" if source.path.is_dir() else source.path.parent
        return folder / f"{name}_{wanted.language}.{wanted.format}"
    path = wanted.output
    if path.is_dir():
        raise SettingError(f"{ORIGIN}, output: {path} is a folder; the path of a file expected")
    if path.suffix and path.suffix[1:].lower() != wanted.format:
        raise SettingError(f"{ORIGIN}, output: {path.name} given with format={wanted.format}; both must agree")
    stem = path.stem if path.suffix else path.name
    return path.with_name(f"{stem}_{more}.{wanted.format}" if more else f"{stem}.{wanted.format}")


if __name__ == "__main__":
    leave(main())
