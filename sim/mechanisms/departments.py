"""Departments respond: trouble that is reported comes back as forms and visits.

Trouble that departments believe in, and incidents, raise pressure, which relaxes slowly; pressed departments send
more forms and visits. When formal requests are cut, they ask again through informal channels that no count shows.

Paperwork also informs departments. Of every village they hold a belief how much is wrong there, which follows reports
as fast as news arrives. News comes by forms that ask something new and are really filled in, by visits and calls, by
outsiders, residents and platforms. What nobody reports again is forgotten. Where belief and truth are far apart,
support and policy miss what is wrong, approvals come later and quarrels last longer.

Reports are distorted. Most towns conceal a part of what is wrong, some conceal nothing. Misappropriation by their own
cadres is left out. Where help can be had, places exaggerate (plead). What outsiders and machines check can be neither
concealed nor invented.

Theory   responsive authoritarianism and fire-alarm oversight (McCubbins & Schwartz 1984), attention that moves
         on (Jones & Baumgartner 2005), legibility (Scott 1998), rebound of burdens (Zhou 2007), hidden reports
         (Greenstone, He, Jia & Liu 2022), protection of clients (Pan & Chen 2018)
Reads    levers burden, forms_per_village_year, hours_per_form, duplicate_form_share, meeting_hours,
         amplification, data_sharing, reporting_reach, third_party, benefit_platform, asset_platform;
         township.incidents_recent, hides, support; cadre.fabricated, backlog, pace, rate; village.satisfied,
         misfit, visits
Facts    switches knowledge_use, hiding, pleading
Writes   village.trouble, wrongdoing, reported, believed_trouble, misjudged (0-1); township.knowledge (0-1 a week),
         pressure, form_push, visit_push, informal_hours
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.maths import bounded, exp
from sim.mechanisms.tasks import form_hours, passed_down
from sim.vocabulary import HOTLINE


@kernel
def forms_that_tell(lever):
    """Forms a village-week that ask something new: neither repeats nor what the levels add tell departments more."""
    return lever.burden * lever.forms_per_village_year / 52.0 * (1.0 - lever.duplicate_form_share)


@kernel
def calls_that_tell(p, before, formal, pressure):
    """Calls a village-week that inform as much as a form: part of the forms that relief removed (see asked_again)."""
    return p.rebound * pressure * max(0.0, before - formal)


@kernel
def news(p, forms, visits, voices, machines):
    """Part (0-1) of the way from belief to report that a week's news carries departments.

    forms, visits: a village-week; voices: outsiders who check and residents who report (0-2); machines: platforms and
    shared data (0-1). Channels are independent. Assumption.
    """
    heard = p.news_forms * forms + p.news_visits * visits + p.news_voices * voices + p.news_machines * machines
    return 1.0 - exp(-heard)


@kernel
def trouble_of(waiting, discontent, taking, misfit):
    """What is wrong in a village this week (0-1): mean of cases that wait, discontent, taking, projects that miss."""
    return (waiting + discontent + taking + misfit) / 4


@kernel
def cases_that_wait(days, usual):
    """Queue of the busiest village desk (working days) as a share (0-1): a half where the wait is a usual limit."""
    return days / (days + usual)


@kernel
def believed_later(p, believed, report, learned):
    """Belief (0-1) of a village's trouble a week later: it follows reports, and what is not reported is forgotten."""
    return bounded(believed + learned * (report - believed) - p.trouble_forgotten * believed, 0.0, 1.0)


@kernel
def misjudgement(trouble, believed):
    """How far off a belief is (0-1): the part of what is wrong, or is believed to be, that is not both."""
    return abs(trouble - believed) / max(max(trouble, believed), 1e-9)


@kernel
def checked_share(third_party, machines):
    """Part (0-1) of what is reported that outsiders or machines can check."""
    return 1.0 - (1.0 - third_party) * (1.0 - machines)


@kernel
def report_of(p, trouble, wrongdoing, hides, aid, checked):
    """What is said to be wrong in a village (0-1): a part is hidden, taking by one's own is left out, and places plead.

    wrongdoing: part of the trouble that is taking; hides: share hidden where nobody checks; aid (0-1): help that
    pleading can win. Hiding: Greenstone et al. 2022; omission: Pan & Chen 2018; pleading: assumption.
    """
    unchecked = 1.0 - checked
    told = (trouble - wrongdoing) * (1.0 - hides * unchecked) + wrongdoing * checked
    return bounded(told + p.plead * aid * unchecked, 0.0, 1.0)


@kernel
def pressure_target(p, believed, incidents_recent):
    """Where pressure drifts to (0-1): trouble that is believed, and incidents, raise it."""
    failings = p.pressure_reports * (believed - p.trouble_usual)
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
def asked_again(p, taken_away, pressure):
    """Informal requests (hours a cadre-week): part of the paper that relief removed, as far as departments are pressed.

    Asked on the phone, the same question takes longer: nobody merges it with another.
    """
    return p.rebound * p.informal_cost * pressure * max(0.0, taken_away)


@kernel
def respond(p, f, levers, base, township, villages):
    """Pressure after this week's news and incidents, and what departments send down next week."""
    lever = levers[0]
    believed = 0.0
    for v in range(villages.shape[0]):
        believed += villages[v].believed_trouble / villages.shape[0]
    township.pressure += p.pressure_speed * (
        pressure_target(p, believed, township.incidents_recent) - township.pressure
    )
    township.form_push = push(p, p.push_forms, township.pressure)
    township.visit_push = push(p, p.push_visits, township.pressure)
    usual = hours_of_paper(p, base[0], f.repeat_form_time, f.village_cadres)
    taken_away = usual - hours_of_paper(p, lever, f.repeat_form_time, f.village_cadres)
    township.informal_hours = asked_again(p, taken_away, township.pressure)


@kernel
def learn(p, f, kinds, levers, base, township, villages, cadres):
    """What is wrong in every village, what of it reaches the departments, and how far off they are."""
    lever = levers[0]
    formal = forms_that_tell(lever)
    calls = calls_that_tell(p, forms_that_tell(base[0]), formal, township.pressure)
    voices = lever.third_party + lever.reporting_reach
    machines = (lever.benefit_platform + lever.asset_platform + lever.data_sharing) / 3
    checked = checked_share(lever.third_party, machines)
    aid = f.knowledge_use * f.pleading * min(1.0, township.support)
    township.knowledge = 0.0
    for v in range(villages.shape[0]):
        village = villages[v]
        days = 0.0
        taking = 0.0
        ticked = 0.0
        for c in range(village.first_cadre, village.first_cadre + village.cadres):
            cadre = cadres[c]
            days = max(days, cadre.backlog / cadre.pace)
            for k in range(4):
                if cadre.rate[k] > 0.0:
                    taking += 1.0 / village.cadres
                    break
            ticked += cadre.fabricated / village.cadres
        waiting = cases_that_wait(days, kinds[HOTLINE].limit_days)
        found = trouble_of(waiting, 1.0 - village.satisfied / village.residents, taking, village.misfit)
        village.trouble += p.ontime_memory * (found - village.trouble)
        village.wrongdoing += p.ontime_memory * (trouble_of(0.0, 0.0, taking, 0.0) - village.wrongdoing)
        left_out = f.hiding * village.wrongdoing
        village.reported = report_of(p, village.trouble, left_out, f.hiding * township.hides, aid, checked)
        learned = news(p, formal * (1.0 - ticked) + calls, village.visits, voices, machines)
        township.knowledge += learned / villages.shape[0]
        village.believed_trouble = believed_later(p, village.believed_trouble, village.reported, learned)
        village.misjudged = f.knowledge_use * misjudgement(village.trouble, village.believed_trouble)
