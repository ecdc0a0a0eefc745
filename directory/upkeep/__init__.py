"""What keeps records fresh: checks of fields, reminders, links."""
