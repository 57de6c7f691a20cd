"""Expectations that the sixth model does not meet.

Each is a strict xfail: when it holds, the run is red until its line goes. No expectation is loosened here: the tests
stand as they were written.
"""

from __future__ import annotations

WAITING: dict[str, tuple[str, ...]] = {
    "cadres by size and hours cut in an order leave the busiest desks at .44 and .31 where .6 is asked": tuple(
        f"tests/sim/test_settled.py::test_the_busiest_roles_stand_where_the_staffing_rule_wants_them[{place}]"
        for place in ("village", "township")
    ),
}
