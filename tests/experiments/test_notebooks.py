"""The lesson runs from a fresh kernel, its sliders redraw, and it is kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "experiments" / "notebooks").glob("*.ipynb"))

# Appended to the lesson: moves a slider and counts what is drawn then.
MOVE = """
before = len(picture.outputs)
sliders["burden"].value = 0.4
sliders["supervision"].value = 0.2
print("ERROR" if any(o["output_type"] == "error" for o in picture.outputs) else "redrawn",
      len(picture.outputs))
"""


def test_there_is_a_lesson():
    assert [path.name for path in LESSONS] == ["first_lesson.ipynb"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_kept_without_outputs_and_in_two_languages(path):
    lesson = nbformat.read(path, as_version=4)
    for cell in lesson.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
    text = "".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")
    assert "three dials" in text and "三个旋钮" in text


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_runs_from_a_fresh_kernel(path, tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lesson = nbformat.read(path, as_version=4)
    for cell in lesson.cells:
        cell.source = cell.source.replace("RESIDENTS = 5_000", "RESIDENTS = 900")
        cell.source = cell.source.replace('"residents": 2_000', '"residents": 900')
    lesson.cells.append(nbformat.v4.new_code_cell(MOVE))
    client = NotebookClient(lesson, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    pictures = [
        cell for cell in lesson.cells if any("image/png" in out.get("data", {}) for out in cell.get("outputs", []))
    ]
    assert len(pictures) >= 2  # the paths and the ranking; the sliders draw into their own place
    last = lesson.cells[-1].outputs[0]["text"].split()
    assert last == ["redrawn", "2"]
    assert list(tmp_path.iterdir()) == []
