"""Tasks: the paper (paperwork: forms, reports, records), meetings and visits that departments ask for.

Each level passes down what it receives and adds to it: the county to the township, the township to its villages.
Inspection visits go to places that are seen from the road, and bunch before deadlines. Forms ask again for what was
given before. Every examination of books and every measure has paper of its own. Villages that expect examiners get
their papers ready. Cadres who expect them and little tolerance keep more records of their work (traces) than the norm
requires. What departments no longer ask for officially, they partly ask for in calls and chat groups.

Theory   tournament and layered amplification (Zhou 2007), administrative burden (Herd & Moynihan 2018)
Reads    levers burden, forms_per_village_year, hours_per_form, duplicate_form_share, township_paper_hours,
         meeting_hours, visits_per_village_year, hours_per_visit, roadside_bias, trace_burden, amplification,
         study_sessions, data_sharing; village.examined; township.form_push, visit_push, informal_hours
Writes   village.visits (this week), visits_usual (a week); cadre.demanded (hours a week a post)
"""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.chance import uniform
from sim.compiled import kernel
from sim.maths import exp, power


@kernel
def near_deadline(now, every, length):
    """1 in the weeks before a reporting deadline, else 0."""
    return 1.0 if now % every >= every - length else 0.0


@kernel
def passed_down(burden, amplification, levels):
    """Multiple of today's paper that arrives when each of the levels above adds to what it passes down."""
    return burden * power(amplification, levels)


@kernel
def form_hours(forms_year, hours_per_form, duplicate, repeat_time, shared, spared):
    """Hours a village-week for forms; a repeat takes less time, shared data fill some in."""
    return forms_year / 52.0 * hours_per_form * (1.0 - duplicate * (1.0 - repeat_time)) * (1.0 - shared * spared)


@kernel
def visits_expected(visits_year, roadside_bias, visibility, mean_visibility, deadline, bunching, share_of_year):
    """Visits a village expects this week; places seen from the road get more, deadline weeks too."""
    seen = 1.0 - roadside_bias + roadside_bias * visibility / max(mean_visibility, 0.05)
    season = (1.0 + bunching * deadline) / (1.0 + bunching * share_of_year)
    return visits_year / 52.0 * seen * season


@kernel
def watched(p, visits):
    """Part of policy tasks that inspectors who come `visits` times a week may see (0-1). Assumption."""
    return 1.0 - exp(-p.watching * visits)


@kernel
def village_paper(forms, received, examined, weight, common, traces, own):
    """Hours of paper demanded of a village cadre in a week.

    forms, visits received and examinations: hours a cadre of the village, by the role's weight. The rest are meetings
    and study (common to all), traces of the cadre's own cases, and the measures' own work.
    """
    return (forms + received + examined) * weight + common + traces + own


@kernel
def township_paper_of(paper, weight, common, traces, own):
    """Hours of paper demanded of a township post in a week: the county's by the cluster's weight, and the rest."""
    return paper * weight + common + traces + own


@kernel
def prepared(p, f, believed, cadres):
    """Hours a cadre-week spent on getting papers ready for examiners, as far as they are expected. Assumption."""
    return f.preparation * p.preparation_hours * believed / 52.0 / cadres


@kernel
def cover(p, f, believed, tolerated):
    """Multiple of the norm of record-keeping: more where examiners are expected and error is not tolerated."""
    return 1.0 + f.traces_of_fear * p.trace_fear * believed * (1.0 - tolerated)


@kernel
def whole_number(expected, u):
    """A whole number with the given mean: the fraction is settled by chance."""
    return np.floor(expected + u)


@kernel
def forms_of_a_village(p, f, lever, push):
    """Hours of forms a week that are demanded of a village; `push`: how much more is passed down and pressed for."""
    return push * form_hours(
        lever.forms_per_village_year,
        lever.hours_per_form,
        lever.duplicate_form_share,
        f.repeat_form_time,
        lever.data_sharing,
        p.forms_spared,
    )


@kernel
def set_tasks(now, p, f, levers, keys, township, villages, cadres):
    """Demand paper of every cadre, and visit the villages."""
    lever = levers[0]
    deadline = near_deadline(now, f.deadline_every, f.deadline_length)
    share_of_year = f.deadline_length / f.deadline_every
    to_township = passed_down(lever.burden, lever.amplification, 1.0)
    to_village = passed_down(lever.burden, lever.amplification, 2.0)
    forms = forms_of_a_village(p, f, lever, to_village * township.form_push)
    meetings = lever.meeting_hours * to_township
    study = lever.study_sessions * f.study_session_hours / 52.0
    common = meetings + study + township.informal_hours
    mean_visibility = 0.0
    for v in range(villages.shape[0]):
        mean_visibility += villages[v].visibility / villages.shape[0]
    for v in range(villages.shape[0]):
        village = villages[v]
        expected = visits_expected(
            lever.visits_per_village_year * to_township * township.visit_push,
            lever.roadside_bias,
            village.visibility,
            mean_visibility,
            deadline,
            p.visit_bunching,
            share_of_year,
        )
        village.visits_usual = expected
        village.visits = whole_number(expected, uniform(keys, chance.VISITS_RECEIVED, village.uid, now))
        received = village.visits * lever.hours_per_visit / village.cadres
        examined = f.examination_hours * village.examined / village.cadres
        for c in range(village.first_cadre, village.first_cadre + village.cadres):
            cadre = cadres[c]
            kept = cover(p, f, cadre.believed_examined, cadre.believed_tolerance)
            cadre.demanded = village_paper(
                forms / f.village_cadres,
                received,
                examined + prepared(p, f, cadre.believed_examined, village.cadres),
                cadre.paper_weight,
                common,
                cadre.traces * lever.trace_burden * kept,
                township.own_village_hours,
            )
    township_paper = lever.township_paper_hours * to_township * township.form_push
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        if cadre.village < 0:
            kept = cover(p, f, cadre.believed_examined, cadre.believed_tolerance)
            cadre.demanded = township_paper_of(
                township_paper,
                cadre.paper_weight,
                common,
                cadre.traces * lever.trace_burden * kept / cadre.posts,
                township.own_township_hours,
            )
