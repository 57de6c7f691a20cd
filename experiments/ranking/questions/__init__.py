"""Questions that can be asked of a ranking, one file each; the registry (registry.py) finds them by themselves."""
