"""Playing in the world: inputs, prediction, interpolation, and the time that all sides share."""
