"""Which values are one series: accounting bases, chained and yearly rates. Pure."""
