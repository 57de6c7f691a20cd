"""A village's books: what is lost, what comes back, and the account that the rest goes into.

Into the account goes what is collected of the assets and not taken, and what comes back of assets and claims; false
claims are paid out of it. (Benefit and project money that comes back goes to those who granted it.) The balance is
spent within about a year. A part is paid to residents as a dividend; the rest goes into projects, which can be rigged
or miss the need like any other. So a yuan no longer lost is a yuan in the account, and works as any other yuan in it.
An account in debt pays for nothing until it has recovered. Money taken since week -52, and what comes back of it, is
counted separately, yuan by yuan.

Theory   accounting identities; income and satisfaction (Stevenson & Wolfers 2008)
Reads    village.income, left, restitution; facts of money
Writes   village.account, restitution, restitution_fresh, lost, back (yuan), dividend (yuan a resident-year);
         cadre.taken, fresh, owed, owed_fresh (yuan); tallies diverted, recovered (yuan by channel), account_in,
         dividends
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.vocabulary import BASELINE_WEEKS, CH_ASSETS, CH_CLAIMS


@kernel
def spent_a_year(f, account):
    """Yuan a year that a village account pays out: what stands in it is spent in time, and a debt pays for nothing."""
    return f.account_spent_year * account if account > 0.0 else 0.0


@kernel
def project_money(p, f, account):
    """Yuan a year that a village account puts into projects: what is not handed to residents."""
    return (1.0 - p.dividend_share) * spent_a_year(f, account)


@kernel
def to_account(f, village, yuan, tally):
    """Put a yuan (or take it, below 0) into the village account."""
    village.account += f.dividend * yuan
    tally.account_in += f.dividend * yuan


@kernel
def lose(now, village, cadre, channel, yuan, tally):
    """A cadre takes money of a village."""
    cadre.taken[channel] += yuan
    tally.diverted[channel] += yuan
    if now >= -BASELINE_WEEKS:
        cadre.fresh[channel] += yuan
        village.lost += yuan


@kernel
def borrow(now, p, cadre, yuan):
    """Part of what is taken from the assets is meant as a loan."""
    cadre.owed += p.borrowed * yuan
    if now >= -BASELINE_WEEKS:
        cadre.owed_fresh += p.borrowed * yuan


@kernel
def get_back(f, village, channel, yuan, fresh, tally):
    """Money comes back to the village, or to whoever granted it; `fresh` of it was taken since week -52."""
    village.back += fresh
    tally.recovered[channel] += yuan
    if channel in (CH_ASSETS, CH_CLAIMS):
        to_account(f, village, yuan, tally)


@kernel
def collect_dues(p, f, village, tally):
    """A week's part of what is to be paid back after sanctions."""
    part = p.restitution_year / 52.0
    fresh = part * village.restitution_fresh
    for k in range(4):
        paid = part * village.restitution[k]
        village.restitution[k] -= paid
        get_back(f, village, k, paid, 0.0, tally)
    village.restitution_fresh -= fresh
    village.back += fresh


@kernel
def return_loans(p, f, village, cadre, tally):
    """A week's part of what was borrowed from the assets comes back."""
    part = p.returned_year / 52.0
    returned = part * cadre.owed
    fresh = part * cadre.owed_fresh
    cadre.owed -= returned
    cadre.owed_fresh -= fresh
    get_back(f, village, CH_ASSETS, returned, fresh, tally)


@kernel
def hand_out(p, f, village, tally):
    """A week's dividend to residents."""
    paid = p.dividend_share * spent_a_year(f, village.account) / 52.0
    village.dividend = 52.0 * paid / village.residents
    village.account -= paid
    tally.dividends += paid
