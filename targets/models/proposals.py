from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from agencies.models import User
from targets.choices import ProposalKind, ProposalState
from targets.models.targets import Target


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        """Proposals that are still undecided."""
        return self.filter(state=ProposalState.OPEN)


class Proposal(models.Model):
    """A change to a target that one person proposes; it takes effect when another confirms it.

    `seen` are the keys of the versions that the proposer saw, by their kind, `content` is what is
    to be written, as the service of the kind reads it, `words` says both to people.
    """

    kind = models.CharField("事项", max_length=12, choices=ProposalKind)
    target = models.ForeignKey(
        Target, models.CASCADE, verbose_name="指标", related_name="proposals"
    )
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    seen = models.JSONField("所依据的版本", default=dict, blank=True)
    content = models.JSONField("内容", default=dict, blank=True)
    words = models.CharField("说明", max_length=400)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="提出人", related_name="proposals"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="处理人",
        related_name="decided_proposals",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "提请事项"
        verbose_name_plural = "提请事项"
        ordering = ["target__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target", "year"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="proposal_one_open",
                violation_error_message="这一项已有人提出，等另一人确认；刷新页面查看",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None)
                | ~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_by_somebody",
                violation_error_message="处理过的事项要有处理人和时间",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("proposed_by")),
                name="proposal_two_persons",
                violation_error_message="提出的人不能自己确认",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""),
                name="proposal_returned_reason",
                violation_error_message="退回要写明原因",
            ),
        ]

    def __str__(self) -> str:
        year = f"{self.year}年" if self.year else ""
        return f"{self.target.code} {year}{self.get_kind_display()}"

    @property
    def code(self) -> str:
        """How the ledger names it: T18 2025."""
        return f"{self.target.code} {self.year}" if self.year else self.target.code
