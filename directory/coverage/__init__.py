"""Supply against need: what is within reach of each area and site, what is missing, and why."""
