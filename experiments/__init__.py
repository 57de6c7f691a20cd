"""Jobs: what a study asks of the model, and the folder it leaves behind.

run      one setting, before and after week 0
compare  several settings under the same shocks
rank     which measures of a package carry it
sweep    dials, levers, intensities of measures or facts over values: curves, heat maps and the best region
report   the page of a finished job again, in the other language
elicit   questions about priors for people who know, and priors of what they answer
store    what a store of finished runs holds: list, verify, export, prune
template a table of villages, a measure or an experiment to begin with
demo     the three of them on the average town

This package is the only one that knows both the model (`sim`) and the analysis (`analysis`).
"""
