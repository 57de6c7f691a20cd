"""Rules of needs: who settles a case on the phone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import needs

from .rules import plain, rises, share


@given(eligible=share, online=share, counters=share, pushed=share, u=st.floats(0, 0.999))
def test_closing_counters_never_sends_anybody_back_to_the_window(eligible, online, counters, pushed, u):
    online_now = [plain(needs.goes_online)(eligible, online, x, pushed, u) for x in (1.0, counters, 0.0)]
    assert rises([float(x) for x in online_now])
    assert not plain(needs.goes_online)(0.0, online, counters, pushed, u)
