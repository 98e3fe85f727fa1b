"""Forms of the wizard: one request parsed, errors in the user's words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator

from agencies.models import SLUG
from common.fields import typed_field
from common.quantities import UnreadableError
from common.workbooks.files import MAX_BYTES
from imports.annex.results import FIELD_LABELS
from imports.choices import AnnexTable
from imports.selectors.agencies import NEW, NOT_AN_AGENCY, SAME
from imports.selectors.problems import LATER, VALUE, ProblemLine, parse_typed
from imports.selectors.wizard import KIND_GROUPS, ReporterLine, SpellingLine

LABEL_LENGTH = 60
TASK_FIELDS = ("category", "title", "number", "lead", "responsible")
MANY = {"lead", "responsible", "owners"}
PROJECT_FIELDS = ("number", "category", "name", "owners", "responsible", "content", "years",
                  "start_year", "end_year", "total_investment_wan")  # fmt: skip


class UploadForm(forms.Form):
    """A workbook. Its size is looked at before its content is."""

    file = forms.FileField(
        label="附件表格",
        help_text=".xlsx或.csv，20MB以内。.xls、.et请先在WPS或Excel中另存为.xlsx。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "请选择要导入的附件1或附件2",
            "empty": "文件是空的，没有任何内容，请检查后重新上传。",
            "max_length": "文件名太长，请改短后重新上传。",
        },
        max_length=200,
    )

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            size = (file.size or 0) / 1048576
            raise forms.ValidationError(
                f"文件有{size:.0f}MB，超过20MB的上限，请删去图片和无关的工作表后重新上传。"
            )
        return file


class HeaderForm(forms.Form):
    """Sheet, table, rows of the header, and the field of each column."""

    sheet = forms.ChoiceField(label="工作表")
    table = forms.ChoiceField(label="表格", choices=AnnexTable.choices)
    first_row = forms.IntegerField(label="表头从第几行", min_value=1, max_value=100_000)
    last_row = forms.IntegerField(label="到第几行", min_value=1, max_value=100_000)

    def __init__(
        self, data: Mapping[str, Any] | None, *, choices: Mapping[str, Any], initial: Any
    ) -> None:
        super().__init__(data, initial=initial)
        sheets = [(name, name) for name in choices["sheets"]]
        typed_field(self, "sheet", forms.ChoiceField).choices = sheets
        table = initial["table"]
        self.letters = choices["sample"]["letters"]
        for letter in self.letters:
            self.fields[f"column_{letter}"] = forms.ChoiceField(
                label=f"{letter}列", choices=_field_choices(table), required=False
            )

    def general(self) -> list[forms.BoundField]:
        """The fields that are about the whole sheet."""
        columns = {field.name for field in self.columns()}
        return [field for field in self if field.name not in columns]

    def columns(self) -> list[forms.BoundField]:
        """The select of each column, from left to right."""
        return [self[f"column_{letter}"] for letter in self.letters]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_row"), found.get("last_row")
        if first and last and not 0 <= last - first <= 5:
            self.add_error("last_row", "表头应在1至6行之内，末行不能在首行之前")
        if not self.reads_anew:
            self._check_columns(found)
        return found

    @property
    def reads_anew(self) -> bool:
        """Another sheet or table: its header is looked for, the selects below do not count."""
        return bool({"sheet", "table"} & set(self.changed_data))

    def _check_columns(self, found: Mapping[str, Any]) -> None:
        chosen = [found.get(f"column_{letter}") for letter in self.letters]
        needed = "name" if found.get("table") == AnnexTable.PROJECTS else "title"
        if needed not in chosen:
            self.add_error(None, f"要有一列是“{FIELD_LABELS[needed]}”，否则读不出内容")
        for name in {name for name in chosen if name} - MANY:
            if chosen.count(name) > 1:
                self.add_error(None, f"有{chosen.count(name)}列都选了“{FIELD_LABELS[name]}”")

    def chosen_columns(self) -> dict[str, str]:
        """Column letter → field, without the columns that are left out."""
        pairs = ((letter, self.cleaned_data.get(f"column_{letter}")) for letter in self.letters)
        return {letter: field for letter, field in pairs if field}


def _field_choices(table: str) -> list[tuple[str, str]]:
    """The fields of the table that was recognised; another table is read anew, without them."""
    names = PROJECT_FIELDS if table == AnnexTable.PROJECTS else TASK_FIELDS
    return [("", "不读"), *((name, FIELD_LABELS[name]) for name in names)]


class ProblemsForm(forms.Form):
    """One answer for each problem of a page."""

    def __init__(self, data: Mapping[str, Any] | None, *, lines: Sequence[ProblemLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            if line.asks:
                self.fields[f"value-{line.key}"] = self._convenor(line)
            else:
                self.fields[f"do-{line.key}"] = self._choice(line)
                self.fields[f"value-{line.key}"] = forms.CharField(
                    label=f"{line.place}改为", required=False, initial=_first_value(line)
                )

    def _convenor(self, line: ProblemLine) -> forms.ChoiceField:
        own = [(name, name) for name in line.candidates[: line.own]]
        if own:
            own[0] = (own[0][0], f"{own[0][1]}（列第一位）")
        others = [(name, name) for name in line.candidates[line.own :]]
        groups = [(label, group) for label, group in (("本任务责任单位", own), ("其他单位", others))
                  if group]  # fmt: skip
        answer = line.answer
        return forms.ChoiceField(
            label=f"{line.place}汇总单位",
            required=False,
            choices=[("", "请选择"), *groups, (LATER, "暂不指定，由区发改局以后指定")],
            initial=LATER if answer.get("do") == LATER else answer.get("value", ""),
        )

    def _choice(self, line: ProblemLine) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=f"{line.place}{line.label}",
            required=False,
            choices=[(name, _shortened(words)) for name, words in line.choices],
            initial=line.answer.get("do") or line.default,
            widget=forms.RadioSelect,
        )

    def rows(self) -> list[dict[str, Any]]:
        """Each problem with its bound fields, its radios with whether they ask for a text."""
        return [self._row(line) for line in self.lines]

    def _row(self, line: ProblemLine) -> dict[str, Any]:
        do = self[f"do-{line.key}"] if f"do-{line.key}" in self.fields else None
        radios = [(radio, radio.data["value"] == VALUE) for radio in do or ()]
        return {"line": line, "do": do, "radios": radios, "value": self[f"value-{line.key}"]}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for line in self.lines:
            if self._do(line) == VALUE and not line.asks:
                self._check_typed(line, found.get(f"value-{line.key}", ""))
        return found

    def _do(self, line: ProblemLine) -> str:
        return str(self.cleaned_data.get(f"do-{line.key}") or "")

    def _check_typed(self, line: ProblemLine, text: str) -> None:
        name = f"value-{line.key}"
        if not text.strip():
            self.add_error(name, f"{line.place}：请写出要改成的内容")
            return
        try:
            parse_typed(line.problem.field or "", text)
        except UnreadableError as error:
            self.add_error(name, f"{line.place}：{error}")

    def answers(self) -> dict[str, dict[str, str]]:
        """Key → answer; empty if nothing was chosen."""
        return {line.key: self._answer(line) for line in self.lines}

    def _answer(self, line: ProblemLine) -> dict[str, str]:
        value = self.cleaned_data.get(f"value-{line.key}", "")
        if line.asks:
            if value == LATER:
                return {"do": LATER}
            return {"do": VALUE, "value": value} if value else {}
        do = self._do(line)
        if do == VALUE:
            return {"do": do, "value": value.strip()}
        return {"do": do} if do and (do != line.default or line.answer) else {}


def _first_value(line: ProblemLine) -> str:
    return line.answer.get("value") or line.problem.suggestion or line.printed


def _shortened(words: str) -> str:
    return words if len(words) <= LABEL_LENGTH else f"{words[:LABEL_LENGTH]}…"


class SpellingForm(forms.Form):
    """What one unknown spelling means. The form's prefix tells the spelling."""

    do = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    other = forms.ChoiceField(required=False, label="选择单位")
    short_name = forms.CharField(required=False, label="简称", max_length=30)
    code = forms.CharField(
        required=False,
        label="网址代码",
        max_length=30,
        validators=[RegexValidator(SLUG.regex, SLUG.message)],
    )
    kind = forms.ChoiceField(required=False, label="类别", choices=KIND_GROUPS)

    def __init__(
        self, data: Mapping[str, Any] | None, *, line: SpellingLine, prefix: str,
        known: Sequence[str],
    ) -> None:  # fmt: skip
        answer, new = line.answer, line.proposal
        near = {offer.name for offer in line.offers}
        same = answer.get("agency", "")
        initial = {
            "do": f"same:{same}" if same in near else answer.get("do", ""),
            "other": same,
            "short_name": answer.get("short_name", new.short_name),
            "code": answer.get("code", new.code),
            "kind": answer.get("kind", new.kind),
        }
        super().__init__(data, prefix=prefix, initial=initial)
        self.line = line
        same_as = [(f"same:{o.name}", f"同“{o.name}”，相近{o.score}%") for o in line.offers]
        do = typed_field(self, "do", forms.ChoiceField)
        do.choices = [*same_as, (SAME, "同其他单位"), (NEW, "新建"), (NOT_AN_AGENCY, "不是单位")]
        other = typed_field(self, "other", forms.ChoiceField)
        other.choices = [("", "请选择"), *((name, name) for name in known)]

    def radios(self) -> list[tuple[forms.boundfield.BoundWidget, bool, bool]]:
        """Each answer with whether it asks which other agency it is, or for a new one."""
        return [
            (radio, radio.data["value"] == SAME, radio.data["value"] == NEW) for radio in self["do"]
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        do = found.get("do")
        if do == SAME and not found.get("other"):
            self.add_error("other", f"请选择“{self.line.spelling}”就是哪个单位")
        if do == NEW:
            for name in ("short_name", "code", "kind"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写“{self.line.spelling}”的{self.fields[name].label}")
        return found

    def answer(self) -> dict[str, str]:
        """As it is kept with the run; empty if nothing was chosen."""
        found = self.cleaned_data
        do = found.get("do", "")
        if do.startswith("same:"):
            return {"do": SAME, "agency": do.removeprefix("same:")}
        if do == SAME:
            return {"do": SAME, "agency": found["other"]}
        if do == NEW:
            fields = {name: found[name] for name in ("short_name", "code", "kind")}
            return {"do": NEW, "name": self.line.spelling, **fields}
        return {"do": NOT_AN_AGENCY} if do == NOT_AN_AGENCY else {}


class ReportersForm(forms.Form):
    """Who reports each project whose owner cannot."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, lines: Sequence[ReporterLine],
        choices: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"reporter-{line.row}"] = forms.ChoiceField(
                label=f"{line.name}的填报责任单位",
                required=False,
                choices=choices,
                initial=line.chosen,
            )
        self.fields["rest"] = forms.ChoiceField(
            label="其余未选的项目都设为", required=False, choices=choices
        )

    def rows(self) -> list[tuple[ReporterLine, forms.BoundField]]:
        """Each project with its select."""
        return [(line, self[f"reporter-{line.row}"]) for line in self.lines]

    def reporters(self) -> dict[str, str]:
        """Row → chosen body; what is not chosen takes the common one."""
        rest = self.cleaned_data.get("rest", "")
        return {
            str(line.row): self.cleaned_data.get(f"reporter-{line.row}") or rest
            for line in self.lines
        }


def clashing_codes(forms_: Iterable[SpellingForm], taken: Iterable[str]) -> bool:
    """Note codes that two agencies would share; True where there is one."""
    used, clash = set(taken), False
    for form in forms_:
        answer = form.answer()
        if answer.get("do") == NEW:
            if answer["code"] in used:
                form.add_error("code", f"网址代码“{answer['code']}”已经有单位使用")
                clash = True
            used.add(answer["code"])
    return clash
