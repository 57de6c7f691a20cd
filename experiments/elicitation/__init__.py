"""Elicitation: questions about priors, the form and the sheet that ask them, and what answers make of the priors."""
