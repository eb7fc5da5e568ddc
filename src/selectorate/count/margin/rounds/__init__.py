"""Bounds for one winner found in rounds that are not plain elimination: `excluding`, `runoff`, `bucklin` (make)."""
