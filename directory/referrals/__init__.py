"""What became of referrals: counted by navigators, and told without small counts."""
