"""The database, the queue, and who works on it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from agencies.choices import Role
from agencies.models import User
from deploy.findings import Finding, met, short, unsafe

OLDEST_POSTGRES, OLDEST_REDIS = 15, 7
BROKER_SECONDS, WORKER_SECONDS = 3, 3.0
# Beat writes down what it asked for every three minutes, and asks for something every ten.
BEAT_SECONDS = 15 * 60
CLOCK_SECONDS = 5
_SILENT = (OSError, OperationalError, RedisError)
_OWNERS = """
SELECT current_user, pg_get_userbyid(datdba), rolsuper, pg_encoding_to_char(encoding),
       (SELECT count(*) FROM pg_tables
        WHERE schemaname = current_schema() AND tableowner <> current_user)
FROM pg_database, pg_roles
WHERE datname = current_database() AND rolname = current_user
"""


def answers() -> Finding:
    """Whether the database answers; other checks of it are skipped if not."""
    name = "数据库"
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return unsafe(name, f"没有应答：{str(error).strip().splitlines()[0]}")
    major, minor = connection.get_database_version()
    if major < OLDEST_POSTGRES:
        return short(name, f"PostgreSQL {major}太旧，需要{OLDEST_POSTGRES}及以上")
    return met(name, f"PostgreSQL {major}.{minor}")


def ownership() -> Finding:
    """Only the owner may make tables in PostgreSQL 15, and a superuser may change the ledger."""
    name = "数据库归属"
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS)
        user, owner, is_superuser, encoding, others = cursor.fetchone()
    if encoding != "UTF8":
        return short(name, f"编码是{encoding}，须为UTF8，请按手册重新建库")
    if is_superuser:
        return short(name, f"数据库用户{user}是超级用户，请换成普通用户")
    if owner != user or others:
        return short(name, f"库属于{owner}，{others}张表不属于{user}，请用ALTER … OWNER TO {user}")
    return met(name, f"库和表都属于普通用户{user}，编码UTF8")


def migrations() -> Finding:
    """Whether the tables are those of this programme."""
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if left:
        return unsafe("数据库结构", f"有{len(left)}项数据库更新没有执行，请运行manage.py migrate")
    return met("数据库结构", "与程序一致")


def administrators() -> Finding:
    name = "管理员"
    own = User.objects.filter(is_active=True, is_demo=False, roles__contains=[Role.ADMINISTRATOR])
    names = "、".join(own.order_by("username").values_list("username", flat=True))
    if not names:
        return short(name, "还没有管理员，请用manage.py create_administrator 账号 建立")
    return met(name, names)


def clock() -> Finding:
    """The clock, which deadlines and the ledger rely on."""
    name = "时钟"
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        off = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    if off > CLOCK_SECONDS:
        return short(name, f"与数据库服务器相差{off:.0f}秒，请两台都启用NTP对时")
    return met(name, f"与数据库服务器相差不到{CLOCK_SECONDS}秒")


def broker() -> Finding:
    name = "队列"
    try:
        with current_app.connection_for_read() as link:
            link.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
            server = link.default_channel.client  # type: ignore[attr-defined]
            version = str(server.info("server")["redis_version"])
    except _SILENT as error:
        return short(name, f"没有应答：{error}")
    if int(version.partition(".")[0]) < OLDEST_REDIS:
        return short(name, f"Redis {version}太旧，需要{OLDEST_REDIS}及以上")
    return met(name, f"Redis/Valkey {version}")


def worker() -> Finding:
    name = "后台作业"
    try:
        answered = current_app.control.ping(timeout=WORKER_SECONDS)
    except _SILENT:
        answered = []
    if not answered:
        return short(name, "没有worker应答，请启动kaifu-worker")
    return met(name, "、".join(worker for one in answered for worker in one))


def beat() -> Finding:
    name = "定时"
    file = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    written = [one.stat().st_mtime for one in file.parent.glob(f"{file.name}*")]
    age = time.time() - max(written, default=0)
    if age > BEAT_SECONDS:
        return short(name, "beat没有运行，请启动kaifu-beat")
    return met(name, f"beat {age / 60:.0f}分钟前记过时")


DATABASE: Sequence[Callable[[], Finding]] = (ownership, clock)
CONTENT: Sequence[Callable[[], Finding]] = (administrators,)
JOBS: Sequence[Callable[[], Finding]] = (broker, worker, beat)
