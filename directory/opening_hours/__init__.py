"""Opening hours as people and OpenStreetMap write them, read into Open Referral schedules."""
