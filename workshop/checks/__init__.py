"""The checks of the steps, one module each, and the wrong and right answers that keep them honest."""
