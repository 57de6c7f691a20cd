"""Policy delivery: what becomes of the tasks that come from above.

Listed duties have an owner and get done; unlisted ones are orphaned; lists are closed on paper where results weigh
little. Effort follows what inspectors see: the roadside is tidied and the remote hamlet waits. Tracking of decisions
prevents that, at the price of paperwork and surface compliance. The township supports the villages that it believes to
be in trouble. Tasks from above fit local needs as far as departments know a place. Near deadlines the cheapest act that
complies wins (one-size closure, which costs livelihoods). Projects fit needs only as well as cadres know them;
consultation cuts the misfit and costs weeks; township bookkeeping delays payments.

Theory   selective implementation (O'Brien & Li 1999), multitasking (Holmström & Milgrom 1991), blunt
         enforcement (van der Kamp 2021), symbolic compliance (Meyer & Rowan 1977), knowledge of
         time and place (Hayek 1945; Scott 1998)
Reads    levers responsibility_coverage, ledger_coverage, results_weight, consultation, roadside_bias,
         township_bookkeeping, inactive_members; hours spent on policy and in the field;
         village.believed_trouble, misjudged
Writes   township.support; village.information, performance, remote_performance (0-1), misfit, payment_delay
         (weeks), closure_rate (a week), closure_loss, project_value (0-1)
"""

from __future__ import annotations

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import bounded, exp
from sim.mechanisms.tasks import near_deadline, watched
from sim.vocabulary import A_FIELD, A_POLICY


@kernel
def knowledge(p, field_hours, residents, active_members):
    """What cadres can know of the needs, from contact and from members who carry them (0-1)."""
    contact = field_hours / p.contact_hours + active_members / p.contact_members
    return 1.0 - exp(-contact * 1000.0 / max(residents, 1.0))


@kernel
def task_delivery(p, supply, listed, on_paper):
    """Share of policy tasks delivered: owned ones by the work put in, orphaned ones less, the longer the list."""
    done = 1.0 - exp(-p.delivery_rate * supply)
    orphans = p.orphan_done * (1.0 - p.orphaned * listed)
    return done * (listed * (1.0 - on_paper) + (1.0 - listed) * orphans)


@kernel
def call_for_support(p, believed_trouble, used):
    """Weight of a village in the allocation of the township's hours: more where more is believed wrong. Assumption."""
    return exp(p.support_need * used * believed_trouble)


@kernel
def what_fits(p, done, misjudged):
    """Policy tasks delivered that meet what is wrong in a village (0-1): the more is known there, the better aimed.

    Part of what comes from above is the same everywhere, and fits without knowledge; how large a part, nobody has
    measured. Assumption; Hayek 1945, Scott 1998.
    """
    return done * (1.0 - p.aimed * misjudged)


@kernel
def closed_on_paper(p, listed, ledger, results_weight):
    """Share of listed tasks that are closed on paper only."""
    return bounded((p.paper_closing * listed + p.surface * ledger) * (1.0 - results_weight), 0.0, 1.0)


@kernel
def roadside_tilt(p, seen, roadside_bias, ledger):
    """How far effort follows what inspectors see (0-1), by the part of it that is watched; tracking reaches further."""
    return roadside_bias * seen * (1.0 - p.ledger_reach * ledger)


@kernel
def project_misfit(p, information, consultation, fit_gained):
    """Probability that a project misses the need."""
    return p.misfit * (1.0 - p.fit_known * information) * (1.0 - p.fit_consulted * consultation) * (1.0 - fit_gained)


@kernel
def information_later(p, information, known):
    """Knowledge of needs (0-1) a week later: it follows contact slowly."""
    return information + p.information_speed * (known - information)


@kernel
def seen_delivery(done, tilt, visibility, mean_visibility):
    """Tasks delivered in a village as an inspector sees it (0-1): more where more is seen."""
    return bounded(done * (1.0 + tilt * (visibility - mean_visibility)), 0.0, 1.0)


@kernel
def hamlet_delivery(done, tilt):
    """Tasks delivered away from the road (0-1), where no inspector comes."""
    return done * (1.0 - tilt)


@kernel
def payment_delay(p, bookkeeping, pressure):
    """Weeks until a village's bills are paid; township bookkeeping delays them, the more the busier it is."""
    return p.delay_usual + p.delay_bookkeeping * bookkeeping * (1.0 + p.delay_pressed * pressure)


@kernel
def closures_expected(p, occasions_year, deadline, results_weight, consultation, pressure):
    """One-size closures a village-week: the cheapest act that complies, near deadlines and under pressure."""
    return (
        occasions_year
        / 52.0
        * (1.0 + p.closure_pressed * deadline * pressure)
        * (1.0 - p.closure_spared * results_weight)
        * (1.0 - p.closure_spared * consultation)
    )


@kernel
def deliver(now, p, f, levers, township, villages, cadres):
    """Turn the week's policy and field hours into delivered tasks and knowledge of needs."""
    lever = levers[0]
    deadline = near_deadline(now, f.deadline_every, f.deadline_length)
    mean_visibility = 0.0
    for v in range(villages.shape[0]):
        mean_visibility += villages[v].visibility / villages.shape[0]
    given = 0.0
    staff = 0.0
    for c in range(cadres.shape[0]):
        if cadres[c].village < 0:
            given += cadres[c].spent[A_POLICY] * cadres[c].intensity
            staff += cadres[c].posts
    township.support = given / max(staff * f.policy_hours_township, 1e-9)
    called = 0.0
    for v in range(villages.shape[0]):
        called += call_for_support(p, villages[v].believed_trouble, f.knowledge_use) / villages.shape[0]
    for v in range(villages.shape[0]):
        village = villages[v]
        work = 0.0
        field = 0.0
        for c in range(village.first_cadre, village.first_cadre + village.cadres):
            work += cadres[c].spent[A_POLICY] * cadres[c].intensity
            field += cadres[c].spent[A_FIELD]
        active = village.members * village.active * (1.0 - lever.inactive_members)
        known = knowledge(p, field, village.residents, active)
        village.information = information_later(p, village.information * (1.0 - village.knowledge_lost), known)
        share = call_for_support(p, village.believed_trouble, f.knowledge_use) / called
        backed = p.support_share * township.support * share
        supply = (1.0 - p.support_share) * work / (f.policy_hours_village * village.cadres) + backed
        paper = closed_on_paper(p, lever.responsibility_coverage, lever.ledger_coverage, lever.results_weight)
        done = what_fits(p, task_delivery(p, supply, lever.responsibility_coverage, paper), village.misjudged)
        tilt = roadside_tilt(p, watched(p, village.visits_usual), lever.roadside_bias, lever.ledger_coverage)
        village.performance += p.delivery_speed * (
            seen_delivery(done, tilt, village.visibility, mean_visibility) - village.performance
        )
        village.remote_performance += p.delivery_speed * (hamlet_delivery(done, tilt) - village.remote_performance)
        village.misfit = project_misfit(p, village.information, lever.consultation, village.fit_gained)
        village.payment_delay = payment_delay(p, lever.township_bookkeeping, township.pressure)
        village.closure_rate = closures_expected(
            p, f.closures_village_year, deadline, lever.results_weight, lever.consultation, township.pressure
        )


@kernel
def closures(now, p, keys, villages, tallies):
    """One-size closures, and the livelihoods they cost; what residents still have of projects fades."""
    for v in range(villages.shape[0]):
        village = villages[v]
        if uniform(keys, chance.CLOSURES, village.uid, now) < village.closure_rate * village.livelihoods:
            village.closure_loss = min(1.0, village.closure_loss + p.closure_cost)
            tallies[village.group].closures += 1.0
        village.project_value *= 1.0 - p.project_fading


@kernel
def wrongly_included(p, information, data_sharing, ghosts):
    """Share of a village's benefit roll that should not be on it: errors, kin and ghosts (0-1)."""
    errors = p.wrong_usual * (1.0 - p.wrong_known * information) * (1.0 - p.wrong_shared * data_sharing)
    return bounded(errors + p.ghost_share * ghosts, 0.0, 1.0)


@kernel
def wrongly_excluded(p, information, ghosts):
    """Share of the eligible who are left out: unknown needs, and places that ghosts take (0-1)."""
    return bounded(p.excluded_usual * (1.0 - p.excluded_known * information) + p.ghost_crowding * ghosts, 0.0, 1.0)
