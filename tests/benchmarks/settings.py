"""The application's settings with one page more: the reference that every cost is measured in."""

from kaifu_carbon.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
