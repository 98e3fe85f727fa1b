"""What the pages of the wizard show: the rail with its counts, spellings, projects, differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agencies.choices import COMPANY_KINDS, GROUP_KINDS, AgencyKind
from common.name_matching import Suggestion
from imports.annex.results import UnknownAgency
from imports.choices import WizardStep
from imports.selectors.agencies import NEW, SAME, NewAgency, alike, propose
from imports.selectors.entries import PROJECTS, UNASSIGNED
from imports.selectors.preview import Preview

_NEAR = 85
KIND_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "能填报的单位",
        tuple(
            (kind.value, str(kind.label))
            for kind in AgencyKind
            if kind not in GROUP_KINDS and kind not in COMPANY_KINDS
        ),
    ),
    ("群体，不设账号", tuple((k.value, str(k.label)) for k in AgencyKind if k in GROUP_KINDS)),
    ("企业，不设账号", tuple((k.value, str(k.label)) for k in AgencyKind if k in COMPANY_KINDS)),
)


@dataclass(frozen=True)
class RailStep:
    """One step in the rail: whether it is reached, done, and how much is left in it."""

    step: WizardStep
    number: str
    note: str
    done: bool
    open: bool


def rail(preview: Preview) -> tuple[RailStep, ...]:
    """The six steps with their counts; every step may be opened once a table was recognised."""
    readable = preview.reading.table is not None
    problems, agencies = len(preview.open_problems), len(preview.answered.undecided)
    left = agencies + len(preview.unreported)
    hints = sum(not line.must for line in preview.lines)
    counts = preview.counts
    columns = len(preview.reading.header.columns) if preview.reading.header else 0
    ready = readable and not problems and not left
    return (
        RailStep(WizardStep.UPLOAD, "①", "已上传", done=True, open=True),
        RailStep(
            WizardStep.HEADER,
            "②",
            f"认出{columns}列，{len(preview.reading.rows)}行" if readable else "没有认出",
            done=readable,
            open=True,
        ),
        RailStep(
            WizardStep.PROBLEMS,
            "③",
            f"必须处理{problems}，提示{hints}" if problems else f"错误0，提示{hints}",
            done=readable and not problems,
            open=readable,
        ),
        RailStep(
            WizardStep.AGENCIES,
            "④",
            _agencies_note(agencies, len(preview.unreported)),
            done=readable and not left,
            open=readable,
        ),
        RailStep(
            WizardStep.DIFFERENCES,
            "⑤",
            f"新增{counts['new']}，修改{counts['changed']}，未变{counts['same']}",
            done=ready,
            open=readable,
        ),
        RailStep(WizardStep.CONFIRM, "⑥", "确认后才写入方案", done=False, open=ready),
    )


def _agencies_note(undecided: int, unreported: int) -> str:
    if not undecided and not unreported:
        return "全部匹配"
    return f"未识别{undecided}" if undecided else f"待定填报单位{unreported}"


def next_step(preview: Preview) -> WizardStep:
    """Where a person who comes back goes on: the first step with something left in it."""
    first = next((step for step in rail(preview)[1:] if not step.done), None)
    return first.step if first and first.step != WizardStep.CONFIRM else WizardStep.DIFFERENCES


@dataclass(frozen=True)
class SpellingLine:
    """An unknown spelling: where it stands, what it resembles, what it could become."""

    unknown: UnknownAgency
    near: tuple[Suggestion, ...]
    twins: tuple[Suggestion, ...]
    proposal: NewAgency
    answer: Mapping[str, str]

    @property
    def spelling(self) -> str:
        return self.unknown.spelling

    @property
    def places(self) -> str:
        cells = [f"{letter}{row}" for row, letter in self.unknown.cells[:6]]
        return "、".join(cells) + ("…" if len(self.unknown.cells) > 6 else "")

    @property
    def offers(self) -> tuple[Suggestion, ...]:
        """Names that it may be the same as: other spellings of this table, then known names."""
        return (*self.twins, *self.near)

    @property
    def suggested(self) -> Mapping[str, str]:
        """What taking the suggestion means: the same as a very near name, else a new agency."""
        best = max(self.offers, key=lambda offer: offer.score, default=None)
        if best and best.score >= _NEAR:
            return {"do": SAME, "agency": best.name}
        new = self.proposal
        return {"do": NEW, "name": new.name, "short_name": new.short_name, "code": new.code,
                "kind": new.kind}  # fmt: skip

    @property
    def is_company(self) -> bool:
        return self.proposal.kind in COMPANY_KINDS

    @property
    def is_group(self) -> bool:
        return self.proposal.kind in GROUP_KINDS


def spelling_lines(preview: Preview) -> tuple[SpellingLine, ...]:
    """The spellings to decide, the most frequent first, so that rare variants refer to them."""
    unknown = sorted(preview.unknown, key=lambda one: -len(one.cells))
    codes = set(preview.agencies.known.codes)
    codes |= {new.code for new in preview.agencies.new}
    lines, earlier = [], list[str]()
    for one in unknown:
        answer = preview.answers.agencies.get(one.spelling, {})
        proposal = propose(one.spelling, codes)
        if not answer:
            codes.add(proposal.code)
        twins = alike(one.spelling, earlier)
        if not twins:
            earlier.append(one.spelling)
        near = preview.agencies.known.names.nearest(one.spelling)
        lines.append(SpellingLine(one, near, twins, proposal, answer))
    return tuple(lines)


@dataclass(frozen=True)
class ReporterLine:
    """A project of a firm or group: somebody in government has to report it."""

    row: int
    number: int | None
    name: str
    owners: str
    chosen: str


def reporter_lines(preview: Preview) -> tuple[ReporterLine, ...]:
    """Projects whose reporting agency has to be chosen, once it is known who can report."""
    if preview.answered.undecided:
        return ()
    asked = set(preview.unreported) | {int(row) for row in preview.answers.reporters}
    return tuple(
        ReporterLine(
            entry.row,
            entry.number,
            entry.name,
            str(entry.values["owner_text"]),
            preview.answers.reporters.get(str(entry.row), ""),
        )
        for entry in preview.answered.entries
        if entry.register == PROJECTS and entry.row in asked
    )


def reporter_choices(preview: Preview) -> list[tuple[str, str]]:
    """Bodies that can report, known or to be added, and the explicit choice of none yet."""
    names = [name for name, agency in preview.agencies.known.by_name.items() if agency.can_report]
    names += [new.name for new in preview.agencies.new if preview.agencies.can_report(new.name)]
    return [
        ("", "请选择"),
        *((name, name) for name in names),
        (UNASSIGNED, "暂不指定，以后由管理员指定"),
    ]


def accept_all(lines: Sequence[SpellingLine]) -> dict[str, Mapping[str, str]]:
    """Suggestions for every spelling that is not decided."""
    return {line.spelling: line.suggested for line in lines if not line.answer}
