"""The compiled model equals a slow one in Python objects (tests/reference), week by week."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest

from sim import run
from sim.settings import setting
from sim.state import CADRE, LEVER_TYPE, PLACE, TALLY_TYPE, VILLAGE
from sim.town import build_unit, units_of
from sim.world import world_of
from tests.reference.town import ROWS, SINGLE, read_town
from tests.reference.week import week

TABLE = """residents,share_over_60,cadres,visibility,income,kind
100,0.25,6,roadside,900000,rural
100,0.30,4,remote,400000,rural
100,0.15,7,0.6,2500000,community
"""
