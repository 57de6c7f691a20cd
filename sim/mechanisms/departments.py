"""Departments respond: trouble that is reported comes back as forms and visits.

Incidents and bad *reported* indicators raise pressure, which relaxes slowly; pressed departments send
more forms and visits. What is reported is not what is: fabricated paper and faked measures look like
performance. When formal requests are cut, pressed departments ask again through informal channels that
no count shows, and hear less from below, so that answers from above come later.

Theory   responsive authoritarianism and fire-alarm oversight (McCubbins & Schwartz 1984), rebound of
         burdens (Zhou 2007), performance misreporting
Reads    place.ontime_recent, incidents_recent, faked; cadre.fabricated; levers third_party and all paper
Writes   place.reported, true_performance, reporting, pressure, form_push, visit_push, informal_hours
"""

from __future__ import annotations

from sim.compiled import rule, week
from sim.mechanisms.residents import bounded


@rule
def reported_performance(true, fabricated, faked, third_party, shine):
    """What the county reads: the truth plus what ticked paper and faked measures add to it."""
    false_shine = shine * (fabricated + faked) * (1.0 - third_party)
    return true + (1.0 - true) * bounded(false_shine, 0.0, 1.0)


@rule
def paper_against_today(lever, base, yearly):
    """Formal paper relative to what the town has been asked for (1 = as before week 0).

    `yearly` turns meeting hours a cadre-week into hours a village-year.
    """
    now = (
        lever.forms_per_village_year * lever.burden * lever.amplification * lever.hours_per_form
        + yearly * lever.meeting_hours * lever.burden
    )
    before = (
        base.forms_per_village_year * base.burden * base.amplification * base.hours_per_form
        + yearly * base.meeting_hours * base.burden
    )
    return now / max(before, 1e-9)


@rule
def asked_again(p, formal, pressure, paper_hours):
    """Informal requests (hours a cadre-week): part of what relief took away, as far as departments are pressed."""
    return p.rebound * bounded(1.0 - formal, 0.0, 1.0) * pressure * paper_hours


@week
def respond(p, f, levers, base, place, villages, cadres):
    """Pressure after this week's reports and incidents, and what departments send down next week."""
    lever = levers[0]
    fabricated = 0.0
    paper = 0.0
    for c in range(cadres.shape[0]):
        fabricated += cadres[c].fabricated / cadres.shape[0]
        paper += cadres[c].demanded / cadres.shape[0]
    delivered = 0.0
    for v in range(villages.shape[0]):
        delivered += villages[v].performance / villages.shape[0]
    place.true_performance = 0.5 * (place.ontime_recent + delivered)
    place.reported = reported_performance(place.true_performance, fabricated, place.faked, lever.third_party, p.shine)
    formal = paper_against_today(lever, base[0], 52.0 * f.village_cadres)
    place.reporting = bounded(
        p.reporting_paper * min(1.0, formal)
        + p.reporting_outsiders * lever.third_party
        + p.reporting_reach * lever.reporting_reach
        + p.reporting_else,
        0.0,
        1.0,
    )
    trouble = (
        p.pressure_usual
        + p.pressure_reports * (p.reported_usual - place.reported)
        + p.pressure_incidents * (place.incidents_recent / p.incidents_scale - 1.0)
    )
    place.pressure += p.pressure_speed * (bounded(trouble, 0.0, 1.0) - place.pressure)
    place.form_push = max(0.2, 1.0 + p.push_forms * (place.pressure - p.pressure_usual))
    place.visit_push = max(0.2, 1.0 + p.push_visits * (place.pressure - p.pressure_usual))
    place.informal_hours = asked_again(p, formal, place.pressure, paper)
