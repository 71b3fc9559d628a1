"""The part of absl that layers touch: its logging."""
