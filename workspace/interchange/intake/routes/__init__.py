"""The pages and the API of the intake."""
