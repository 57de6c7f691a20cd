"""The command line: words into values, help pages, and what a job says while it runs and when it is done."""
