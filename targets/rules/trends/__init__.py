"""Where values lead and what line they follow: required line, trend, pace. Pure."""
