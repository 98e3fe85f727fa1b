"""The register of accounting bases. Targets and values refer to a basis by its name, so that no
page needs a join or a statement to print it; renaming one renames it where it is referred to."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from plan.models import Document
from targets.choices import BasisChangeKind

_BLANKS = r"[\s\u00a0\u3000]+"
_YEAR = MinValueValidator(1900, "年份写四位数")


def _spelling() -> Func:
    """The name without blanks and with narrow brackets, as `rules.spelling` writes it."""
    narrow = Func(F("name"), Value("（）［］｛｝"), Value("()[]{}"), function="translate")
    return Func(narrow, Value(_BLANKS), Value(""), Value("g"), function="regexp_replace")


class AccountingBasis(models.Model):
    """One way of counting: only values of the same basis are compared."""

    name = models.CharField("名称", max_length=120, unique=True)
    measures = models.TextField("计量什么", blank=True, help_text="计入和不计入的内容、方法")
    document = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="依据文件",
        related_name="accounting_bases",
    )
    valid_from = models.PositiveSmallIntegerField(
        "适用起始年", null=True, blank=True, validators=[_YEAR], help_text="不限时留空"
    )
    valid_to = models.PositiveSmallIntegerField(
        "适用终止年", null=True, blank=True, validators=[_YEAR], help_text="仍在使用时留空"
    )

    class Meta:
        verbose_name = "口径"
        verbose_name_plural = "口径"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                _spelling(),
                name="accounting_basis_one_spelling",
                violation_error_message="已有只差空格或括号的同名口径",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="accounting_basis_named",
                violation_error_message="口径要有名称",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="accounting_basis_years_in_order",
                violation_error_message="适用终止年不能早于起始年",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How the ledger names it."""
        return self.name[:80]

    @property
    def years(self) -> str:
        """2021—2025年; empty if it knows no bounds."""
        first, last = self.valid_from, self.valid_to
        if first and last:
            return f"{first}—{last}年"
        return f"{first}年起" if first else f"到{last}年" if last else ""


class BasisChange(models.Model):
    """What merging or splitting moved from one basis to another, so that it can be undone.

    `before` holds each value and target that was moved as it stood.
    """

    kind = models.CharField("操作", max_length=6, choices=BasisChangeKind)
    from_name = models.CharField("原口径", max_length=120)
    to_name = models.CharField("改为口径", max_length=120)
    before = models.JSONField("变动前", default=dict)
    reason = models.CharField("原因", max_length=200)
    changed_at = models.DateTimeField("时间", auto_now_add=True)
    changed_by = models.CharField("操作人", max_length=60, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "口径变动"
        verbose_name_plural = "口径变动"
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name}"

    @property
    def can_be_undone(self) -> bool:
        """A new name is given back by another one."""
        return self.undone_at is None and self.kind != BasisChangeKind.RENAME

    @property
    def code(self) -> str:
        """How the ledger names it."""
        return self.to_name[:80]


def basis_field(label: str, related_name: str, **more: Any) -> Any:
    """A reference to a basis by its name; empty is the target's own."""
    return models.ForeignKey(
        AccountingBasis,
        models.PROTECT,
        to_field="name",
        null=True,
        blank=True,
        verbose_name=label,
        related_name=related_name,
        **more,
    )
