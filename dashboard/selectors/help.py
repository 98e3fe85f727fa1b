"""The pages of help: topics, those of the reader's roles first, and the numbers that they name.

No number is written twice: each comes from the rule that applies it.
"""

from dataclasses import dataclass

from django.conf import settings

from agencies.choices import Role
from agencies.models import User
from agencies.rules import FailureCounter
from agencies.services.accounts import CODE_LASTS
from common.files.types import ALLOWED
from dashboard.rules.search import LONGEST as LONGEST_QUERY
from reporting.answers.rules.readers import DECIMALS, MONEY_DECIMALS
from reporting.answers.selectors.contacts import Contact, contacts_of, duty_desk
from reporting.filling.services.entries import LONGEST
from reporting.periods.rules.thresholds import Thresholds
from reporting.periods.selectors.thresholds import thresholds
from reporting.policies import UNDO_MINUTES
from reporting.rules.enumerations import Kind
from reporting.rules.fields import REASON_MOST, field

_REPORTING = frozenset({Role.REPORTER, Role.SIGNER})
_REPORTER = frozenset({Role.REPORTER})
_EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Topic:
    """A section of the page; its anchor is also the name of its template."""

    anchor: str
    title: str
    roles: frozenset[Role]

    @property
    def template(self) -> str:
        return f"dashboard/help/{self.anchor}.html"


TOPICS = (
    Topic("sign", "单位审核人审核", frozenset({Role.SIGNER})),
    Topic("review", "审核和催报", frozenset({Role.REVIEWER})),
    Topic("accounts", "账号、单位、导入", frozenset({Role.ADMINISTRATOR})),
    Topic("leaders", "看板、打印、大屏", frozenset({Role.LEADER})),
    Topic("fill", "填写一项", _REPORTER),
    Topic("numbers", "数字、日期和单位", _REPORTER),
    Topic("none", "没有数据、不适用、没有变化", _REPORTER),
    Topic("doubts", "错误和疑点", _REPORTING),
    Topic("saved", "自动保存", _REPORTING | {Role.REVIEWER}),
    Topic("several", "一次填多项：与上季度相比、表格模式、Excel", _REPORTER),
    Topic("send", "检查、报送、撤回", _REPORTING),
    Topic("returned", "退回、答复、更正", _REPORTING),
    Topic("time", "期限、延期、解锁", _REPORTING),
    Topic("handover", "交接", _REPORTING | {Role.ADMINISTRATOR}),
    Topic("call", "找谁", _EVERYBODY),
    Topic("find", "查找", _EVERYBODY),
    Topic("verify", "核验报送件", _EVERYBODY),
    Topic("lights", "怎样看灯", _EVERYBODY),
    Topic("data", "数据从哪里来", _EVERYBODY),
    Topic("keyboard", "只用键盘", _EVERYBODY),
    Topic("account", "账号和安全", _EVERYBODY),
    Topic("roles", "谁做什么", _EVERYBODY),
)


@dataclass(frozen=True)
class HelpNumbers:
    """The limits that the page names, as the rules have them today."""

    thresholds: Thresholds

    def __getitem__(self, code: str) -> int:
        """A threshold by its code, for the template."""
        return self.thresholds.whole(code)

    reason_most = REASON_MOST
    longest = LONGEST
    decimals = DECIMALS
    money_decimals = MONEY_DECIMALS
    undo_minutes = UNDO_MINUTES
    code_minutes = int(CODE_LASTS.total_seconds()) // 60
    wrong_passwords = FailureCounter.HERE.value.failures
    wait_minutes = int(FailureCounter.HERE.value.within.total_seconds()) // 60
    longest_query = LONGEST_QUERY
    allowed = ALLOWED

    @property
    def contribution_most(self) -> int:
        found = field(Kind.CONTRIBUTION, "text")
        assert found is not None  # noqa: S101 - the form has this field
        return found.most

    @property
    def idle_minutes(self) -> int:
        return settings.SESSION_COOKIE_AGE // 60

    @property
    def password_days(self) -> int:
        return settings.PASSWORD_MAX_AGE_DAYS

    @property
    def former_passwords(self) -> int:
        return settings.FORMER_PASSWORDS


@dataclass(frozen=True)
class HelpPage:
    """Topics of the reader's roles first, then everybody's, then those of other roles."""

    own: tuple[Topic, ...]
    common: tuple[Topic, ...]
    others: tuple[Topic, ...]
    numbers: HelpNumbers
    contacts: tuple[Contact, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        return (*self.own, *self.common, *self.others)


def help_page(*, reader: User) -> HelpPage:
    """The page for a reader; at most two statements."""
    held = {role for role in Role if reader.has_role(role)}
    special = [topic for topic in TOPICS if topic.roles != _EVERYBODY]
    agency = reader.agency if reader.has_role(*_REPORTING) else None
    return HelpPage(
        own=tuple(topic for topic in special if topic.roles & held),
        common=tuple(topic for topic in TOPICS if topic.roles == _EVERYBODY),
        others=tuple(topic for topic in special if not topic.roles & held),
        numbers=HelpNumbers(thresholds()),
        contacts=contacts_of(agency=agency).all if agency else (duty_desk(),),
    )
