"""What can go wrong with an ensemble or a job as a whole; every text is one sentence for the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.ensemble.members import Failure


class StoreError(Exception):
    """A folder cannot be used as a store, or what stood there can no longer be read."""


class ExecutorError(Exception):
    """An executor cannot be had."""


class Halted(Exception):
    """An ensemble cannot go on; what was finished is in the store."""


class JobError(Exception):
    """A job cannot end as promised."""


class PartialDesign(Exception):
    """Members failed twice; `failures` lists them, and those that finished are in the store."""

    def __init__(self, failures: tuple[Failure, ...], total: int) -> None:
        super().__init__(f"{len(failures)} of {total} runs failed twice ({failures[0].error})")
        self.failures = failures
