"""What the public may see: the one door out. Every output reads the copy that is made here."""
