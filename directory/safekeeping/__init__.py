"""What must not be listed, what is held on a person, and files that people send."""
