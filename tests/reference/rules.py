"""What the reference shares with the model: rules that decide or work out one thing, as plain Python.

The lists below are where the line runs. A rule is shared if it takes numbers, or one record and numbers, and
answers one question. What walks through rows, queues, routes or pools is written again in this package, and so is
every loop of the model.
"""

from __future__ import annotations

from types import SimpleNamespace

import sim.chance
import sim.mechanisms.cases
import sim.mechanisms.conduct
import sim.mechanisms.delivery
import sim.mechanisms.departments
import sim.mechanisms.desks
import sim.mechanisms.implementation
import sim.mechanisms.initiative
import sim.mechanisms.needs
import sim.mechanisms.oversight
import sim.mechanisms.people
import sim.mechanisms.residents
import sim.mechanisms.service
import sim.mechanisms.tasks
import sim.mechanisms.time_use
from tests.sim.mechanisms.rules import plain


def shared(module, names: str) -> SimpleNamespace:
    """The named rules of a part of the model, in plain Python."""
    return SimpleNamespace(**{name: plain(getattr(module, name)) for name in names.split()})


chance = shared(sim.chance, "mix moment_key word unit uniform")
implementation = shared(
    sim.mechanisms.implementation,
    "ordered carried faked_share built_up kept_of own_hours announced_share composed",
)
tasks = shared(
    sim.mechanisms.tasks,
    "near_deadline passed_down form_hours visits_expected village_paper township_paper_of whole_number",
)
needs = shared(sim.mechanisms.needs, "goes_online causes_back repeats_left petitioning case_rate screened")
time_use = shared(
    sim.mechanisms.time_use,
    "fabricated_share paper_hours field_made inspected_try loss_of_a_failure blame_of_a_try dereliction_risk effort "
    "value_of_casework value_of_policy value_of_field value_of_initiative value_of_slack choose pace_of",
)
service = shared(sim.mechanisms.service, "passed_on redone papers_missing seals_wanted hours_relative")
desks = shared(sim.mechanisms.desks, "draw delay")
cases = shared(sim.mechanisms.cases, "seals_needed given_up shut_out coerces wait_bin step_hours outside_wait")
initiative = shared(sim.mechanisms.initiative, "fails started grown")
delivery = shared(
    sim.mechanisms.delivery,
    "knowledge task_delivery closed_on_paper roadside_tilt project_misfit information_later seen_delivery "
    "hamlet_delivery payment_delay closures_expected",
)
conduct = shared(
    sim.mechanisms.conduct,
    "weekly_flow stake_of net_gain conscience still_dared pull begins episode_part wrongly_included wrongly_excluded "
    "project_size steered kickback shuns_tender kept_under is_split is_rigged project_use",
)
oversight = shared(
    sim.mechanisms.oversight,
    "examined_now detection_hazard sanctioned reproached noticed_failure seen_detection learned believed filed "
    "redress_of",
)
residents = shared(
    sim.mechanisms.residents,
    "feel resent experience government_quality mood_of heard_by_leaders settled trust_target superior_target "
    "content satisfaction_later petitions_now wronged_share heat quarrel_points rounds_of response_time",
)
people = shared(
    sim.mechanisms.people,
    "approach motivation_target skill_target held half_way members_active norm_target tiredness prospects_felt "
    "merit leaves standard_normal",
)
departments = shared(
    sim.mechanisms.departments,
    "reported_performance paper_against_today heard_from_below pressure_target push performance "
    "hours_of_paper asked_again",
)
