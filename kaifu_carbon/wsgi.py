"""Entry point of the web server."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from gunicorn.errors import AppImportError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaifu_carbon.settings")

try:
    django = get_wsgi_application()
except ImproperlyConfigured as error:
    raise AppImportError(str(error)) from error

from common.web.input_cleaning import in_known_charset
from deploy import startup  # needs the applications
from kaifu_carbon import limits

application = in_known_charset(django)
startup.check_web()
limits.limit(limits.WEB)
