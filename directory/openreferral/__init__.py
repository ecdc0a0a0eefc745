"""Open Referral UK documents: the one door in. One check, one load, one dump."""
