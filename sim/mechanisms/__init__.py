"""The mechanisms of a week, one file each; sim/week.py calls them in order."""
