"""Projects: what they cost, who gets the award, and what residents have of them.

Needs come up, of lognormal size. Transfers pay for most projects, the village account for the others (accounts.py).
A project is awarded directly or by tender. A tender is slow, is checked more often, and above a ceiling the rules
ask for it; a direct award can be steered to a friend. A project may miss the need.

Theory   audits that distort the choice of procedure (Gerardino, Litschig & Pomeranz 2024), displacement (Olken 2007)
Reads    levers tender_compliance, direct_award_ceiling, consultation; the secretary's propensity, business and
         beliefs; village.misfit, account
Writes   village.project_value (0-1), account (yuan); cadre.ring (0 or 1); tallies of projects
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import cosine, exp, log
from sim.mechanisms.accounts import lose, project_money
from sim.vocabulary import CH_PROJECTS

# Numbers of the draws of PROJECTS and OWN_PROJECTS of a village in one week, DRAWS * now + number.
DRAWS = 8
DUE, SIZE, SIZE_TOO, WANTED, BY_RULES, MISSES, WAY, RING = range(DRAWS)


@kernel
def mean_size(f, money):
    """Mean size (yuan) of projects paid with so much a year: the more money, the more of them and the larger."""
    return f.project_yuan + money / f.projects_most


@kernel
def project_size(mean, spread, u, v):
    """Lognormal project size in yuan with the given mean (Box and Muller 1958)."""
    z = np.sqrt(-2.0 * log(1.0 - u)) * cosine(v)
    return mean * exp(spread * z - 0.5 * spread * spread)


@kernel
def steered(p, propensity):
    """Probability that an award is wanted to go to a friend, where it can be steered."""
    return p.project_opportunity * propensity * 52.0 / max(p.opportunities_year, 1e-9)


@kernel
def kickback(p, business):
    """Part of a rigged project that is taken; more where one's own firm gets the job."""
    return p.kickback * (1.0 + p.business_gain * business)


@kernel
def direct_award(p, f, above, fear, wants, tender_compliance):
    """Probability that a project is awarded directly rather than by tender (logit).

    Three things favour it. It is quick; tenders are checked more often, and every check can find a breach (Gerardino,
    Litschig & Pomeranz 2024); and a friend can be served. Above the ceiling the rules are against it. fear: chance a
    year of being examined, as it is believed, where errors are not tolerated.
    """
    checked = f.procedure_choice * p.direct_fear * fear * (f.checks_of_tenders - 1.0)
    leaning = p.direct_quick + checked + p.direct_steering * wants - p.direct_rules * tender_compliance * above
    return 1.0 / (1.0 + exp(-leaning))


@kernel
def slowed(p, tender, consultation):
    """How much longer a project takes by a tender and by asking residents (multiple of the time without)."""
    return p.project_slow * tender + p.project_consult * consultation


@kernel
def project_use(p, taken, slow):
    """Use that residents have of a fitting project: quality, and how late it comes."""
    return p.project_gain * (1.0 - p.quality_loss * taken) / (1.0 + slow)


@kernel
def award(now, p, f, keys, stream, yearly, mean, lever, village, secretary, tally):
    """Perhaps start a project, at a rate of `yearly`: size, procedure, award, quality, fit. Returns what it costs."""
    if uniform(keys, stream, village.uid, DRAWS * now + DUE) >= yearly / 52.0:
        return 0.0
    size = project_size(
        mean,
        f.project_spread,
        uniform(keys, stream, village.uid, DRAWS * now + SIZE),
        uniform(keys, stream, village.uid, DRAWS * now + SIZE_TOO),
    )
    wants = uniform(keys, stream, village.uid, DRAWS * now + WANTED) < steered(p, secretary.propensity[CH_PROJECTS])
    by_rules = uniform(keys, stream, village.uid, DRAWS * now + BY_RULES) < lever.tender_compliance
    above = 1.0 if size > lever.direct_award_ceiling else 0.0
    fear = secretary.believed_examined * (1.0 - secretary.believed_tolerance)
    wish = 1.0 if wants else 0.0
    directly = uniform(keys, stream, village.uid, DRAWS * now + WAY) < direct_award(
        p, f, above, fear, wish, lever.tender_compliance
    )
    taken = 0.0
    if wants and (directly or not by_rules):
        taken = kickback(p, secretary.business)
        lose(now, village, secretary, CH_PROJECTS, taken * size, tally)
        joined = uniform(keys, stream, village.uid, DRAWS * now + RING) < f.collusion * p.collusion
        secretary.ring[CH_PROJECTS] = 1.0 if joined else 0.0
        tally.projects_rigged += 1.0
    slow = slowed(p, 0.0 if directly else 1.0, lever.consultation)
    use = project_use(p, taken, slow)
    tally.projects += 1.0
    tally.projects_yuan += size
    tally.projects_direct += 1.0 if directly else 0.0
    tally.project_days += f.project_days * (1.0 + slow)
    tally.project_quality += use / p.project_gain
    tally.discretionary[CH_PROJECTS] += size
    tally.delivered[CH_PROJECTS] += size - taken * size
    if uniform(keys, stream, village.uid, DRAWS * now + MISSES) < village.misfit:
        tally.projects_redone += 1.0
    else:
        village.project_value += use * (1.0 - village.project_value)
    return size


@kernel
def award_projects(now, p, f, keys, lever, village, secretary, tally):
    """The week's projects: those that transfers pay for, and those that the village account pays for."""
    granted = f.project_share * village.transfers
    award(now, p, f, keys, chance.PROJECTS, granted / f.project_yuan, f.project_yuan, lever, village, secretary, tally)
    own = project_money(p, f, village.account)
    mean = mean_size(f, own)
    paid = award(now, p, f, keys, chance.OWN_PROJECTS, own / mean, mean, lever, village, secretary, tally)
    village.account -= paid
    tally.account_projects += paid
