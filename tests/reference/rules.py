"""What the reference shares with the model: rules that decide or work out one thing, as plain Python.

The lists below are where the line runs. A rule is shared if it takes numbers, or one record and numbers, and
answers one question. What walks through rows, queues, routes or pools is written again in this package, and so is
every loop of the model.
"""

from __future__ import annotations

from types import SimpleNamespace

import sim.chance
import sim.mechanisms.accounts
import sim.mechanisms.cases
import sim.mechanisms.conduct
import sim.mechanisms.delivery
import sim.mechanisms.departments
import sim.mechanisms.desks
import sim.mechanisms.hard_cases
import sim.mechanisms.implementation
import sim.mechanisms.initiative
import sim.mechanisms.needs
import sim.mechanisms.oversight
import sim.mechanisms.people
import sim.mechanisms.projects
import sim.mechanisms.residents
import sim.mechanisms.service
import sim.mechanisms.tasks
import sim.mechanisms.time_use
import sim.mechanisms.users
from tests.sim.mechanisms.rules import plain


def shared(module, names: str) -> SimpleNamespace:
    """The named rules of a part of the model, in plain Python."""
    return SimpleNamespace(**{name: plain(getattr(module, name)) for name in names.split()})


chance = shared(sim.chance, "mix moment_key word unit uniform")
implementation = shared(
    sim.mechanisms.implementation,
    "ordered carried faked_share faked_later energy_left own_accord run_share worn built_up own_hours remembered "
    "announced_share composed",
)
tasks = shared(
    sim.mechanisms.tasks,
    "near_deadline passed_down form_hours visits_expected watched village_paper township_paper_of prepared cover "
    "whole_number",
)
needs = shared(sim.mechanisms.needs, "goes_online causes_back repeats_left petitioning case_rate screened")
time_use = shared(
    sim.mechanisms.time_use,
    "fabricated_share paper_hours field_made inspected_try loss_of_a_failure blame_of_a_try dereliction_risk effort "
    "value_of_casework value_of_policy value_of_field value_of_initiative value_of_slack choose speed pace_of "
    "hours_short overtime_worked effort_beside",
)
service = shared(
    sim.mechanisms.service,
    "passed_on choked redone closed_without_answer papers_missing seals_wanted hours_relative",
)
desks = shared(sim.mechanisms.desks, "draw delay")
cases = shared(sim.mechanisms.cases, "seals_needed given_up shut_out coerces wait_bin step_hours outside_wait refused")
hard_cases = shared(
    sim.mechanisms.hard_cases,
    "is_hard gain_of_deciding price_of_leaving value_of_deciding odds hours_of_leaders occasions_of_leaders "
    "queue_later days_upstairs",
)
initiative = shared(sim.mechanisms.initiative, "fails started grown")
delivery = shared(
    sim.mechanisms.delivery,
    "knowledge task_delivery closed_on_paper roadside_tilt project_misfit information_later seen_delivery "
    "hamlet_delivery payment_delay closures_expected call_for_support what_fits",
)
conduct = shared(
    sim.mechanisms.conduct,
    "weekly_flow stake_of net_gain conscience still_dared pull begins episode_part wrongly_included wrongly_excluded",
)
accounts = shared(sim.mechanisms.accounts, "spent_a_year project_money")
projects = shared(
    sim.mechanisms.projects,
    "mean_size project_size steered kickback direct_award slowed project_use",
)
oversight = shared(
    sim.mechanisms.oversight,
    "examined_now hours_needed hours_there reached detection_hazard sanctioned noticed_failure seen_detection learned "
    "plan_weight believed memory_later filed shown",
)
residents = shared(
    sim.mechanisms.residents,
    "feel trust_more resent government_quality better_off late_bill resented_bill mood_of settled with_service "
    "trust_target superior_target content satisfaction_later petitions_now wronged_share heat quarrel_points rounds_of "
    "response_time",
)
users = shared(sim.mechanisms.users, "manner_of expected_now case_quality judged told learn")
people = shared(
    sim.mechanisms.people,
    "approach past_promotion motivation_target skill_target held half_way members_active norm_target tiredness "
    "prospects_felt promoted_now merit leaves transferred standard_normal own_business",
)
departments = shared(
    sim.mechanisms.departments,
    "checked_share report_of pressure_target push hours_of_paper asked_again forms_that_tell calls_that_tell "
    "news trouble_of cases_that_wait believed_later misjudgement",
)
