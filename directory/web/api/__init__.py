"""The open data after the Open Referral UK profile: read by other systems, without a key."""
