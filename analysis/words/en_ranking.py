"""English words of a ranking: its figures, its sections of the page, and what can be asked of it."""
# ruff: noqa: E501 (prose: a sentence stays on its line)

from __future__ import annotations

WORDS: dict[str, str] = {
    # --- figures: ranking
    "fig_ranking_title_shapley": "Contribution of each measure (Shapley value)",
    "fig_ranking_title_leave_one_out": "Loss if one measure is left out of the package",
    "fig_ranking_title_add_one_in": "Effect of one measure alone",
    "fig_ranking_title_morris": "Mean effect of each measure in random company (Morris)",
    "fig_ranking_change": "Change in {unit}",
    "fig_ranking_better_higher": "better →",
    "fig_ranking_better_lower": "← better",
    "fig_ranking_note": "Bars: {level} intervals, each on its own. Right: the ranks a measure could take, {level} for all "
    "together.\nBracket: in these {runs} runs its first measure cannot be told apart from the others in it.",
    "fig_ranking_key": "● improves   ◆ worsens   ○ cannot be told apart from no effect",
    "fig_ranking_ranks": "rank",
    # --- figures: sizes without a sign
    "fig_sizes_title_sobol": "Which measures the outcome depends on (Sobol indices)",
    "fig_sizes_title_morris": "How much each measure moves the outcome, whichever way (Morris)",
    "fig_sizes_axis": "Share of the spread, %",
    "fig_sizes_change": "Mean size of the change, {unit}",
    "fig_sizes_key_sobol": "●  total: by itself and together with others      ○  first: by itself",
    "fig_sizes_key_morris": "●  mean size of the change",
    "fig_sizes_note": "Bars: {level} intervals, each on its own. {runs} runs.",
    # --- figures: interactions
    "fig_interactions_title": "What pairs of measures do together: {outcome}",
    "fig_interactions_key": "■  together better than the sum      ◆  together worse than the sum      ·  cannot be told from "
    "nothing",
    "fig_interactions_note": "Area: size of the joint surplus (pairwise Shapley interaction), the largest {largest}.\n"
    "Shown where the {level} interval, valid for all pairs together, leaves out zero. {runs} runs.",
    "fig_interactions_none": "In these runs no pair can be told from having no joint surplus.",
    "interaction_needs": "{one} helps only beside {other}, as far as these runs can tell",
    "interaction_needs_both": "{one} and {other} help only together, as far as these runs can tell",
    "interaction_helps": "{one} and {other} strengthen each other",
    "interaction_overlaps": "{one} and {other} do part of the same work",
    "interaction_hinders": "{one} does harm beside {other}",
    # --- the user's composite, interactions, start weeks, wanted precision
    "outcome_composite": "Weighted composite",
    "composite_note": "The weighted composite weighs the outcomes as whoever asked for it judged: {weights}. Each outcome counts "
    "in its own scale, one standard deviation over the runs of the ranking ({scales}), turned so that higher is better. Other "
    "weights give another order.",
    "composite_item": "{outcome} {value}",
    "sec_interactions": "What works only together, and what gets in the way",
    "cap_interactions": "{outcome}: what two measures do together beyond what each does by itself, averaged over companies "
    "of the other measures.",
    "alt_interactions": "Heat map of {count} pairs of measures for {outcome}.",
    "interaction_point": "{outcome}: {said}.",
    "interaction_point_none": "{outcome}: in {n} replicates no pair can be told from having no joint effect.",
    "tab_interactions": "Pairs that can be told from nothing: {outcome}, in {unit}",
    "col_pair": "Pair",
    "col_joint": "Joint surplus",
    "col_without": "First alone, then beside the second",
    "col_beside": "Second alone, then beside the first",
    "interaction_pair": "{one} and {other}",
    "interaction_both": "{without}, then {beside}",
    "note_interactions": "Joint surplus: what both bring beyond the sum of what each brings without the other. Intervals hold "
    "for all {count} pairs of an outcome together ({n} replicates, {runs} runs); the other pairs cannot be told from nothing here, "
    "which does not mean that they have no joint effect. All pairs stand in tables/interactions.csv.",
    "fig_timing_title": "What a late start costs, and the order of starts",
    "fig_timing_note": "Above: one measure starts late by {weeks} weeks (open: shorter, filled: longest), the others on time. Below: "
    "all start one after another, {apart} weeks apart.\nBoth against all at their own start week, {period}; grey cannot be told apart "
    "from no effect. Bars: {level} intervals, valid for all marks of one delay together, {n} replicates.",
    "sec_timing": "When to start, and in which order",
    "cap_timing": "Difference from the whole package with every measure at its own start week, in seeds that had no part in the "
    "ranking: above with one measure late, below with all measures one after another.",
    "alt_timing": "Interval chart of late starts and orders of starts for {outcomes}.",
    "timing_best_first": "best first",
    "timing_best_last": "best last",
    "timing_cheapest_first": "cheapest hours first",
    "timing_first_or_last": "best first less best last",
    "timing_period_year1": "in the first year",
    "timing_period_evaluation": "in the last year",
    "timing_period_mean": "in the mean of the first and the last year",
    "timing_point_costs": "{outcome}: {weeks} weeks late, {period}, costs most for {measure} ({size}, {level} interval {range}){more}.",
    "timing_point_more": "; it also costs something for {names}",
    "timing_point_gains": "; it is a gain for {names}",
    "timing_point_only_gains": "{outcome}: {weeks} weeks late, {period}, is a gain for {names}; no late start costs anything that can "
    "be told apart from no effect.",
    "timing_point_unclear": "{outcome}: {weeks} weeks late, {period}, no measure's late start can be told apart from no effect.",
    "timing_point_order": "{outcome}: all one after another, {weeks} weeks apart, against all at once, {period}: {said}.",
    "timing_order_item": "{order} {size} ({verdict})",
    "tab_timing": "Late starts and orders: {outcome}, in {unit}",
    "col_start": "What starts late",
    "col_weeks": "Weeks",
    "col_mean_years": "Mean of both",
    "note_timing": "Shown are late starts of which one year at least can be told apart from no effect, and all orders; weeks are those "
    "late, or between two starts. Brackets hold {level} intervals, valid for all measures under one delay together. Everything "
    "stands in tables/timing.csv.",
    "precision_reached": "The wanted precision of the ranking for {outcome} ({wishes}) was reached with {n} replicates, after "
    "{batches} batches: {found}.",
    "precision_missed": "The wanted precision of the ranking for {outcome} ({wishes}) was not reached with {n} replicates, the "
    "most that were allowed: {found}.",
    "precision_untold": "The wanted precision of the ranking cannot be told, because {outcome} could not be ranked.",
    "precision_half_width": "half width {value}",
    "precision_rank_width": "{value} places to a measure",
    "precision_top": "the first {value} certain",
    # --- figures: sources of spread
    "fig_spread_title": "Where the spread comes from, and whether the order holds",
    "fig_spread_share": "Share of the spread, %",
    "fig_spread_tau": "Agreement of rankings (Kendall's tau)",
    "fig_spread_note": "Bars: {level} intervals. Tau is 1 where two rankings agree, 0 where "
    "they are unrelated, −1 where one is the other reversed.",
    "fig_spread_key": "Below:  ●  mean over pairs of levels      ○  the two levels furthest apart",
    "source_seed": "Chance",
    "source_behaviour": "Behaviour of people",
    "source_potency": "Potency of measures",
    "source_intensity": "Intensity of policy",
    "source_town": "Town",
    "source_theory": "Theory",
    "source_together": "Their interplay",
    "source_none": "Interplay alone",
    "source_package": "Whole package",
    "fig_spread_measures": "Where the spread of each measure's effect comes from",
    "fig_spread_deviation": "± sd",
    # --- figures: other circumstances
    "fig_places_title": "Where each measure stands in other circumstances",
    "fig_places_up": "surely higher than in the study",
    "fig_places_down": "surely lower than in the study",
    "fig_statements_title": "Which orders of two tiers hold in other circumstances",
    "fig_statements_key": "●  holds      ◆  reversed      ○  cannot be told",
    "fig_statements_note": "By {level} intervals, valid for all circumstances of an order together.",
    "order_item": "{upper} above {lower}",
    "circumstance_study": "This study",
    "circumstance_theory": "Theory: {name}",
    "circumstance_election": "Election in week {week}",
    "circumstance_weak": "All measures weak",
    "circumstance_strong": "All measures strong",
    # --- method names
    "method_shapley": "Shapley value",
    "method_leave_one_out": "Left out of the package",
    "method_add_one_in": "Alone",
    "method_morris": "Mean effect (Morris)",
    "method_morris_strength": "Strength (Morris)",
    "method_sobol_first": "First-order share (Sobol)",
    "method_sobol_total": "Total share (Sobol)",
    # --- page: sources of spread, other circumstances
    "note_levers": "Ranked like measures: {names}. What is said of a measure holds for them too. In force, such a lever has the "
    "value of the setting, otherwise the town's own. No cost of it is known.",
    "note_ranges": "Ranked like measures, each between two values: {names}. What is said of a measure holds for them too: in "
    "force they have the second value for the whole run, otherwise at the first, so that a contribution is that of going from "
    "the first to the second, and the whole package has all at the second. No cost of them is known.",
    "range_item": "{name} ({low} → {high})",
    "sec_rest": "The other outcomes",
    "say_rest": "These outcomes were ranked too. All contributions, intervals and places stand in tables/ranking.csv; each "
    "outcome has a figure in the folder of the job.",
    "note_rest_unranked": "Could not be ranked (tables/unranked.csv says why): {outcomes}.",
    "sec_sources": "Where the spread comes from",
    "cap_sources": "Chance, behaviour (over a behavioural set), the potency of the measures and the intensity of the policy, each moved apart from the "
    "others. Above: shares of the spread of the whole package's effect. Below: how far the rankings of the measures, each "
    "alone, agree between the levels of a source; interplay alone is what a source that owns nothing would show.",
    "alt_sources": "Shares of the spread by source, and agreement of rankings, for {outcomes}.",
    "cap_sources_by_measure": "The same shares for the whole package and for each measure alone, the largest spread first; "
    "beside each bar its standard deviation, in the unit of the ranking.",
    "alt_sources_by_measure": "Stacked bars of the shares of the spread of each measure's effect, for {outcomes}.",
    "note_sources_most": "{outcome}: of the spread of the package's effect the largest part, by estimate, comes from {source} ({share}, "
    "{level} interval {low} to {high}).",
    "note_sources_order": "{outcome}: between two levels of a source the rankings agree with a mean tau of {parts}; a source that is no "
    "lower than interplay alone is not seen to move the order.",
    "note_sources_item": "{tau} for {source}",
    "note_orders": "{outcome}: of the printed orders of two tiers ({count}), taken between the measures alone, hold in all "
    "{cells} cells {every}, in fewer than half of them {few}.",
    "note_orders_limits": "The printed orders are those of the leading method; one that fails in the cells may do so because "
    "the measures stand alone there, whatever the source.",
    "tab_orders": "Printed orders of two tiers in the cells, where each measure stands alone and not in the company of the "
    "ranking: the share of cells in which the order holds, then in how many levels of each source by their means (the "
    "{most} orders of each outcome that hold in the fewest cells)",
    "col_cells": "Of all cells [{level}\N{NO-BREAK SPACE}interval]",
    "share_of_cells": "{share} [{low} to {high}]",
    "note_sources_limits": "Each source has {levels} levels: a {level} interval of a share is on average {width} points wide, for "
    "the single measures too. Intensity is chosen and not drawn, evenly from half to all of what is "
    "ordered: its share tells how much that matters. A source that is "
    "not moved here (town, theory) owns nothing here; that does not make it small.",
    "sec_circumstances": "In other circumstances",
    "cap_circumstances": "Rank of each measure by the leading method in the study and with one thing changed: the town, one "
    "theory of behaviour, the week of the village elections, or the strength of all measures. Filled where the rank "
    "in the study is none that the measure could have there.",
    "alt_circumstances": "Ranks of the measures in {count} circumstances, for {outcomes}.",
    "cap_statements": "For each order of two tiers in the ranking above: whether its first measure is ahead of the first of the "
    "next tier in the other circumstances too. By how far the few replicates here miss what all of the study say of the order "
    "is allowed for, so that the answer can differ from the ranks as they are.",
    "alt_statements": "Which orders of two tiers hold in {count} other circumstances, for {outcomes}.",
    "note_places": "{outcome}: {measure}, the first in the study, is first in {held} of {count} other circumstances (as "
    "estimated).",
    "note_statements": "{outcome}: of {cells} cases (orders of two tiers: {orders}, other circumstances: {count}) surely hold "
    "{holds}, surely reversed {reversed}, cannot be told {unclear}.",
    "note_reversed": "Reversed: {cases}.",
    "note_reversed_item": "{order} ({circumstance})",
    "tab_signs": "Measures that surely help in the study and surely harm in another circumstance, or the other way round",
    "col_in_study": "In the study",
    "col_circumstance": "Circumstance",
    "col_there": "There",
    "note_signs": "Of {asked} contributions with a sure sign in the study, each in the other circumstances ({cases} cases), the sign surely holds in {holds}, "
    "is surely the other one in {reversed} and cannot be told in {unclear}. Intervals there hold for all circumstances of a contribution together "
    "({level}), not for all contributions: of many, one may turn by luck.",
    "note_circumstances_limits": "The towns and theories are picked by hand and are no sample: what holds in all of them may "
    "fail in another, and their number is no probability. Each circumstance has {n} replicates, with the seeds and "
    "behaviour of the study's first; that is too few for small differences, and what cannot be told is not agreement.",
    # --- page: Morris and Sobol
    "sec_morris": "Which measures matter at all",
    "say_morris": "Morris's method switches one measure at a time in companies of others drawn at random: the mean size of the change it makes is its strength, the mean with its sign its mean effect. It is a screening, good for finding measures that hardly matter whatever else is in force.",
    "say_morris_ranges": "Morris's method changes one at a time in companies of others drawn at random: it switches a measure, and moves a lever that has a range by two thirds of it, which is scaled up to the whole range. The mean size of the change is its strength, the mean with its sign its mean effect. It is a screening, good for finding what hardly matters whatever else is in force.",
    "say_morris_not": "It does not say with which other measure one works together. Where the mean effect is much smaller than the strength, the measure works both ways, depending on its company or on the run; a measure is only on or off here, so nothing is said of half a measure. Sizes do not cancel out, so a small strength may be chance alone.",
    "say_morris_not_ranges": "It does not say with which other one works together. Where the mean effect is much smaller than the strength, it works both ways, depending on the company, on the run or, for a lever with a range, on where in it the lever stands; a measure is only on or off here, so nothing is said of half a measure. Sizes do not cancel out, so a small strength may be chance alone.",
    "cap_ranking_morris": "Mean size of the change that switching one measure makes in the evaluation year, over companies of other measures drawn at random. It has no sign: a measure that does harm stands as high as one that helps as much.",
    "cap_ranking_morris_ranges": "Mean size of the change that one makes in the evaluation year, over companies of others drawn at random: a measure by being switched, a lever with a range over the whole of it. It has no sign: what does harm stands as high as what helps as much.",
    "alt_ranking_morris": "Strengths of {count} measures by Morris's method for {outcomes}, with intervals.",
    "tab_morris": "The {most} strongest measures for each outcome, in random company",
    "col_strength": "Strength [{level}\N{NO-BREAK SPACE}interval]",
    "col_mean_effect": "Mean effect [{level}\N{NO-BREAK SPACE}interval]",
    "col_one_way": "Mean effect as a share of strength",
    "sec_groups": "Which groups of measures matter",
    "say_groups": "Morris's method once more, with all measures of a group switched at once: those in force off, the others on. Measures in no group stand for themselves. The strength is the mean size of the change, without a sign. It screens: a group of little strength holds nothing that matters whatever else is in force. Sizes do not cancel out, so a small strength may be chance alone.",
    "tab_groups": "Strength of each group, in random company",
    "col_group": "Group",
    "sec_sobol": "What the spread between packages depends on",
    "say_sobol": "Draw packages at random, each measure on or off with an even chance: outcomes then differ from package to package. Sobol's indices say which share of that spread a measure owns: first, by itself; total, with all that it owns together with others. A total well above the first means that much of what the measure does depends on its company.",
    "say_sobol_ranges": "Draw packages at random, each measure on or off with an even chance and each lever that has a range at any value of it with the same chance: outcomes then differ from package to package. Sobol's indices say which share of that spread one owns: first, by itself; total, with all that it owns together with others. A total well above the first means that much of what it does depends on its company.",
    "say_sobol_not": "They have no sign: harm counts like help. They do not say how large the spread is, nor what a measure does in the whole package; and totals count what is owned together more than once, so they may add up to more than 100%.",
    "cap_ranking_sobol": "Shares of the spread of each outcome in the evaluation year over packages drawn at random. A share below zero stands for one near zero, and a first above its total for one near it: that is chance.",
    "alt_ranking_sobol": "Sobol indices, first and total, of {count} measures for {outcomes}, with intervals.",
    "tab_sobol": "The {most} measures with the largest shares for each outcome",
    "col_total": "Total [{level}\N{NO-BREAK SPACE}interval]",
    "col_first": "First [{level}\N{NO-BREAK SPACE}interval]",
    "method_sobol": "Sobol's indices",
    "unranked_missing": "{method}: not used for {outcome}, which is missing in some of the runs.",
    "unranked_constant": "{method}: not used for {outcome}, which is the same in every run.",
    "unranked_chance": "{method}: not used for {outcome}, whose spread between packages these runs cannot tell from chance.",
    # --- page: what stands beside the ranking
    "note_table": "The whole table: tables/{name}.csv in the folder of the job.",
    "sec_ties": "Which places are not settled",
    "say_ties": "Neighbours in the ranking that these runs cannot tell apart: their order is no finding. Shown are those that further runs would split soonest, at most {most} for each outcome. The number of runs takes the difference found for the true one, so it is rough; where two measures do the same, no number of runs will do.",
    "tab_ties": "Neighbours that cannot be told apart",
    "col_upper": "Printed above",
    "col_lower": "Printed below",
    "col_ahead": "Ahead by",
    "col_interval_all": "{level} interval, all pairs together",
    "col_runs_more": "Further runs, roughly",
    "runs_endless": "no number",
    "runs_million": "over a million",
    "sec_cost_effectiveness": "What a measure brings for its cost",
    "say_cost_effectiveness": "The contribution of a measure divided by its cost a year in the whole town, in cadre hours and in yuan; the two are not added up. Costs are assumptions and uncertain: the effect is stated for the most likely cost, and the interval holds doubt about the effect and about the cost.",
    "say_cost_effectiveness_not": "It holds for the whole measure at the intensity shown below; it does not say that twice the cost brings twice as much. Measures that cost nothing in a currency are left out of its column.",
    "tab_cost_effectiveness": "The {most} best for their cost",
    "col_place": "Place",
    "col_per_hours": "For 1,000 cadre hours a year",
    "col_per_yuan": "For 10,000 yuan a year",
    "cost_cell": "{measure}: {effect}",
    "sec_packages": "Which package fits a budget",
    "say_packages": "For each outcome and several budgets, the measures whose contributions add up to most were put together (proposed) and then run again under {seeds} fresh seeds that had no part in choosing them (came out), against the same town without measures. Shown are those that no cheaper package here beats, at the most likely costs; how often a package keeps to its budget when costs are drawn stands beside the budget.",
    "say_packages_not": "Adding up knows no interplay and only these packages were tried, so a better one may exist. A package that is best for one outcome can be bad for another. Costs range from half to twice the most likely, unless a measure's file says otherwise, and so lie above it more often than below: a package that just fits will rather overrun.",
    "tab_packages": "Packages that none of the others tried beats, for each outcome and currency",
    "col_cost": "Most likely cost a year",
    "col_within": "Budget (chance to keep to it)",
    "col_package": "Measures",
    "col_proposed": "Proposed",
    "col_came_out": "Came out [{level}\N{NO-BREAK SPACE}interval]",
    "cost_hours": "{cost} hours",
    "cost_yuan": "{cost} yuan",
    "cost_within": "{budget} ({share})",
    "package_of": "{count}: {names}",
    "package_but": "{count}, all but {names}",
    "package_all": "all {count}",
    "package_none": "none",
    "sec_backfire": "When a measure makes things worse",
    "say_backfire": "Conditions under which a measure that joined others made an outcome worse more often than it otherwise did. Each was found on one half of the cases and counted on the other, which is what is shown.",
    "say_backfire_not": "A condition describes these runs and does not say why. A measure without one is not thereby safe: no short condition was found for it.",
    "tab_backfire": "Conditions under which a measure backfires more often",
    "col_condition": "Condition",
    "col_worse_inside": "Made worse where it holds [{level}\N{NO-BREAK SPACE}interval]",
    "col_worse_all": "Made worse in all",
    "col_cases": "Cases where it holds",
    "cases_of": "{inside} of {runs}",
    "rule_with": "with {names}",
    "rule_without": "without {names}",
    "rule_or": " or ",
    "sec_flip": "Which assumptions could turn an order round",
    "say_flip": "Between one tier and the next the ranking prints an order. Of {count} such orders, {found} would turn round at some value of one or two behavioural parameters within the {draws} draws of behaviour. Distance is counted from the middle of the draws, in standard deviations: 1 is ordinary, 3 is far.",
    "say_flip_not": "The answer comes from a smooth curve through the draws. Where that explains little of the difference (last column), a distance means little, and an order without a turning point is not thereby safe.",
    "tab_flip": "The nearest turning point of an order, at most {most} orders for each outcome",
    "col_order": "Order",
    "col_turns": "Turns round at",
    "col_distance": "Distance",
    "col_in_reach": "Found again in resamples",
    "col_fit": "Difference explained",
    "order_above": "{upper} above {lower}",
    "note_parameters": "Parameters have the names of configs/parameters, where each is explained with its range and source.",
    "sec_information": "Which assumption is worth measuring first",
    "say_information": "Suppose one measure is to be started with, chosen by what it does alone on average. If a behavioural parameter were measured in the field first, the choice could follow it. The gain is how much better the outcome would then be, on average over the {draws} draws.",
    "say_information_not": "Shown are the first of {count} parameters, each with an interval of its own: of so many, some lie above zero by luck. A gain below zero means that these draws are too few to choose by the parameter.",
    "tab_information": "The {most} parameters with the greatest gain for each outcome",
    "col_chosen_now": "Chosen now",
    "col_parameter": "Parameter",
    "col_gain": "Gain [{level}\N{NO-BREAK SPACE}interval]",
    "col_changes": "Draws in which the choice changes",
}
