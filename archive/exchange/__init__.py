"""Captures and numbers in the formats of others: WARC, WACZ, saved pages, CSV, Parquet."""
