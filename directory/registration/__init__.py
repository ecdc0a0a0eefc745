"""What people send in: registrations, changes, claims, reports; and what reviewers do with them."""
