"""Conduct: who takes what, where, and when nobody looks."""

from __future__ import annotations

from sim.chance import OPPORTUNITY, OWN_PROJECTS, PROJECTS
from sim.mechanisms.conduct import BEGINS, DRAWS, ENDS, PART, RING
from sim.mechanisms.projects import BY_RULES, DUE, MISSES, SIZE, SIZE_TOO, WANTED, WAY
from sim.mechanisms.projects import RING as RING_AWARD
from sim.vocabulary import BASELINE_WEEKS, CH_ASSETS, CH_BENEFITS, CH_CLAIMS, CH_PROJECTS, FINANCE, SECRETARY, THEORIES
from tests.reference.rules import accounts, conduct, projects

CHANNELS = (CH_BENEFITS, CH_ASSETS, CH_PROJECTS, CH_CLAIMS)
FLOWS = (CH_BENEFITS, CH_ASSETS, CH_CLAIMS)  # money that passes every week; projects come one by one


def keeps_accounts(cadre) -> bool:
    """Whether a township cadre has village accounts in reach."""
    return cadre.home is None and cadre.role == FINANCE


def propensities(town):
    """Weekly probability that each cadre starts taking in each channel, and what those who take still dare."""
    p, f, lever = town.p, town.f, town.levers
    theory = THEORIES["conduct"].index(town.theory["conduct"])
    for cadre in town.cadres:
        cadre.propensity, cadre.dared = [0.0] * 4, [0.0] * 4
        if cadre.home is None and not keeps_accounts(cadre):
            continue
        scale = 1.0 if cadre.home else p.township_door * lever.township_bookkeeping * cadre.posts
        village = cadre.duty
        stakes = [conduct.stake_of(k, cadre, village, p, f) for k in CHANNELS]
        gains = [conduct.net_gain(k, stakes[k], cadre, village, lever, p, f, theory) for k in CHANNELS]
        costs = [conduct.conscience(k, stakes[k], cadre, village, p, f, theory) for k in CHANNELS]
        values = [gain - cost for gain, cost in zip(gains, costs, strict=True)]
        pulls = [conduct.pull(cadre.access[k], values[k], max(values), p.channel_noise) for k in CHANNELS]
        for k in CHANNELS:
            if stakes[k] > 0.0:
                cadre.dared[k] = conduct.still_dared(p, gains[k], stakes[k]) if k in FLOWS else 0.0
                cadre.propensity[k] = scale * conduct.begins(p, pulls[k] / sum(pulls), values[k], stakes[k])


def divert(town, now):
    """Open episodes, let money flow, keep the villages' accounts, and award the week's projects."""
    p, lever = town.p, town.obeyed("conduct", now)
    for village in town.villages:
        village.left = [1.0] * 4
        for k in CHANNELS:
            paid = p.restitution_year / 52.0 * village.restitution[k]
            village.restitution[k] -= paid
            come_back(town, village, k, paid, town.tally(village))
        recent = p.restitution_year / 52.0 * village.restitution_fresh
        village.restitution_fresh -= recent
        village.back += recent
    for village in town.villages:
        for cadre in village.committee:
            take(town, now, cadre, 1.0)
    for village in town.villages:
        ghosts = 1.0 - village.left[CH_BENEFITS]
        included = conduct.wrongly_included(p, village.information, lever.data_sharing, ghosts)
        excluded = conduct.wrongly_excluded(p, village.information, ghosts)
        village.wrong_inclusion += p.roll_speed * (included - village.wrong_inclusion)
        village.wrong_exclusion += p.roll_speed * (excluded - village.wrong_exclusion)
    for cadre in town.cadres:
        if keeps_accounts(cadre):
            take(town, now, cadre, p.township_door * lever.township_bookkeeping * cadre.posts)
    for village in town.villages:
        keep_account(town, village)
        award(town, now, village, lever, PROJECTS)
        award(town, now, village, lever, OWN_PROJECTS)


def take(town, now, cadre, door: float):
    """One cadre's week: perhaps a new episode, and the money of the open ones."""
    p, tally, village = town.p, town.tally(cadre), cadre.duty

    def chance(purpose: int) -> float:
        return town.chance(OPPORTUNITY, cadre.uid, DRAWS * now + purpose)

    for k in CHANNELS:
        tally.opportunity[k] += door * conduct.stake_of(k, cadre, village, p, town.f) / 52.0
    begun = first_below(chance(BEGINS), {k: cadre.propensity[k] for k in FLOWS})
    if begun is not None and cadre.rate[begun] == 0.0:
        cadre.ring[begun] = float(chance(RING) < town.f.collusion * p.collusion)
        town.happened["covered by others"] += cadre.ring[begun] > 0.0
        cadre.rate[begun] = conduct.episode_part(p, chance(PART))
        cadre.open_weeks[begun] = cadre.taken[begun] = cadre.fresh[begun] = 0.0
        tally.episodes += 1.0
        town.happened["village episode" if cadre.home else "township episode"] += 1
    for k in FLOWS:
        if cadre.rate[k] == 0.0:
            continue
        part = cadre.dared[k] * cadre.rate[k] * cadre.access[k]
        yuan = part * village.left[k] * conduct.weekly_flow(k, village, p, town.f)
        village.left[k] -= part * village.left[k]
        lose(town, now, cadre, k, yuan)
        if k == CH_ASSETS:
            cadre.owed += p.borrowed * yuan
            cadre.owed_fresh += p.borrowed * yuan if counted(now) else 0.0
        cadre.open_weeks[k] += 1.0
        if chance(ENDS + k) < p.lapse_year / 52.0:
            cadre.rate[k] = 0.0
            town.happened["episode ends by itself"] += 1
    part = p.returned_year / 52.0
    village.back += part * cadre.owed_fresh
    come_back(town, village, CH_ASSETS, part * cadre.owed, tally)
    cadre.owed -= part * cadre.owed
    cadre.owed_fresh -= part * cadre.owed_fresh


def counted(now) -> bool:
    """Whether what is taken this week counts among what has been taken since the baseline year began."""
    return now >= -BASELINE_WEEKS


def lose(town, now, cadre, k, yuan):
    """A cadre takes money of a village."""
    cadre.taken[k] += yuan
    town.tally(cadre).diverted[k] += yuan
    if counted(now):
        cadre.fresh[k] += yuan
        cadre.duty.lost += yuan


def come_back(town, village, k, yuan, tally):
    """Money comes back; of assets and claims into the village account."""
    tally.recovered[k] += yuan
    if k in (CH_ASSETS, CH_CLAIMS):
        pay_in(town, village, yuan, tally)


def pay_in(town, village, yuan, tally):
    """Put money into the village account."""
    village.account += town.f.dividend * yuan
    tally.account_in += town.f.dividend * yuan


def keep_account(town, village):
    """Close a village's week: what was delivered, what of it the account gets, and the dividend."""
    p, f, tally = town.p, town.f, town.tally(village)
    flow = {k: conduct.weekly_flow(k, village, p, f) for k in FLOWS}
    for k in FLOWS:
        tally.discretionary[k] += flow[k]
        tally.delivered[k] += flow[k] * village.left[k]
    false_claims = flow[CH_CLAIMS] * (1.0 - village.left[CH_CLAIMS])
    pay_in(
        town,
        village,
        flow[CH_ASSETS] * village.left[CH_ASSETS] - false_claims + f.subsidy_yuan_village_year / 52.0,
        tally,
    )
    dividend = p.dividend_share * accounts.spent_a_year(f, village.account) / 52.0
    village.dividend = 52.0 * dividend / village.residents
    village.account -= dividend
    tally.dividends += dividend


def first_below(u: float, probabilities: dict[int, float]) -> int | None:
    """Which of several exclusive things happens, by one number; None if none."""
    for k, probability in probabilities.items():
        if u < probability:
            return k
        u -= probability
    return None


def award(town, now, village, lever, stream):
    """Perhaps start a project: paid by transfers, or by the village account."""
    p, f, tally, secretary = town.p, town.f, town.tally(village), village.holder[SECRETARY]

    def chance(purpose: int) -> float:
        return town.chance(stream, village.uid, DRAWS * now + purpose)

    money, mean = f.project_share * village.transfers, f.project_yuan
    if stream == OWN_PROJECTS:
        money = accounts.project_money(p, f, village.account)
        mean = projects.mean_size(f, money)
    if chance(DUE) >= money / mean / 52.0:
        return
    size = projects.project_size(mean, f.project_spread, chance(SIZE), chance(SIZE_TOO))
    rules, above = lever.tender_compliance, float(size > lever.direct_award_ceiling)
    wants = chance(WANTED) < projects.steered(p, secretary.propensity[CH_PROJECTS])
    fear = secretary.believed_examined * (1.0 - secretary.believed_tolerance)
    direct = chance(WAY) < projects.direct_award(p, f, above, fear, float(wants), rules)
    rigged = wants and (direct or chance(BY_RULES) >= rules)
    part = projects.kickback(p, secretary.business) if rigged else 0.0
    if rigged:
        lose(town, now, secretary, CH_PROJECTS, part * size)
        secretary.ring[CH_PROJECTS] = float(chance(RING_AWARD) < f.collusion * p.collusion)
    slow = projects.slowed(p, 0.0 if direct else 1.0, lever.consultation)
    use = projects.project_use(p, part, slow)
    misses = chance(MISSES) < village.misfit
    tally.projects += 1.0
    tally.projects_yuan += size
    tally.projects_rigged += rigged
    tally.projects_direct += direct
    tally.project_days += f.project_days * (1.0 + slow)
    tally.projects_redone += misses
    tally.discretionary[CH_PROJECTS] += size
    tally.delivered[CH_PROJECTS] += size - part * size
    tally.project_quality += use / p.project_gain
    if not misses:
        village.project_value += use * (1.0 - village.project_value)
    if stream == OWN_PROJECTS:
        village.account -= size
        tally.account_projects += size
        town.happened["paid by the village"] += 1
