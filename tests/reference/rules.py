"""What the reference shares with the model: rules that decide or work out one thing, as plain Python.

The lists below are where the line runs. A rule is shared if it takes numbers, or one record and numbers, and
answers one question. What walks through rows, queues, routes or pools is written again in this package, and so is
every loop of the model.
"""

from __future__ import annotations

from types import SimpleNamespace

import sim.chance
import sim.mechanisms.accounts
import sim.mechanisms.adjudication
import sim.mechanisms.beliefs
import sim.mechanisms.cases
import sim.mechanisms.casework
import sim.mechanisms.channels
import sim.mechanisms.conduct
import sim.mechanisms.delivery
import sim.mechanisms.departments
import sim.mechanisms.desks
import sim.mechanisms.endings
import sim.mechanisms.hard_cases
import sim.mechanisms.implementation
import sim.mechanisms.initiative
import sim.mechanisms.needs
import sim.mechanisms.newcomers
import sim.mechanisms.opinion
import sim.mechanisms.oversight
import sim.mechanisms.people
import sim.mechanisms.priorities
import sim.mechanisms.projects
import sim.mechanisms.quarrels
import sim.mechanisms.residents
import sim.mechanisms.service
import sim.mechanisms.tasks
import sim.mechanisms.time_use
import sim.mechanisms.users
from tests.sim.mechanisms.rules import plain


def shared(names: str, *modules) -> SimpleNamespace:
    """The named rules of a part of the model, in plain Python; a part may lie in several files."""
    home = {name: module for module in reversed(modules) for name in vars(module)}
    return SimpleNamespace(**{name: plain(getattr(home[name], name)) for name in names.split()})


chance = shared(
    "mix moment_key word unit uniform",
    sim.chance,
)
implementation = shared(
    "ordered carried faked_share faked_later energy_left own_accord run_share worn built_up own_hours remembered "
    "announced_share composed",
    sim.mechanisms.implementation,
)
tasks = shared(
    "near_deadline passed_down form_hours visits_expected watched village_paper township_paper_of prepared cover "
    "whole_number",
    sim.mechanisms.tasks,
)
needs = shared(
    "goes_online causes_back repeats_left petitioning case_rate screened",
    sim.mechanisms.needs,
)
time_use = shared(
    "fabricated_share paper_hours field_made inspected_try loss_of_a_failure blame_of_a_try dereliction_risk effort "
    "value_of_casework value_of_policy value_of_field value_of_initiative value_of_slack choose speed pace_of "
    "hours_short overtime_worked effort_beside",
    sim.mechanisms.time_use,
    sim.mechanisms.priorities,
)
service = shared(
    "passed_on choked redone closed_without_answer papers_missing seals_wanted hours_relative",
    sim.mechanisms.service,
)
desks = shared(
    "draw delay",
    sim.mechanisms.desks,
)
cases = shared(
    "seals_needed given_up shut_out coerces wait_bin step_hours outside_wait refused",
    sim.mechanisms.cases,
    sim.mechanisms.casework,
    sim.mechanisms.endings,
)
hard_cases = shared(
    "is_hard gain_of_deciding price_of_leaving value_of_deciding odds hours_of_leaders occasions_of_leaders "
    "queue_later days_upstairs",
    sim.mechanisms.hard_cases,
)
initiative = shared(
    "fails started grown",
    sim.mechanisms.initiative,
)
delivery = shared(
    "knowledge task_delivery closed_on_paper roadside_tilt project_misfit information_later seen_delivery "
    "hamlet_delivery payment_delay closures_expected call_for_support what_fits",
    sim.mechanisms.delivery,
)
conduct = shared(
    "weekly_flow stake_of net_gain conscience still_dared pull begins episode_part wrongly_included wrongly_excluded",
    sim.mechanisms.conduct,
    sim.mechanisms.channels,
    sim.mechanisms.delivery,
)
accounts = shared(
    "spent_a_year project_money",
    sim.mechanisms.accounts,
)
projects = shared(
    "mean_size project_size steered kickback direct_award slowed project_use",
    sim.mechanisms.projects,
)
oversight = shared(
    "examined_now hours_needed hours_there reached detection_hazard sanctioned noticed_failure seen_detection learned "
    "plan_weight believed memory_later filed shown",
    sim.mechanisms.oversight,
    sim.mechanisms.adjudication,
    sim.mechanisms.beliefs,
)
residents = shared(
    "feel trust_more resent government_quality better_off late_bill resented_bill mood_of settled with_service "
    "trust_target superior_target content satisfaction_later petitions_now wronged_share heat quarrel_points rounds_of "
    "response_time",
    sim.mechanisms.residents,
    sim.mechanisms.opinion,
    sim.mechanisms.quarrels,
)
users = shared(
    "manner_of expected_now case_quality judged told learn",
    sim.mechanisms.users,
)
people = shared(
    "approach past_promotion motivation_target skill_target held half_way members_active norm_target tiredness "
    "prospects_felt promoted_now merit leaves transferred standard_normal own_business",
    sim.mechanisms.people,
    sim.mechanisms.newcomers,
)
departments = shared(
    "checked_share report_of pressure_target push hours_of_paper asked_again forms_that_tell calls_that_tell "
    "news trouble_of cases_that_wait believed_later misjudgement",
    sim.mechanisms.departments,
)
