"""Checks of the model as a whole, which every version must pass; their tables are in docs/checks/.

    python -m experiments.checks.levers --write    every lever moves something, through the mechanisms that read it
    python -m experiments.checks.harms --write     every measure can do harm, by the route its file names
    python -m experiments.checks.sanity --write    ten laws that a model of this kind must keep, and what breaks each
    python -m experiments.checks.helps --write     every measure can help: by its own route, and where most
    python -m experiments.checks.dose --write      what each of the three dials does over its range
    python -m experiments.checks.dials --write     no one setting of the three dials is best for all three outcomes
    python -m experiments.checks.history --write   the sixth model beside the fifth, and each of its changes alone
    python -m experiments.checks.ends              what stands at 0 or 1 in the average town, as docs/model.md explains

Without --write the table is only printed.
"""
