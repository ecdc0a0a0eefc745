"""Open Referral schedules: open at a moment, in a week, next; and how to say it."""
