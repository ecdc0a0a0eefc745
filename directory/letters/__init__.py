"""Letters by e-mail: written from templates into the outbox, and sent from there."""
