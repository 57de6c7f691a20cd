"""English words of figures and reports: all but those of a ranking, which stand in en_ranking.py."""
# ruff: noqa: E501 (prose: a sentence stays on its line)

from __future__ import annotations

WORDS: dict[str, str] = {
    # --- numbers and joints
    "comma": ", ",
    "semicolon": "; ",
    "and": " and ",
    "range": "{low} to {high}",
    "rank_range": "{low}–{high}",
    "percent_level": "{level}%",
    "none": "none",
    "yes": "yes",
    "no": "no",
    "sentence_space": " ",
    # --- figures: paths
    "fig_paths_title": "Paths of the outcomes",
    "fig_week": "Week",
    "fig_year_before": "year before",
    "fig_year": "year {n}",
    "fig_start": "start",
    "fig_evaluation": "evaluation year",
    "fig_smooth": "centred {weeks}-week means, cut at week 0",
    "fig_weekly": "weekly values",
    "fig_band_interval_of_mean": "Line: mean of {n} replicates; band: {level} interval of the mean",
    "fig_band_quantiles": "Line: median of {n} replicates; band: central {level} of replicates",
    "fig_band_none": "A single replicate: no band",
    # --- figures: hours
    "fig_hours_title": "Where the week's hours go",
    "fig_hours_axis": "Share of cadre hours, %",
    "fig_hours_before": "Year before",
    "fig_hours_before_of": "Year before, {setting}",
    "fig_hours_year1": "{setting},\nyear 1",
    "fig_hours_evaluation": "{setting},\nyear {n}",
    # --- figures: effect strip
    "fig_effect_title": "Effect of the package: {other} against {base}",
    "fig_effect_title_several": "Effect of each package against {base}",
    "fig_effect_year1": "year 1",
    "fig_effect_evaluation": "evaluation year",
    "fig_effect_row": "{other},\n{period}",
    "fig_effect_axis": "Change in {unit}",
    "verdict_improves": "improves",
    "verdict_worsens": "worsens",
    "verdict_unclear": "cannot be told apart from no effect",
    "verdict_changes": "changes",
    "verdict_unknown": "one pair of runs, no interval",
    # --- page: head
    "page_title_compare": "{town}: what the package changes",
    "page_title_rank": "{town}: which measures make the difference",
    "page_title_run": "{town}: one setting, year by year",
    "page_kicker": "Grassroots governance, simulated",
    "page_town_fallback": "A township",
    "page_conditional": "All figures are statements about a model under stated assumptions. They compare policies; they do "
    "not forecast any real place.",
    # --- page: findings
    "find_heading": "What the model finds",
    "find_lead": "In the model of the town “{town}”, compared with “{base}” and under the same shocks, {when} “{other}” {clauses}.",
    "find_lead_next": "{When} “{other}” {clauses}.",
    "find_by_year": "by year {n}",
    "find_clause_improves_up": "raises {outcome} from {a} to {b} (an improvement of {size}, {level} interval {low} to "
    "{high})",
    "find_clause_improves_down": "lowers {outcome} from {a} to {b} (an improvement of {size}, {level} interval {low} to "
    "{high})",
    "find_clause_worsens_up": "raises {outcome} from {a} to {b} (this worsens it by {size}, {level} interval {low} to "
    "{high})",
    "find_clause_worsens_down": "lowers {outcome} from {a} to {b} (this worsens it by {size}, {level} interval {low} "
    "to {high})",
    "find_clause_changes_up": "raises {outcome} from {a} to {b} (by {size}, {level} interval {low} to {high})",
    "find_clause_changes_down": "lowers {outcome} from {a} to {b} (by {size}, {level} interval {low} to {high})",
    "find_clause_unclear": "has an effect on {outcome} that cannot be told apart from no effect ({size}, {level} "
    "interval {low} to {high})",
    "find_clause_unknown": "takes {outcome} from {a} to {b} ({size} in one pair of runs, so nothing can be said about "
    "its certainty)",
    "find_top_single": "{outcome}: the greatest improvement comes from {measure} ({size}, {level} interval {range}{share}).",
    "find_top_several": "{outcome}: the greatest improvement is estimated for {measure} ({size}, {level} interval "
    "{range}{share}), but the first place could also belong to {others}; these runs cannot tell.",
    "find_top_unclear": "{outcome}: no measure improves it by an amount that these runs can tell from nothing.",
    "find_top_more": "{names} and {count} more",
    "find_share": ", {share} of the whole package's effect",
    "find_against": "It is worsened by {names}.",
    "find_run": "In the model of the town “{town}” under “{setting}”, {clauses}.",
    "find_run_clause": "{outcome} is {b}{interval} in year {n}, after {a} in the year before",
    "find_run_interval": " ({level} interval {low} to {high})",
    "find_run_note": "One setting alone shows what happens, not why: to credit a policy with a change, compare two settings.",
    "find_replicates": "Means of {n} replicates (towns and shocks drawn anew, the same for all settings).",
    "find_replicates_behaviour": "Means of {n} replicates, the same for all settings: towns and shocks drawn anew, and behaviour by {draws} draws of the behavioural set “{set}” in turn.",
    "find_one_replicate": "From a single replicate: one town, one course of chance.",
    "find_nothing": "This page shows the paths of the outcomes; no evaluation figures were given.",
    # --- page: sections and captions
    "sec_paths": "Year by year",
    "cap_paths": "The outcomes from the year before week 0 to the end.",
    "cap_history": "Before week 0 all settings share one history.",
    "alt_paths": "Line chart of {outcomes} by week for {settings}.",
    "sec_effect": "Effect of the package",
    "sec_effect_several": "Effect of the packages",
    "cap_effect": "Difference from “{base}” in the same town under the same shocks, in year 1 and in the "
    "evaluation year; bars are {level} intervals over {n} paired replicates.",
    "alt_effect": "Interval chart of the package effect on {outcomes}.",
    "tab_effect": "{other} against {base}, by outcome and year",
    "col_outcome": "Outcome",
    "col_period": "Period",
    "col_difference": "Difference",
    "outcome_in": "{outcome} ({unit})",
    "col_interval": "{level} interval",
    "col_verdict": "Reading",
    "col_ratio": "Gain from common shocks",
    "note_ratio": "Gain from common shocks: the factor by which the replicates would have to be multiplied for the same precision if each setting had shocks of its own.",
    "period_baseline": "Year before",
    "period_year1": "Year 1",
    "period_evaluation": "Year {n} (evaluation)",
    "sec_ranking": "Which measures make the difference",
    "cap_ranking": "Contribution of each measure to the change in the evaluation year. Shapley values: the measure's "
    "contribution averaged over the orders in which the package could be introduced, so that all contributions add up to the "
    "effect of the package. Rank 1 is the greatest improvement. In a bracket the first measure cannot be told "
    "apart from those that follow.",
    "cap_ranking_leave_one_out": "What would be lost if one measure were left out of the whole package, in the evaluation "
    "year. Rank 1 is the greatest improvement. In a bracket the first measure cannot be told apart from "
    "those that follow.",
    "cap_ranking_add_one_in": "What each measure does on its own, in the evaluation year. Rank 1 is the greatest improvement. "
    "In a bracket the first measure cannot be told apart from those that follow.",
    "alt_ranking": "Ranking of {count} measures by contribution to {outcomes}, with intervals and rank sets.",
    "tab_ranking": "Contributions to {outcome} ({unit})",
    "col_tier": "Tier",
    "col_rank": "Rank",
    "col_ranks": "Could be",
    "col_among_first": "In first {count}",
    "col_measure": "Measure",
    "note_ranking": "Brackets hold {level} intervals, each on its own. “Could be” is the {level} rank set, valid for all "
    "measures together; the first of a tier cannot be told apart from the rest of it. The columns answer different questions (on average over all orders; "
    "as the last measure in; as the only one) and are never averaged.",
    "note_among_first": "How likely a measure is to be among the first few speaks of each measure by itself, and of chance and the draws alone, like its interval.",
    "note_sum": "The Shapley values add up to the effect of the whole package in these {runs} runs: {sums}.",
    "note_sum_item": "{outcome} {sum}",
    # --- page: the week, the outcomes in numbers
    "sec_hours": "The working week",
    "cap_hours": "Shares of cadre hours, averaged over the weeks of each year and over replicates. Compliance holds forms, "
    "meetings, visits received, study, record-keeping and the measures' own work.",
    "alt_hours": "Stacked columns of the shares of cadre hours before and after.",
    "tab_hours": "Shares of cadre hours",
    "col_activity": "Activity",
    "sec_levels": "The outcomes in numbers",
    "tab_levels": "Outcomes by setting and year",
    "col_setting": "Setting",
    # --- page: settings
    "sec_settings": "What was run",
    "settings_command": "The line that makes this page again:",
    "settings_fingerprint": "Fingerprint",
    "settings_town": "Town",
    "settings_size": "Size",
    "settings_size_text": "{residents} residents, {villages} villages and communities, {units} township units",
    "settings_size_text_one": "{residents} residents, {villages} villages and communities, one township unit",
    "settings_levers": "Levers changed from week 0 on",
    "settings_measures": "Measures",
    "settings_intensity": "{measure} at {intensity}",
    "settings_all_at": "all {count} at intensity {intensity}: {names}",
    "settings_lever": "{lever} = {value}",
    "settings_pair": "{name}: {value}",
    "settings_from_week": "from week {start}",
    "settings_until_week": "until week {end}",
    "settings_weeks": "Weeks after the start",
    "settings_seed": "Seed",
    "settings_behaviour": "Behavioural parameters",
    "settings_behaviour_each": "the first {count} draws of the behavioural set “{set}”, one for each replicate",
    "settings_theory": "Theories",
    "settings_knock_out": "Mechanisms frozen",
    "settings_coupling": "Villages affect each other",
    "settings_potency": "Strength of the measures",
    "settings_potency_mode": "most likely value of each measure, at its most likely cost",
    "settings_potency_weak": "low end of each measure, at its most likely cost",
    "settings_potency_strong": "high end of each measure, at its most likely cost",
    "settings_potency_draw": "drawn for each run, and so are costs",
    "settings_potency_number": "draw number {number}, the same for all runs, of strengths and costs",
    "settings_notes": "Filled in from documented defaults",
    "tab_settings": "Settings",
    "theory_conduct": "conduct",
    "theory_effort": "effort",
    "theory_belief": "belief",
    "theory_deterrence": "deterrence",
    "theory_peer_norm": "peer norm",
    "theory_optimisation": "optimisation",
    "theory_habit": "habit",
    "theory_bayesian": "Bayesian count",
    "theory_availability": "availability",
    "theory_upkeep": "own hours of measures",
    "theory_run": "by what is run",
    "theory_ordered": "by what is ordered",
    "theory_squeeze": "cuts when hours are short",
    "theory_in_order": "rest and idle hours first",
    "theory_proportional": "in proportion",
    "theory_plan": "announced examinations",
    "theory_heeded": "believed in part",
    "theory_unheeded": "not believed",
    "theory_peer_effort": "effort beside colleagues",
    "theory_own": "one's own",
    "theory_peers": "drifts to theirs",
    # --- page: limits
    "sec_limits": "How far this can be trusted",
    "limit_conditional": "Every number is conditional on the model: on how it says that cadres, departments and residents "
    "respond, and on the ranges of its parameters. It compares policies in one artificial town; it does not forecast.",
    "limit_known": "This is the sixth model, and it has not been calibrated or validated yet: the behavioural set was made with "
    "the fifth (parameters that are new take their own draws), and rankings, checks and validation in the documents "
    "still tell of the fifth.",
    "limit_assumptions": "The strength, the costs and the fading of each measure are assumptions, as are many "
    "behavioural parameters; each carries its source or the word assumption in the configuration files.",
    "limit_intervals": "The intervals cover chance (towns and shocks drawn anew), not the uncertainty about the model and its "
    "parameters, which is larger.",
    "limit_intervals_behaviour": "The intervals cover chance and the behavioural parameters: each run has its own draw of the "
    "behavioural set. They do not cover the form of the model, nor the strength of the measures.",
    "limit_interactions": "Measures help and hinder one another. A contribution belongs to this package at these intensities; "
    "in another package it differs.",
    "limit_places": "No real village, township, county or person is described or scored. Facts such as population are real; "
    "all behaviour is synthetic, and units are called A, B, C.",
    "limit_outside": "Not in the model: the wider economy, elections of people's congresses, courts, the media beyond one "
    "publicity measure, politics above the county, migration other than cadres and party members leaving, and anything that "
    "takes longer than the years shown.",
    "limit_corruption": "Micro-corruption here is value diverted, which the model knows and no statistic does. It is not the "
    "number of recorded cases and must not be compared with it.",
    # --- page: provenance
    "sec_provenance": "Where these numbers come from",
    "tab_provenance": "Provenance",
    "col_item": "Item",
    "col_value": "Value",
    "provenance_more": "… (in full in provenance.json)",
    "sec_summary": "All summary figures",
    "tab_summary": "Summary figures",
    "col_figure": "Figure",
    "figure_number": "Figure {n}",
    # --- activities of the week
    "activity_compliance_share": "Compliance",
    "activity_casework_share": "Casework",
    "activity_policy_share": "Policy tasks",
    "activity_field_share": "Field visits",
    "activity_initiative_share": "Initiative",
    "activity_slack_share": "Slack",
}
