"""Which values form one series: accounting bases, chained and yearly rates. Pure."""
