"""The application's settings for tests: signing in is done hundreds of times, hashing is slow."""

from kaifu_carbon.settings import *  # noqa: F403
from tests import clock

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

clock.follow()
