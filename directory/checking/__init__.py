"""Is a feed as the standard says, and is what it says possible? For any feed, not only our own."""
