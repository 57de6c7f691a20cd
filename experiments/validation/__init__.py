"""What calibrate and validate share: draws of the priors, the behavioural set, and rules read from files."""
