"""A table in a file as lines of text cells: CSV in the encodings of spreadsheets, and workbooks (XLSX).

What is not as usual (encoding, delimiter, sheet) is said in notes. Bounds keep a small file from taking all memory.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sim.inputs.files import LARGEST, file_bytes
from sim.inputs.places import Note
from sim.inputs.validators import SettingError, place_name, unknown

MOST_LINES, MOST_COLUMNS = 20_000, 200  # that are not blank
MOST_CELLS = 5_000_000  # of a sheet, blank ones with a format counted
MOST_ROWS = 1_048_576  # of a sheet, as spreadsheets have them
UNPACKED = 60_000_000  # bytes of a workbook's text once unpacked
LOOKED_AT = 20  # lines in which a header is looked for
DELIMITERS = {",": ("commas", "逗号"), ";": ("semicolons", "分号"), "\t": ("tabs", "制表符")}
_SEP = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)


class Sheet(NamedTuple):
    """Lines that are not blank: (number in the file from 1, cells without blanks around)."""

    lines: list[tuple[int, list[str]]]
    line: str  # what an error calls a line, behind the file's name
    notes: tuple[Note, ...]

    def place(self, number: int) -> str:
        """Where a line stands, for an error."""
        return f"{self.line} {number}"


def read_sheet(path: Path, sheet: str | None, known: Callable[[Sequence[str]], int]) -> Sheet:
    """The table in a file. `known(cells)` counts cells that name a column: what tells one delimiter from another.

    Raises SettingError naming the file, and the line where there is one.
    """
    origin = place_name(path)
    raw = file_bytes(path, "XLSX" if path.suffix.lower() in (".xlsx", ".xlsm") else "CSV")
    if raw[:4] == b"\xd0\xcf\x11\xe0":
        raise SettingError(f"{origin}: an old or locked workbook, an XLSX file without password or a CSV file expected")
    if raw[:4] == b"PK\x03\x04":
        return _from_workbook(raw, origin, sheet)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise SettingError(f"{origin}: not a workbook, an XLSX file expected (a CSV file is called .csv)")
    if sheet is not None:
        raise SettingError(f"{origin}, town.sheet: {sheet} given with a CSV file, which has no sheets")
    content, encoding = _decoded(raw, origin)
    return _from_text(content, encoding, origin, known)


# ---------------------------------------------------------------- CSV


def _decoded(raw: bytes, origin: str) -> tuple[str, str]:
    """The file's text and the encoding it was in."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in raw:  # UTF-16 without a mark: digits and delimiters have their zeros on one side
        encodings = ("utf-16-be", "utf-16-le") if raw[::2].count(0) > raw[1::2].count(0) else ("utf-16-le",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        marked = encoding in ("utf-8-sig", "gb18030", "utf-16")
        if "\0" not in text and (marked or re.search(r"[\r\n]", text)):
            return text, encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    what = "not text" if b"\0" in raw else "unknown encoding"
    raise SettingError(f"{origin}: {what}, a CSV file in UTF-8, UTF-16 or GB18030 or an XLSX file expected")


def _from_text(content: str, encoding: str, origin: str, known: Callable[[Sequence[str]], int]) -> Sheet:
    notes: list[Note] = []
    if encoding != "utf-8":
        name = encoding.upper()
        notes.append(Note(f"read as {name}", f"按{name}编码读取"))
    first = next((line for line in content.splitlines() if line.strip()), "")
    said = _SEP.fullmatch(first.strip(" \ufeff"))
    if said and said[1] in DELIMITERS:
        delimiter = said[1]
    else:
        said = None
        delimiter = max(DELIMITERS, key=lambda one: (_columns_known(content, one, known), first.count(one)))
    if delimiter != ",":
        en, zh = DELIMITERS[delimiter]
        notes.append(Note(f"cells apart by {en}", f"单元格以{zh}分隔"))
    lines: list[tuple[int, list[str]]] = []
    for number, cells in _records(content, delimiter, origin):
        if said and not lines and _SEP.fullmatch(delimiter.join(cells).strip(" \ufeff")):
            said = None
        elif cells:
            _check_size(len(lines), len(_trimmed(cells)), f"{origin}, line {number}")
            lines.append((number, cells))
    return Sheet(lines, f"{origin}, line", tuple(notes))


def _columns_known(content: str, delimiter: str, known: Callable[[Sequence[str]], int]) -> int:
    """The most columns that one of the first lines names, cells apart by `delimiter`."""
    try:
        return max((known(cells) for _, cells in islice(_records(content, delimiter, ""), LOOKED_AT)), default=0)
    except SettingError:
        return 0


def _records(content: str, delimiter: str, origin: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of every record, blank ones too; any line ends."""
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for row in reader:
            cells = [cell.strip(" \t\r\n\ufeff\u00a0\u3000") for cell in row]
            yield start, cells if any(cells) else []
            start = reader.line_num + 1
    except csv.Error as error:
        problem = " ".join(str(error).split())
        raise SettingError(f"{origin}, line {reader.line_num}: not CSV ({problem})") from None


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Cells without the empty ones at the end."""
    cells = list(cells)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_size(lines: int, columns: int, where: str) -> None:
    if lines >= MOST_LINES:
        raise SettingError(f"{where}: at most {MOST_LINES} lines that are not blank expected, more given")
    if columns > MOST_COLUMNS:
        raise SettingError(f"{where}: {columns} columns given, at most {MOST_COLUMNS} expected")


# ---------------------------------------------------------------- workbooks


def _from_workbook(raw: bytes, origin: str, sheet: str | None) -> Sheet:
    """The one sheet of a workbook that is not empty, or the one asked for."""
    _check_archive(raw, origin)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, formulas = (_opened(raw, data_only) for data_only in (True, False))
            names = [
                one.title
                for one in values.worksheets
                if sheet == one.title or _has_cells(one, f"{origin}, sheet {one.title}, row")
            ]
            name = _chosen(names, sheet, [one.title for one in values.worksheets], origin)
            lines = _lines(values[name], formulas[name], f"{origin}, sheet {name}, row") if name else []
    except SettingError:
        raise
    except Exception as error:  # openpyxl answers a broken workbook with errors of many kinds
        problem = " ".join(f"{type(error).__name__} {error}".split())[:80]
        raise SettingError(f"{origin}: not a workbook that can be read ({problem})") from None
    note = Note(f"sheet {name}", f"工作表“{name}”")
    return Sheet(lines, f"{origin}, sheet {name}, row", (note,))


def _check_archive(raw: bytes, origin: str) -> None:
    """Refuse what is no workbook, or would unpack to more than UNPACKED; sizes that lie end in an error later."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise SettingError(f"{origin}: a broken workbook, an XLSX file expected") from None
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        what = "an OpenDocument or binary workbook" if names & {"content.xml", "xl/workbook.bin"} else "an archive"
        raise SettingError(f"{origin}: {what}, an XLSX file expected")
    text = sum(entry.file_size for entry in entries if not entry.filename.startswith("xl/media/"))
    if len(raw) > LARGEST["XLSX"] or text > UNPACKED or len(entries) > 10_000:
        raise SettingError(
            f"{origin}: {text // 1_000_000} MB once unpacked, a workbook of at most {UNPACKED // 1_000_000} MB "
            "expected; copy the villages to a new one"
        )


def _opened(raw: bytes, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(raw), read_only=True, data_only=data_only, keep_links=False)


def _rows(sheet: Any, line: str) -> Iterator[tuple[int, Any]]:
    """(number from 1, cells) of the rows of a sheet, blank ones too, within bounds."""
    sheet.reset_dimensions()
    seen = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        seen += len(row)
        if number > MOST_ROWS or seen > MOST_CELLS:
            raise SettingError(
                f"{line} {number}: more than {MOST_CELLS} cells up to here, most of them blank; copy the villages "
                "to a new workbook"
            )
        yield number, row


def _has_cells(sheet: Any, line: str) -> bool:
    return any(cell.value is not None for _, row in _rows(sheet, line) for cell in row)


def _chosen(names: Sequence[str], sheet: str | None, all_names: Sequence[str], origin: str) -> str:
    if sheet is not None:
        if sheet not in all_names:
            raise unknown(origin, f"town.sheet {sheet}", "sheet", all_names, f"known: {', '.join(all_names)}")
        return sheet
    if len(names) > 1:
        raise SettingError(
            f"{origin}, town.sheet: missing, but the workbook has {len(names)} sheets; one of "
            f"{', '.join(names[:10])} expected"
        )
    return names[0] if names else ""


def _lines(sheet: Any, formulas: Any, line: str) -> list[tuple[int, list[str]]]:
    """The rows of a sheet that are not blank, with what its formulas came to."""
    formulas.reset_dimensions()
    lines: list[tuple[int, list[str]]] = []
    for (number, row), written in zip(_rows(sheet, line), formulas.iter_rows(), strict=True):
        cells = _trimmed([_text_of(cell).strip() for cell in row])
        for place, (cell, formula) in enumerate(zip(row, written, strict=True), 1):
            if cell.value is None and formula.data_type == "f":
                raise SettingError(
                    f"{line} {number}, column {place}: a formula without its value given, a value expected; "
                    "open the workbook in a spreadsheet program and save it again"
                )
        if cells:
            _check_size(len(lines), len(cells), f"{line} {number}")
            lines.append((number, cells))
    width = max((len(cells) for _, cells in lines), default=0)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in lines]


def _text_of(cell: Any) -> str:
    """A cell as people would type it; a number that is shown as per cent with its sign."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        digits = f"{value:.15g}"  # as many as spreadsheets have
        if "%" in (cell.number_format or ""):
            return f"{(Decimal(digits) * 100).normalize():f}%"
        return digits
    return str(value)
