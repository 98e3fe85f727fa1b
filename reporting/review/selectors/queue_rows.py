"""One row of the bureau's queue: a summary of the submission, and its risk."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from agencies.models import User
from common.formats import number, signed
from common.quarters import Period
from projects import rules as project_rules
from projects.rules import Status as ProjectStatus
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
    read,
)
from reporting.answers.rules.findings import RULES
from reporting.answers.rules.options import label
from reporting.answers.rules.wording import figure, step
from reporting.answers.selectors.reported_value import light_of
from reporting.choices import WAITING
from reporting.models import Obligation
from reporting.policies import is_own, judged_day
from reporting.review.rules.risk_order import ReviewRisk
from reporting.review.selectors.queue_obligations import EARLIER, EXCERPT, LAST, READ, SENT, WHOM
from targets.rules import Level, Light
from targets.rules.words.formatting import DIMENSIONLESS
from targets.selectors import Judged

_WORDS = {(rule.code, kind): rule.label for rule in RULES for kind in rule.kinds}


@dataclass(frozen=True)
class QueueRow:
    """An obligation of the queue, read by `queue_obligations`."""

    obligation: Obligation
    reader: User
    judged: Judged | None = None
    is_ambiguous: bool = False

    @property
    def pk(self) -> int:
        return int(self.obligation.pk)

    @property
    def round(self) -> int:
        """The round that waits or was decided last; 0 where nothing was submitted."""
        return int(self._sent.get("round", 0))

    @property
    def key(self) -> str:
        """The value of its tick, key and round: 17:2. It detects a submission made in between."""
        return f"{self.pk}:{self.round}"

    @property
    def url(self) -> str:
        """Its review page; with the agency where several obligations have the address."""
        address = (*self.obligation.address, self.obligation.agency.code)
        needs_agency = self.obligation.is_contribution or self.is_ambiguous
        return reverse("reporting:review", args=address if needs_agency else address[:3])

    @property
    def tag(self) -> str:
        """The tag of the state."""
        return "to_review" if self.obligation.state in WAITING else self.obligation.state

    @property
    def is_waiting(self) -> bool:
        return self.obligation.state in WAITING

    @property
    def is_mine(self) -> bool:
        """Whether the reader entered or signed it, so that another reviewer has to decide."""
        return is_own(obligation=self.obligation, by=self.reader)

    @property
    def is_of_own_agency(self) -> bool:
        return self.obligation.agency_id == self.reader.agency_id

    @property
    def is_clean(self) -> bool:
        """Whether it may be approved in bulk."""
        return self.is_waiting and bool(self.round) and self.risk.is_clean and not self.is_mine

    @cached_property
    def answers(self) -> Answers:
        texts = {name: self._sent[name] for name in READ if self._sent.get(name)}
        return read(self.obligation.kind, texts, self.obligation.period.period)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes of its doubts at submission."""
        return tuple(str(doubt["code"]) for doubt in self._sent.get("doubts") or ())

    @cached_property
    def risk(self) -> ReviewRisk:
        return ReviewRisk(
            codes=self.codes if self.obligation.doubts else (),
            returns=self.obligation.returns,
            is_correction=self.obligation.is_correction,
            is_red=self.light is not None and self.light.level == Level.RED,
            is_overdue=self.late_days > 0 or self.months_overdue > 0,
            waits_since=self.obligation.submitted_at,
        )

    @cached_property
    def light(self) -> Light | None:
        """The light of the submitted value."""
        return light_of(self.judged, self.answers, self.obligation.own_period)

    @property
    def late_days(self) -> int:
        """Days between due day and submission; 0 for backfilled quarters, which are never late."""
        first, due = self.obligation.first_submitted_at, judged_day(obligation=self.obligation)
        if first is None or self.obligation.period.is_backfill:
            return 0
        return max(0, (timezone.localtime(first).date() - due).days)

    @cached_property
    def months_overdue(self) -> int:
        """Months since a project's planned end."""
        answers, project = self.answers, self.obligation.project
        if project is None or not isinstance(answers, ProjectAnswers) or not answers.status:
            return 0
        plan = project_rules.ProjectPlan(project.start_year, project.end_year)
        report = project_rules.LatestReport(
            self.obligation.period.period, ProjectStatus(answers.status)
        )
        return project_rules.months_overdue(plan, report, timezone.localdate())

    @property
    def now(self) -> str:
        """The answer in a word: 84.20, 正常推进, 累计 30,850."""
        return _words(self.answers, self.obligation)

    @property
    def now_with_unit(self) -> str:
        """84.20%, 正常推进, 累计 30,850万元."""
        answers = self.answers
        if isinstance(answers, TargetAnswers):
            is_number = answers.reported is not None and not answers.attainment
            return f"{self.now}{self.unit if is_number else ''}"
        if isinstance(answers, ProjectAnswers) and answers.invested_wan is not None:
            return self.now if answers.no_change else f"{self.now}万元"
        return self.now

    @cached_property
    def before(self) -> Decimal | None:
        """The previous value of a target, of the same frequency and basis."""
        answers, target = self.answers, self.obligation.target
        if target is None or not isinstance(answers, TargetAnswers) or answers.reported is None:
            return None
        own = self.obligation.meant(answers.value_period)
        for row in EARLIER.of(self.obligation):
            period = Period(row["year"], row["quarter"])
            same = bool(period.quarter) == bool(own.quarter)
            if same and (period.year, period.quarter or 0) < (own.year, own.quarter or 0):
                return Decimal(row["value"])
        return None

    @property
    def before_words(self) -> str:
        """The previous value, without its unit."""
        target = self.obligation.target
        return figure(self.before, target.decimals) if target and self.before is not None else ""

    @property
    def last_words(self) -> str:
        """Last quarter's answer: 77.90%, 正常推进, 29,650万元; empty where there is none."""
        last = LAST.of(self.obligation)
        if self.obligation.target:
            return f"{self.before_words}{self.unit}" if self.before_words else ""
        if self.obligation.project:
            return f"{number(Decimal(last), 0)}万元" if last else ""
        return label("TaskStatus", last) if last else ""

    @property
    def change_words(self) -> str:
        """+6.30, +1,200; empty where there are not two numbers."""
        answers, target, last = self.answers, self.obligation.target, LAST.of(self.obligation)
        if target and self.before is not None and isinstance(answers, TargetAnswers):
            return step(answers.value or Decimal(0), self.before, target.decimals)
        if isinstance(answers, ProjectAnswers) and answers.invested_wan is not None and last:
            return "" if answers.no_change else signed(answers.invested_wan - Decimal(last), 0)
        return ""

    @property
    def excerpt(self) -> str:
        """The beginning of the text of a task or contribution."""
        text = " ".join(str(self._sent.get("excerpt") or "").split())
        return f"{text}…" if len(text) >= EXCERPT else text

    @property
    def unit(self) -> str:
        target = self.obligation.target
        return target.unit if target and target.unit != DIMENSIONLESS else ""

    @property
    def mark(self) -> str:
        """A short form of the first doubt, and how many more there are."""
        if not self.obligation.doubts:
            return ""
        code = next((code for code in self.codes if code == "W1"), next(iter(self.codes), ""))
        words = f"较上期{self.change_words}" if code == "W1" and self.change_words else ""
        words = words or _WORDS.get((code, self.obligation.kind), "有疑点")
        return f"{words}等{self.obligation.doubts}处" if self.obligation.doubts > 1 else words

    @property
    def notes(self) -> tuple[str, ...]:
        """Further facts to know before opening it."""
        found = []
        if self.obligation.correction_reason:
            found.append("更正")
        if self.obligation.returns:
            found.append(f"退回{self.obligation.returns}次")
        if self.months_overdue:
            found.append(f"超期{self.months_overdue}个月")
        if self.late_days:
            found.append(f"迟报{self.late_days}天")
        if self.is_mine:
            found.append("您填报")
        elif self.is_of_own_agency:
            found.append("本局事项")
        return tuple(found)

    @property
    def whom(self) -> str:
        """Whom to call about an outstanding obligation: 张三 0731-1; empty in other lists."""
        if not WHOM.is_beside(self.obligation):
            return ""
        found = WHOM.of(self.obligation)
        return f"{found['name']} {found['phone']}" if found else "没有登记联系电话"

    @property
    def day(self) -> datetime.date | None:
        at = self.obligation.submitted_at
        return timezone.localtime(at).date() if at else None

    @property
    def _sent(self) -> Mapping[str, Any]:
        return SENT.of(self.obligation)


def _words(answers: Answers, obligation: Obligation) -> str:
    if isinstance(answers, TargetAnswers) and obligation.target:
        if answers.attainment:
            return label("Attainment", answers.attainment)
        if answers.reported is not None:
            return figure(answers.reported, obligation.target.decimals)
        return {"annual": "年度指标", "awaited": "尚未取得", "not_applicable": "不适用"}.get(
            answers.availability, ""
        )
    if isinstance(answers, TaskAnswers):
        return label("TaskStatus", answers.status)
    if isinstance(answers, ContributionAnswers):
        return "无配合事项" if answers.nothing else "有配合情况" if answers.text else ""
    return _project_words(answers) if isinstance(answers, ProjectAnswers) else ""


def _project_words(answers: ProjectAnswers) -> str:
    if answers.no_change:
        return "无变化"
    if answers.invested_wan is not None:
        return f"累计 {number(answers.invested_wan, 0)}"
    return label("ProjectStatus", answers.status)
