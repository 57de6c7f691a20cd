"""Statistics on simulation output: attribution, uncertainty, figures and reports.

Everything here sees labelled datasets, tables (lists of rows) and plain descriptions of a problem;
nothing here knows a running model or a store of runs.
"""

LEVEL = 0.95  # confidence of every interval that does not say another
COMPOSITE = "composite"  # the outcome of a user's own making
PACKAGE = "package"  # all measures together, where it stands beside them in a table
