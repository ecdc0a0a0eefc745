"""Places: from what a person types to a point or an area, and from a point to the areas around it."""
