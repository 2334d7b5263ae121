"""Step 10: Prediction."""
