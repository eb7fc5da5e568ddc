"""What the office does for those who stand on the roll: reasons, appeals, samples, inspections, looks, retention."""
