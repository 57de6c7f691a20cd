"""Checks of the model as a whole: what every version has to show, as tables in docs/checks/.

    python -m experiments.checks.levers --write    every lever moves something, through the mechanisms that read it
    python -m experiments.checks.harms --write     every measure can do harm, by the route its file names
    python -m experiments.checks.dials --write     no one setting of the three dials is best for all three outcomes

Without --write the table is only printed.
"""
