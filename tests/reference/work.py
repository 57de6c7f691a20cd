"""How cadres work: the hours of a week, what a case meets, tries of one's own, and policy tasks."""

from __future__ import annotations

import math

from sim.chance import CLOSURES, INITIATIVE
from sim.mechanisms.initiative import DRAWS, ERRORS, FAILS, STARTS, WHICH
from sim.vocabulary import A_CASEWORK, A_COMPLIANCE, A_FIELD, A_INITIATIVE, A_POLICY, A_SLACK, ROLES
from tests.reference.demand import mean_visibility
from tests.reference.oversight import judge_honest_error
from tests.reference.rules import delivery, hard_cases, initiative, service, tasks, time_use

# --- 5 Service, its conditions


def service_conditions(town):
    """What this week's levers and beliefs make of every step."""
    p, lever, place = town.p, town.levers, town.place
    place.missing_papers = service.papers_missing(p, lever.data_sharing)
    place.parallel = lever.parallel_share
    place.seals = service.seals_wanted(p, lever.seals_multiplier, lever.data_sharing)
    place.check_hours = service.hours_relative(p, lever.data_sharing, lever.trace_burden)
    place.windows = lever.counters_kept
    place.decision_gain = hard_cases.gain_of_deciding(p, lever.results_weight * lever.reward_spread)
    place.leaving_price = hard_cases.price_of_leaving(p, lever.results_weight, lever.reporting_reach)
    place.leader_hours = hard_cases.hours_of_leaders(town.f, place.residents, lever.reception_days)
    place.leaders_interval = hard_cases.occasions_of_leaders(town.f, lever.reception_days)
    for cadre in town.cadres:
        risk = p.work_examined * cadre.believed_examined * lever.sanction_follow_through * lever.sanction_severity
        cadre.ownership = service.passed_on(
            p, lever.ownership_clarity, lever.responsibility_coverage, cadre.caution, risk
        )
        hurry = service.choked(p, cadre.backlog / cadre.pace)
        cadre.haste = service.redone(p, cadre.skill, cadre.fatigue, hurry)
        cadre.unanswered = service.closed_without_answer(p, hurry, lever.results_weight, lever.third_party)


# --- 4 Time use


def spend_the_week(town, now):
    """Every cadre's week: paper, field days, staying longer, what seems worth most, cuts; and how hard to try."""
    p, f = town.p, town.f
    follow = 1.0 if town.theory["effort"] == "optimisation" else p.habit
    spare = f.order_of_cuts * p.cut_order if town.theory["squeeze"] == "in_order" else 0.0
    around = {cadre.uid: effort_of_colleagues(town, cadre) for cadre in town.cadres}
    for cadre in town.cadres:
        hours = cadre.hours * cadre.posts
        cadre.fabricated, cadre.compliance_hours, cadre.field_hours = paper_and_field(town, cadre)
        short = time_use.hours_short(p, hours, cadre.compliance_hours, cadre.field_hours)
        cadre.overtime = f.overtime * time_use.overtime_worked(p, hours, short)
        room = hours + cadre.overtime - cadre.compliance_hours - cadre.field_hours
        chosen, seen, wanted, cadre.blame = choose_week(town, now, cadre, room)
        if town.theory["peer_effort"] == "peers" and around[cadre.uid] is not None:
            wanted = time_use.effort_beside(f.peer_pull, wanted, around[cadre.uid])
        shares = after_cuts(p, cadre, chosen, room + short - cadre.overtime, room, seen, spare)
        cadre.priority = [now_ + follow * (share - now_) for now_, share in zip(cadre.priority, shares, strict=True)]
        cadre.intensity += follow * (wanted - cadre.intensity)
        cadre.desk_hours = room * cadre.priority[0]
        cadre.pace = time_use.pace_of(p, cadre.desk_hours, cadre.intensity, cadre.skill, cadre.posts)


def effort_of_colleagues(town, cadre) -> float | None:
    """Mean effort, by posts, of the others of a committee or a township cluster; none where one works alone."""
    office = cadre.home.committee if cadre.home else [c for c in town.township_cadres() if c.role == cadre.role]
    others = [colleague for colleague in office if colleague is not cadre]
    if not others:
        return None
    return sum(other.posts * other.intensity for other in others) / sum(other.posts for other in others)


def after_cuts(p, cadre, chosen, usual: float, room: float, seen: float, spare: float) -> list[float]:
    """Shares of the room for the five activities: wishes are cut, by bisection of how deep, until they fit in."""
    casework, policy, field, trying, rest = (share * usual for share in chosen)
    waiting = cadre.backlog / max(cadre.intensity * time_use.speed(p, cadre.skill), 1e-9)
    needed = min(casework, max(cadre.used_hours, waiting))
    wishes = {  # activity: [(hours, how late they are cut)]
        0: [(casework - needed, 0.0), (needed, 1.0)],
        1: [(policy * (1.0 - seen), 0.2), (policy * seen, 0.8)],
        2: [(field, 0.6)],
        3: [(trying, 0.4)],
        4: [(rest, 0.0)],
    }

    def kept(depth: float) -> list[float]:
        return [
            sum(hours * max(0.0, 1.0 - depth * math.exp(-spare * late)) for hours, late in parts)
            for parts in wishes.values()
        ]

    low, high = 0.0, math.exp(spare)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(kept(middle)) > room else (low, middle)
    return [hours / room for hours in kept(high if usual > room else 0.0)]


def paper_and_field(town, cadre):
    """Share of paper that is ticked; hours of paper and of prescribed field days (all posts)."""
    p, f, lever = town.p, town.f, town.levers
    hours = cadre.hours * cadre.posts
    ticked = time_use.fabricated_share(
        cadre.demanded, cadre.hours, p.fabrication_onset, p.fabrication_half, p.fabrication_checked, lever.third_party
    )
    paper = time_use.paper_hours(cadre.demanded, ticked, p.tick_time, cadre.hours, p.paper_most) * cadre.posts
    required = lever.field_days * f.field_day_hours * cadre.posts * (1.0 if cadre.home else p.field_township)
    staged = time_use.fabricated_share(
        cadre.demanded + required / cadre.posts, cadre.hours, p.fabrication_onset, p.fabrication_half, 0.0, 0.0
    )
    field = time_use.field_made(p, required, staged, cadre.motivation, hours - paper)
    paper = min(p.paper_most * hours, paper + required * staged * p.tick_time)
    return ticked, paper, min(field, hours - paper)


def choose_week(town, now, cadre, room):
    """Shares by expected value, the watched part of policy tasks, effort wanted, what an honest try may cost."""
    p, f, lever = town.p, town.f, town.levers
    deadline = tasks.near_deadline(now, f.deadline_every, f.deadline_length)
    appraised = lever.results_weight * lever.reward_spread
    visits, inspected = p.visits_township, p.inspected_township
    if cadre.home:
        visits = cadre.home.visits_usual
        inspected = time_use.inspected_try(p, visits)
    risk = time_use.dereliction_risk(
        p,
        1.0 - town.place.ontime_recent,
        lever.reporting_reach,
        cadre.believed_examined,
        lever.sanction_follow_through,
        lever.sanction_severity,
    )
    blame = time_use.blame_of_a_try(
        cadre.believed_examined,
        inspected,
        p.complained * lever.reporting_reach,
        cadre.believed_tolerance,
        p.failure * (1.0 - p.failure_skill * cadre.skill),
        time_use.loss_of_a_failure(p, lever.sanction_severity, lever.error_harshness),
        cadre.caution,
    )
    shares = time_use.choose(
        time_use.value_of_casework(
            p, cadre.backlog / cadre.posts, room / cadre.posts, cadre.motivation, lever.results_weight
        ),
        time_use.value_of_policy(p, deadline, cadre.prospects, lever.results_weight, cadre.policy_weight),
        time_use.value_of_field(p, cadre.motivation, lever.results_weight),
        time_use.value_of_initiative(p, cadre.motivation, appraised, cadre.prospects, blame),
        time_use.value_of_slack(p, cadre.fatigue, cadre.motivation, appraised, risk),
        p.choice_noise,
    )
    flat = 0.0 if cadre.home else blame
    wanted = time_use.effort(p, cadre.motivation, cadre.fatigue, appraised, risk, flat)
    return shares, tasks.watched(p, visits), wanted, blame


def account_for_hours(town):
    """Close the week's hours: desk hours that found no case go to the other activities."""
    for cadre in town.cadres:
        hours = cadre.hours * cadre.posts + cadre.overtime
        casework = min(cadre.used_hours, cadre.desk_hours)
        left = hours - cadre.compliance_hours - cadre.field_hours - casework
        others = sum(cadre.priority[1:])
        _, policy, field, trying, _ = (left * part / others if others else 0.0 for part in cadre.priority)
        cadre.spent[A_COMPLIANCE] = cadre.compliance_hours
        cadre.spent[A_CASEWORK] = casework
        cadre.spent[A_POLICY] = policy
        cadre.spent[A_FIELD] = cadre.field_hours + field
        cadre.spent[A_INITIATIVE] = trying
        cadre.spent[A_SLACK] = left - policy - field - trying
        tally = town.tally(cadre)
        tally.hours_available += hours
        tally.overtime += cadre.overtime
        for name, spent in zip(
            ("compliance", "casework", "policy", "field", "initiative", "slack"), cadre.spent, strict=True
        ):
            setattr(tally, name, getattr(tally, name) + spent)
        own = town.place.own_village_hours if cadre.home else town.place.own_township_hours
        tally.own_hours += own * cadre.posts
        tally.paper_demanded += cadre.demanded * cadre.posts
        tally.paper_fabricated += cadre.demanded * cadre.fabricated * cadre.posts
        tally.effort_high += cadre.posts if cadre.intensity >= town.p.effort_notable else 0.0
        tally.hours_township += 0.0 if cadre.home else hours
        tally.compliance_township += 0.0 if cadre.home else cadre.compliance_hours
        role = cadre.role if cadre.home else len(ROLES) + cadre.role
        tally.busy_hours[role] += casework
        tally.desk_hours[role] += cadre.desk_hours


# --- initiative


def try_things(town, now):
    """Tries out of hours given to initiative, and what comes of them."""
    p = town.p
    for village in town.villages:
        village.cleared = [gain * (1.0 - p.cleared_fading) for gain in village.cleared]
        village.fit_gained *= 1.0 - p.cleared_fading
    for cadre in town.cadres:
        for n in range(int(cadre.wrong)):
            judge_honest_error(town, now, cadre, cadre.uid + (n + 1) * int(ERRORS))
        cadre.wrong = 0.0
        likely = initiative.started(cadre.spent[A_INITIATIVE], p.try_hours)
        if town.chance(INITIATIVE, cadre.uid, DRAWS * now + STARTS) >= likely:
            continue
        town.tally(cadre).initiatives += 1.0
        if initiative.fails(p, cadre.skill, town.chance(INITIATIVE, cadre.uid, DRAWS * now + FAILS)):
            town.tally(cadre).tries_failed += 1.0
            judge_honest_error(town, now, cadre, cadre.uid)
            continue
        kind = int(town.chance(INITIATIVE, cadre.uid, DRAWS * now + WHICH) * len(town.kinds))
        reached = [cadre.home] if cadre.home else town.villages
        part = 1.0 if cadre.home else min(1.0, p.try_township / len(town.villages))
        for village in reached:
            village.cleared[kind] = initiative.grown(village.cleared[kind], part * p.try_clears)
            village.repeat *= 1.0 - part * p.try_repeats
        if cadre.home:
            cadre.home.fit_gained = initiative.grown(cadre.home.fit_gained, p.try_fits)
        town.happened["village try" if cadre.home else "township try"] += 1


# --- 6 Policy delivery


def deliver(town, now):
    """Turn the week's policy and field hours into delivered tasks and knowledge of needs."""
    p, f, lever, place = town.p, town.f, town.levers, town.place
    deadline = tasks.near_deadline(now, f.deadline_every, f.deadline_length)
    staff = town.township_cadres()
    effort = sum(cadre.spent[A_POLICY] * cadre.intensity for cadre in staff)
    posts = sum(cadre.posts for cadre in staff)
    place.support = effort / max(posts * f.policy_hours_township, 1e-9)
    calls = [delivery.call_for_support(p, village.believed_trouble, f.knowledge_use) for village in town.villages]
    mean = mean_visibility(town)
    listed, ledger, results = lever.responsibility_coverage, lever.ledger_coverage, lever.results_weight
    paper = delivery.closed_on_paper(p, listed, ledger, results)
    for village, call in zip(town.villages, calls, strict=True):
        cadres = village.committee
        active = village.members * village.active * (1.0 - lever.inactive_members)
        known = delivery.knowledge(p, sum(cadre.spent[A_FIELD] for cadre in cadres), village.residents, active)
        village.information = delivery.information_later(p, village.information * (1.0 - village.knowledge_lost), known)
        own = sum(cadre.spent[A_POLICY] * cadre.intensity for cadre in cadres)
        backed = p.support_share * place.support * call / (sum(calls) / len(calls))
        supply = (1.0 - p.support_share) * own / (f.policy_hours_village * len(cadres)) + backed
        done = delivery.what_fits(p, delivery.task_delivery(p, supply, listed, paper), village.misjudged)
        tilt = delivery.roadside_tilt(p, tasks.watched(p, village.visits_usual), lever.roadside_bias, ledger)
        seen = delivery.seen_delivery(done, tilt, village.visibility, mean)
        unseen = delivery.hamlet_delivery(done, tilt)
        village.performance += p.delivery_speed * (seen - village.performance)
        village.remote_performance += p.delivery_speed * (unseen - village.remote_performance)
        village.misfit = delivery.project_misfit(p, village.information, lever.consultation, village.fit_gained)
        village.payment_delay = delivery.payment_delay(p, lever.township_bookkeeping, place.pressure)
        village.closure_rate = delivery.closures_expected(
            p, f.closures_village_year, deadline, results, lever.consultation, place.pressure
        )


def closures(town, now):
    """One-size closures, and the livelihoods they cost; what residents still have of projects fades."""
    for village in town.villages:
        if town.chance(CLOSURES, village.uid, now) < village.closure_rate * village.livelihoods:
            village.closure_loss = min(1.0, village.closure_loss + town.p.closure_cost)
            town.tally(village).closures += 1.0
        village.project_value *= 1.0 - town.p.project_fading
