"""Channels of diversion: what flows through each, how opaque it is, and what data or announced audits let see of it.

The four are assets (rent of collective property), projects, benefits and claims. Shares and visibility are
assumptions unless a parameter's source says otherwise.

Theory   displacement (Yang 2008; Olken 2007)
Reads    levers data_sharing, accounts_publicity, benefit_platform, asset_platform, township_bookkeeping,
         tender_compliance; village.opacity, account
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.mechanisms.accounts import project_money
from sim.vocabulary import CH_ASSETS, CH_BENEFITS, CH_CLAIMS


@kernel
def weekly_flow(channel, village, p, f):
    """Discretionary money that passes through a channel of a village in a week (yuan)."""
    if channel == CH_BENEFITS:
        return f.benefit_yuan_resident_year * village.residents / 52.0
    if channel == CH_ASSETS:
        return f.asset_share * village.income / 52.0
    if channel == CH_CLAIMS:
        return f.claims_yuan_cadre_year * village.cadres / 52.0
    return (f.project_share * village.transfers + project_money(p, f, village.account)) / 52.0


@kernel
def opacity(channel, village, lever, p):
    """Share of a channel that stays hidden from anyone who might look (0-1)."""
    hidden = village.opacity * (1.0 - p.publicity_opens * lever.accounts_publicity)
    if channel == CH_BENEFITS:
        return hidden * (1.0 - p.platform_opens * lever.benefit_platform) * (1.0 - p.data_opens * lever.data_sharing)
    if channel == CH_ASSETS:
        return (
            hidden
            * (1.0 - p.platform_opens * lever.asset_platform)
            * (1.0 - p.bookkeeping_opens * lever.township_bookkeeping)
        )
    if channel == CH_CLAIMS:
        return hidden * (1.0 - p.bookkeeping_opens * lever.township_bookkeeping)
    return hidden * (1.0 - p.tender_opens * lever.tender_compliance)


@kernel
def seen_by_machine(channel, lever, p):
    """Yearly chance that a platform shows an irregularity, as every cadre knows it."""
    if channel == CH_BENEFITS:
        return p.platform_sees * lever.benefit_platform
    if channel == CH_ASSETS:
        return p.platform_sees * lever.asset_platform
    if channel == CH_CLAIMS:
        return p.bookkeeping_sees * lever.township_bookkeeping
    return 0.0


@kernel
def known_to_be_watched(p, independent, reach, publicity):
    """Yearly chance of detection by those whom everybody in the village knows: a free committee, residents who dare."""
    sight = p.unpublished + (1.0 - p.unpublished) * publicity
    return 1.0 - (1.0 - p.committee_sees * independent * sight) * (1.0 - p.residents_see * reach * sight)
