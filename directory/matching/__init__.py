"""Which records are of one organisation: candidates, features, probabilities, reasons. Frames alone."""
