#!/usr/bin/env python3
"""Django's command line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import ProgrammingError, connection

NO_TABLES = (
    "数据库里还没有这一版系统的数据表：请先运行 scripts/run 一次（正式环境运行 "
    "manage.py migrate），再运行这个命令。"
)


def main() -> None:
    """What asks a database before its tables are there, or lacks a setting, is told what to do."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaifu_carbon.settings")
    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError:
        if not lacks_tables():
            raise
        sys.exit(NO_TABLES)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def lacks_tables() -> bool:
    """Whether migrations of this version have not been applied."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


if __name__ == "__main__":
    main()
