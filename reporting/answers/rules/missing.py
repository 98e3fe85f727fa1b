"""Required fields and longest texts: E7. Pure."""
# ruff: noqa: ARG001 - all rules have one signature

from collections.abc import Iterator

from common.quantities import is_missing
from projects.rules import Status as ProjectStatus
from reporting.answers.rules.answers import (
    Answers,
    ContributionAnswers,
    ProjectAnswers,
    TargetAnswers,
    TaskAnswers,
)
from reporting.answers.rules.facts import ERROR, FieldMessage, ObligationFacts, Rule
from reporting.answers.rules.standstill import standstill_reason
from reporting.answers.rules.wording import CONTRIBUTION, PROJECT, TARGET, TASK, characters
from reporting.periods.rules.thresholds import Thresholds
from reporting.rules.enumerations import Availability
from reporting.rules.fields import CHOICE, FORMS, LONG, REASON, SHORT, Field, field
from tasks.rules.progress import SLOW, Status

FINISHED = frozenset({ProjectStatus.COMPLETED, ProjectStatus.CANCELLED})
"""Projects of which nothing new is expected."""


def target(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """Whether there is a value, then its fields; for a qualitative target, its attainment."""
    if facts.is_qualitative:
        yield from _asked(answers, "attainment")
        if answers.value is not None:
            yield from _asked(answers, "value_period", "grade", "source")
    elif answers.availability == Availability.NEW:
        if not _is_filled(answers, "value"):
            yield FieldMessage("value", "填写数值；没有新数据时，“有无新数据”选“尚未取得”")
        yield from _asked(answers, "value_period", "grade", "source")
    elif answers.availability == Availability.ANNUAL and not facts.is_annual:
        sentence = "本指标按季度填报；没有新数据时选“尚未取得”，在备注里写明原因"
        yield FieldMessage("availability", sentence)
    else:
        yield from _asked(answers, "availability")


def awaited(
    answers: TargetAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """Why there is no value yet."""
    least = thresholds.whole("AWAITED_LENGTH")
    if answers.availability == Availability.AWAITED and characters(answers.note) < least:
        yield FieldMessage("note", f"在备注里写明为什么还没有取得数据（至少{least}个字）")


def task(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """State and progress; for a slow task also problems and measures, where 无 does not count."""
    yield from _asked(answers, "status")
    if answers.status not in SLOW:
        return
    for name, label in (("problems", "存在问题"), ("next_steps", "下一步措施")):
        if is_missing(answers.texts.get(name, "")):
            yield FieldMessage(name, f"进展滞后或停滞时，填写{label}")


def narrative(
    answers: TaskAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """The text on progress has a least and a largest length; a standstill needs only a reason."""
    least, most = thresholds.whole("NARRATIVE_LEAST"), thresholds.whole("NARRATIVE_MOST")
    written, length = characters(answers.narrative), len(answers.narrative)
    reason = standstill_reason(answers.narrative)
    if reason is not None and length <= most:
        yield from _unexplained(answers, reason, thresholds.whole("REASON_LENGTH"))
    elif not written:
        yield FieldMessage("narrative", f"填写本季度进展（{least}–{most}字）")
    elif written < least:
        yield FieldMessage("narrative", f"本季度进展至少写{least}字，现在{written}字")
    elif length > most:
        yield FieldMessage("narrative", f"本季度进展最多{most}字，现在{length}字（含标点和空格）")


def _unexplained(answers: TaskAnswers, reason: str, least: int) -> Iterator[FieldMessage]:
    if answers.status != Status.DONE and characters(reason) < least:
        said = f"写明为什么没有新进展、下一步怎么办（至少{least}个字）"
        yield FieldMessage("narrative", said)


def contribution(
    answers: ContributionAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """Either what was done, or the statement that there was nothing to do."""
    if answers.nothing and answers.text:
        yield FieldMessage("nothing", "写了配合情况，就不要勾选“本季度无配合事项”：留下其中一项")
    elif not answers.nothing and not answers.text and "nothing" not in answers.unreadable:
        yield FieldMessage("text", "填写本单位配合情况；没有时勾选“本季度无配合事项”")


def project(
    answers: ProjectAnswers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """Status, money and works; 无变化 is enough where the project was finished before."""
    if answers.no_change:
        if facts.previous_status not in FINISHED:
            yield FieldMessage(
                "no_change", "上期还没有竣工，不能选“本季度无变化”，按本季度情况填写"
            )
        elif answers.status not in {"", facts.previous_status}:
            yield FieldMessage("no_change", "项目状态已改，取消勾选“本季度无变化”")
        return
    yield from _asked(answers, "status")
    if answers.status == ProjectStatus.UNDER_WAY:
        yield from _asked(answers, "works_percent")
    has_sum = answers.status not in {"", ProjectStatus.NOT_STARTED, ProjectStatus.CANCELLED}
    if has_sum and facts.total_investment_wan is not None:
        yield from _asked(answers, "invested_wan")


def too_long(
    answers: Answers, facts: ObligationFacts, thresholds: Thresholds
) -> Iterator[FieldMessage]:
    """A text longer than the records can store. The progress of a task has its own rule."""
    for name in answers.texts:
        item = field(answers.kind, name) if name != "narrative" else None
        if item and item.type in {SHORT, LONG}:
            length = len(answers.texts[name])
            if length > item.most:
                label = f"疑点{item.label}" if name.startswith(REASON) else item.label
                yield FieldMessage(
                    name, f"{label}最多{item.most}字，现在{length}字（含标点和空格）"
                )


def _is_filled(answers: Answers, name: str) -> bool:
    """Whether the field has a value or an unreadable text, which has its own error (E1)."""
    return name in answers.unreadable or getattr(answers, name) not in {None, ""}


def _asked(answers: Answers, *names: str) -> Iterator[FieldMessage]:
    for item in FORMS[answers.kind]:
        if item.name in names and not _is_filled(answers, item.name):
            yield FieldMessage(item.name, _sentence(item))


def _sentence(item: Field) -> str:
    return f"{'选择' if item.type == CHOICE else '填写'}{item.label}"


RULES: tuple[Rule, ...] = (
    Rule("E7", ERROR, "必填未填", TARGET, target),
    Rule("E7", ERROR, "必填未填", TARGET, awaited),
    Rule("E7", ERROR, "必填未填", TASK, task),
    Rule("E7", ERROR, "必填未填", TASK, narrative),
    Rule("E7", ERROR, "必填未填", CONTRIBUTION, contribution),
    Rule("E7", ERROR, "必填未填", PROJECT, project),
    Rule("E7", ERROR, "写得太长", tuple(FORMS), too_long),
)
