"""Departments respond: trouble that is reported comes back as forms and visits.

Incidents and bad *reported* indicators raise pressure, which relaxes slowly; pressed departments send
more forms and visits. What is reported is not what is: fabricated paper and faked measures look like
performance. When formal requests are cut, pressed departments ask again through informal channels that
no count shows, and hear less from below, so that answers from above come later.

Theory   responsive authoritarianism and fire-alarm oversight (McCubbins & Schwartz 1984), rebound of
         burdens (Zhou 2007), performance misreporting
Reads    levers burden, forms_per_village_year, hours_per_form, duplicate_form_share, meeting_hours,
         amplification, data_sharing, reporting_reach, third_party; place.ontime_recent, incidents_recent,
         faked; cadre.fabricated
Writes   place.reported, true_performance, reporting, pressure, form_push, visit_push, informal_hours
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.mechanisms.residents import bounded
from sim.mechanisms.tasks import form_hours, passed_down


@kernel
def reported_performance(true, fabricated, faked, third_party, shine):
    """What the county reads: the truth plus what ticked paper and faked measures add to it."""
    false_shine = shine * (fabricated + faked) * (1.0 - third_party)
    return true + (1.0 - true) * bounded(false_shine, 0.0, 1.0)


@kernel
def formal_paper(lever, yearly):
    """Hours a village-year that forms and meetings are worth at given levers."""
    forms = lever.forms_per_village_year * lever.hours_per_form * passed_down(lever.burden, lever.amplification, 2.0)
    return forms + yearly * lever.meeting_hours * passed_down(lever.burden, lever.amplification, 1.0)


@kernel
def paper_against_today(lever, base, yearly):
    """Formal paper relative to what the town has been asked for (1 = as before week 0).

    `yearly` turns meeting hours a cadre-week into hours a village-year.
    """
    return formal_paper(lever, yearly) / max(formal_paper(base, yearly), 1e-9)


@kernel
def heard_from_below(p, formal, third_party, reach):
    """Share of trouble that is reported upwards at all (0-1): through forms, outsiders and residents."""
    heard = p.reporting_paper * min(1.0, formal) + p.reporting_outsiders * third_party + p.reporting_reach * reach
    return bounded(heard + p.reporting_else, 0.0, 1.0)


@kernel
def pressure_target(p, reported, incidents_recent):
    """Where pressure drifts to (0-1): *reported* failings and incidents raise it."""
    failings = p.pressure_reports * (p.reported_usual - reported)
    disorder = p.pressure_incidents * (incidents_recent / p.incidents_scale - 1.0)
    return bounded(p.pressure_usual + failings + disorder, 0.0, 1.0)


@kernel
def push(p, strength, pressure):
    """Multiple of forms or visits that pressed departments send down."""
    return max(p.push_least, 1.0 + strength * (pressure - p.pressure_usual))


@kernel
def hours_of_paper(p, lever, repeat_form_time, seats):
    """Hours a cadre-week that forms and meetings take at given levers."""
    forms = form_hours(
        lever.forms_per_village_year,
        lever.hours_per_form,
        lever.duplicate_form_share,
        repeat_form_time,
        lever.data_sharing,
        p.forms_spared,
    )
    meetings = lever.meeting_hours * passed_down(lever.burden, lever.amplification, 1.0)
    return forms / seats * passed_down(lever.burden, lever.amplification, 2.0) + meetings


@kernel
def performance(p, ontime, delivered):
    """Performance as it is (0-1): casework on time, and policy delivered."""
    return p.service_weight * ontime + (1.0 - p.service_weight) * delivered


@kernel
def asked_again(p, taken_away, pressure):
    """Informal requests (hours a cadre-week): part of what relief took away, as far as departments are pressed.

    Asked on the phone, the same question takes longer: nobody merges it with another.
    """
    return p.rebound * p.informal_cost * pressure * max(0.0, taken_away)


@kernel
def respond(p, f, levers, base, place, villages, cadres):
    """Pressure after this week's reports and incidents, and what departments send down next week."""
    lever = levers[0]
    fabricated = 0.0
    for c in range(cadres.shape[0]):
        fabricated += cadres[c].fabricated / cadres.shape[0]
    delivered = 0.0
    for v in range(villages.shape[0]):
        delivered += villages[v].performance / villages.shape[0]
    place.true_performance = performance(p, place.ontime_recent, delivered)
    place.reported = reported_performance(place.true_performance, fabricated, place.faked, lever.third_party, p.shine)
    formal = paper_against_today(lever, base[0], 52.0 * f.village_cadres)
    place.reporting = heard_from_below(p, formal, lever.third_party, lever.reporting_reach)
    place.pressure += p.pressure_speed * (pressure_target(p, place.reported, place.incidents_recent) - place.pressure)
    place.form_push = push(p, p.push_forms, place.pressure)
    place.visit_push = push(p, p.push_visits, place.pressure)
    usual = hours_of_paper(p, base[0], f.repeat_form_time, f.village_cadres)
    taken_away = usual - hours_of_paper(p, lever, f.repeat_form_time, f.village_cadres)
    place.informal_hours = asked_again(p, taken_away, place.pressure)
