"""Officer: what is seen and done with findings. Commands of `selectorate roll`, a file for each."""
