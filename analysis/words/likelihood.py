"""Words for probabilities, by one stated scale, so that a word means the same on every page.

The scale is that of the Intergovernmental Panel on Climate Change. A probability in this model says in which share of
draws something is so; it says nothing of what the model leaves out.

Source   Mastrandrea et al. (2010), Guidance note on consistent treatment of uncertainties, IPCC
"""

from __future__ import annotations

from analysis.words.reader import Reader

SCALE = (
    (0.99, "virtually_certain"),
    (0.90, "very_likely"),
    (0.66, "likely"),
    (0.33, "as_likely_as_not"),
    (0.10, "unlikely"),
    (0.01, "very_unlikely"),
)
LOWEST = "exceptionally_unlikely"


def likelihood(probability: float) -> str:
    """The key of the word for a probability (0-1): the highest of the scale that it reaches."""
    return next((key for least, key in SCALE if probability >= least), LOWEST)


def likelihood_text(probability: float, reader: Reader) -> str:
    """The word for a probability, as it stands in a sentence."""
    return reader.text[f"likelihood_{likelihood(probability)}"]


def probability_text(probability: float) -> str:
    """A probability in whole percent; never said to be all or none."""
    return "<1%" if probability < 0.01 else ">99%" if probability > 0.99 else f"{100 * probability:.0f}%"
