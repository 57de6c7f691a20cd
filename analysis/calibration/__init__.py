"""Calibration and validation as pure numbers: history matching, statistics of designs, verdicts, base rates."""
