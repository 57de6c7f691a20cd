"""A ranking: designed runs, batches until it is precise enough, and the questions that can be asked of it."""
