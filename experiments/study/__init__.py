"""What is asked, checked before anything runs: keys, layers of settings, behavioural sets, and the study they make."""
