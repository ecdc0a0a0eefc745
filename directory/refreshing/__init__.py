"""Keep what came from sources as fresh as they are: fetch what is new, and say what has gone."""
