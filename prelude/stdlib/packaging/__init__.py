"""The part of packaging that layers touch: comparing versions."""
