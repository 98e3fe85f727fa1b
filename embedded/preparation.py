"""What is done once to a database or after an update, and remembered in the data directory."""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from embedded.data_directory import write_private
from embedded.errors import SetupError
from embedded.processes import call
from embedded.terminal import say
from embedded.virtualenv import ROOT

DEMONSTRATION, EMPTY, EXISTING = "demonstration", "empty", "existing"
NOT_OURS = (
    "DATABASE_URL 指向的数据库还没有账号。要在其中试用（建立演示账号和数据），"
    "请明确设置 KAIFU_MODE=trial；正式使用请按 docs/运维手册.md 部署。"
)
COUNT_USERS = "from agencies.models import User; print(User.objects.count())"


class Preparation:
    """The steps before serving; each is skipped when nothing it depends on has changed."""

    def __init__(
        self, data: Path, environment: dict[str, str], *, external: bool, new_database: bool
    ) -> None:
        """`external` is a database that the environment named; each has notes of its own."""
        self._environment = environment
        self._external = external
        self._stamp = data / "prepared.json"
        self._all = self._read()
        digest = hashlib.sha256(environment["DATABASE_URL"].encode()).hexdigest()
        self._key = digest if external else "embedded"
        self._done = {} if new_database else self._all.get(self._key, {})

    def run(self, *, empty: bool) -> None:
        """Bring the database and the static files up to date, and fill a new database."""
        self._migrate()
        self._fill(EMPTY if empty else DEMONSTRATION)
        self._collect_static()

    @property
    def accounts(self) -> str:
        """The table of accounts as they were created here."""
        return self._done.get("accounts", "")

    def _migrate(self) -> None:
        state = fingerprint([*ROOT.glob("*/migrations/*.py"), ROOT / "requirements.txt"])
        if self._done.get("migrations") != state:
            say("正在更新数据库结构 …")
            self._manage("migrate", "--no-input", "--verbosity=0")
            self._remember(migrations=state)

    def _fill(self, wanted: str) -> None:
        """Only ever once: what users entered, changed or removed later stays as they left it."""
        begun = self._done.get("content")
        if begun is None:
            begun = EXISTING if self._external and self._has_users() else wanted
            if begun != EXISTING and self._environment.get("KAIFU_DEMO") == "0":
                raise SetupError(NOT_OURS)
            self._remember(content=begun)
        if wanted == EMPTY and begun == DEMONSTRATION:
            raise SetupError("这个数据文件夹已载入方案。空系统请用 --empty --data 新文件夹。")
        if begun == DEMONSTRATION:
            self._once("plan", "正在载入方案与附件 …", "load_plan")
        if begun != EXISTING and "accounts" not in self._done:
            arguments = ["--admin-only"] if begun == EMPTY else []
            table = self._manage("create_demo_accounts", *arguments, capture=True)
            self._remember(accounts=table.strip())
        if begun == DEMONSTRATION:
            self._once("demonstration", "正在载入演示数据 …", "load_demo")

    def _once(self, step: str, sentence: str, *command: str) -> None:
        if step not in self._done:
            say(sentence)
            self._manage(*command)
            self._remember(**{step: "done"})

    def _has_users(self) -> bool:
        """A database of somebody's own never gets the demonstration set."""
        answer = self._manage("shell", "--verbosity=0", "--command", COUNT_USERS, capture=True)
        return int(answer.split()[-1]) > 0

    def _collect_static(self) -> None:
        sources = [*(ROOT / "static").rglob("*"), ROOT / "requirements.txt"]
        state = fingerprint(sources)
        if self._done.get("static") != state:
            say("正在准备页面文件 …")
            self._manage("collectstatic", "--no-input", "--verbosity=0")
            self._remember(static=state)

    def _manage(self, *arguments: str, capture: bool = False) -> str:
        done = call(
            [sys.executable, ROOT / "manage.py", *arguments],
            env=self._environment,
            cwd=ROOT,
            capture=capture,
        )
        if done.returncode != 0:
            raise SetupError(f"manage.py {arguments[0]} 没有成功（上面是它的说明），没有开始服务。")
        return done.stdout or ""

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            notes = json.loads(self._stamp.read_text())
        except (OSError, ValueError):
            return {}
        return notes if isinstance(notes, dict) else {}

    def _remember(self, **steps: str) -> None:
        self._done |= steps
        self._all[self._key] = self._done
        write_private(self._stamp, json.dumps(self._all, ensure_ascii=False))


def fingerprint(files: Iterable[Path]) -> str:
    """Changes when a file is added, removed, renamed or edited."""
    digest = hashlib.sha256()
    for file in sorted(one for one in files if one.is_file()):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
