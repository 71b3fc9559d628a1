"""The inside of the Keras prelude: what `keras.*` re-exports by name."""
