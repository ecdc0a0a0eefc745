"""One organisation once: which records are alike, joining them, and taking them apart again."""
