"""The public record in the forms in which others take it away."""
