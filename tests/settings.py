"""The application's settings for tests: signing in is done hundreds of times, hashing is slow."""

from kaifu_carbon.settings import *  # noqa: F403
from kaifu_carbon.settings import LOGGING, MIDDLEWARE, TEMPLATES
from tests import clock, guards

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = ["tests.guards.GetWritesNothing", *MIDDLEWARE]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = guards.Unknown()
LOGGING["filters"] = {"unknown": {"()": "tests.guards.UnknownAttributes"}}
LOGGING["loggers"] = {"django.template": {"filters": ["unknown"], "level": "DEBUG"}}

clock.follow()
