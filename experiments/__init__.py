"""Jobs: what a study asks of the model, and the folder it leaves behind.

Which there are stands in `experiments/cli/doors.py`; `township` and `python -m experiments` list them. This package is
the only one that knows both the model (`sim`) and the analysis (`analysis`).
"""
