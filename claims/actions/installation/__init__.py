"""Acts on the whole installation, by whoever has its data folder: copy it, bring it back, keep it private."""
