"""The steps of the wizard: show one, take what was sent for one."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render

from agencies.policies import SignedInRequest
from common.web.input_cleaning import key_of
from common.workbooks.reading import WorkbookError
from imports.choices import WizardStep
from imports.forms import HeaderForm, ProblemsForm, ReportersForm, SpellingForm, clashing_codes
from imports.models import ImportRun
from imports.selectors import wizard
from imports.selectors.difference_pages import difference_page, summary
from imports.selectors.preview import Answers, Preview, build_preview
from imports.selectors.problems import KEEP, TAKE
from imports.selectors.reading_storage import unpack
from imports.services import confirming, runs

PAGE_SIZE = 100
Context = dict[str, Any]


def step_url(run: ImportRun, step: WizardStep, page: str = "") -> HttpResponseRedirect:
    """The address of a step."""
    query = QueryDict(mutable=True)
    query["step"] = step.value
    if page:
        query["page"] = page
    return redirect(f"{run.get_absolute_url()}?{query.urlencode()}")


def preview_of(run: ImportRun) -> Preview:
    return build_preview(unpack(run.reading or {}), Answers.of(run.answers, run.agency_answers))


def show_step(request: SignedInRequest, run: ImportRun) -> HttpResponse:
    """The step that the address names, else the first with something left in it."""
    preview = preview_of(run)
    named = request.GET.get("step", "")
    step = WizardStep(named) if named in _STEPS else wizard.next_step(preview)
    if preview.reading.table is None:
        step = WizardStep.HEADER
    return _page(request, run, preview, step, {})


def _page(
    request: SignedInRequest, run: ImportRun, preview: Preview, step: WizardStep, bound: Context
) -> HttpResponse:
    context = {
        "run": run,
        "step": step,
        "rail": wizard.rail(preview),
        "refusal": confirming.why_not(preview=preview),
        "preview": preview,
        **(bound or _STEPS[step][0](request, run, preview)),
    }
    return render(request, f"imports/step_{step.value}.html", context)


def take_step(request: SignedInRequest, run: ImportRun) -> HttpResponse:
    """What was sent for a step; a page that is older than the run is not accepted."""
    step = WizardStep(request.POST.get("step", "")) if request.POST.get("step") in _STEPS else None
    if step is None:
        return redirect(run)
    try:
        return _STEPS[step][1](request, run, preview_of(run))
    except (ValidationError, WorkbookError) as error:
        sentences = getattr(error, "messages", None) or [str(error)]
        messages.error(request, "；".join(sentences))
        return step_url(run, step, request.GET.get("page", ""))


def _version(request: SignedInRequest) -> int:
    return key_of(request.POST.get("version", "")) or 0


def _onward(request: SignedInRequest, run: ImportRun, step: WizardStep) -> HttpResponseRedirect:
    """To the next step if asked; to this one again if something in it is still open."""
    if request.POST.get("action") != "next":
        messages.success(request, "已保存，方案没有变化。")
        return step_url(run, step, request.GET.get("page", ""))
    order = list(WizardStep)
    return step_url(run, order[order.index(step) + 1])


def _header(_request: SignedInRequest, run: ImportRun, preview: Preview) -> Context:
    return {"form": _header_form(None, run, preview), "sample": run.header_choices["sample"]}


def _header_form(data: QueryDict | None, run: ImportRun, preview: Preview) -> HeaderForm:
    header, sample = preview.reading.header, run.header_choices["sample"]
    rows = header.rows if header else (sample["first"],)
    initial = {
        "sheet": preview.reading.sheet,
        "table": preview.reading.table or run.header_choices.get("table") or "tasks",
        "first_row": rows[0],
        "last_row": rows[-1],
    }
    for column in header.columns if header else ():
        initial[f"column_{column.letter}"] = column.field or ""
    return HeaderForm(data, choices=run.header_choices, initial=initial)


def _take_header(request: SignedInRequest, run: ImportRun, preview: Preview) -> HttpResponse:
    form = _header_form(request.POST, run, preview)
    if not form.is_valid():
        bound = {"form": form, "sample": run.header_choices["sample"]}
        return _page(request, run, preview, WizardStep.HEADER, bound)
    if not form.has_changed():
        return step_url(run, WizardStep.PROBLEMS)
    found, choices = form.cleaned_data, {}
    choices["sheet"], choices["table"] = found["sheet"], found["table"]
    if not form.reads_anew:
        choices["override"] = {
            "first_row": found["first_row"],
            "last_row": found["last_row"],
            "columns": form.chosen_columns(),
        }
    runs.choose_header(run=run, choices=choices, by=request.user, version=_version(request))
    messages.success(request, "已按新的表头重新读取，方案没有变化。")
    return step_url(run, WizardStep.HEADER)


def _problems(request: SignedInRequest, _run: ImportRun, preview: Preview) -> Context:
    page = _paged(preview.lines, request)
    return {"form": ProblemsForm(None, lines=list(page)), "page": page}


def _take_problems(request: SignedInRequest, run: ImportRun, preview: Preview) -> HttpResponse:
    version = _version(request)
    if request.POST.get("action") == "take_all":
        cells = {
            line.key: {"do": TAKE if TAKE in dict(line.choices) else KEEP}
            for line in preview.lines
            if not line.must and not line.answer
        }
        runs.keep_cells(run=run, cells=cells, by=request.user, version=version)
        messages.success(request, f"已采纳{len(cells)}条建议，方案没有变化。")
        return step_url(run, WizardStep.PROBLEMS)
    page = _paged(preview.lines, request)
    form = ProblemsForm(request.POST, lines=list(page))
    if not form.is_valid():
        return _page(request, run, preview, WizardStep.PROBLEMS, {"form": form, "page": page})
    run = runs.keep_cells(run=run, cells=form.answers(), by=request.user, version=version)
    lines = preview_of(run).lines
    left = [place for place, line in enumerate(lines) if line.is_open]
    if left and request.POST.get("action") == "next":
        messages.warning(request, f"已保存。还有{len(left)}处必须处理，处理完才能确认导入。")
        return step_url(run, WizardStep.PROBLEMS, str(left[0] // PAGE_SIZE + 1))
    return _onward(request, run, WizardStep.PROBLEMS)


def _agencies(request: SignedInRequest, _run: ImportRun, preview: Preview) -> Context:
    return _agency_forms(None, request, preview)


def _agency_forms(data: QueryDict | None, request: SignedInRequest, preview: Preview) -> Context:
    page = _paged(wizard.spelling_lines(preview), request)
    known = list(preview.agencies.known.by_name)
    return {
        "page": page,
        "spellings": [
            SpellingForm(data, line=line, prefix=f"s{place}", known=known)
            for place, line in enumerate(page)
        ],
        "reporters": ReportersForm(
            data,
            lines=wizard.reporter_lines(preview),
            choices=wizard.reporter_choices(preview),
        ),
    }


def _take_agencies(request: SignedInRequest, run: ImportRun, preview: Preview) -> HttpResponse:
    version = _version(request)
    if request.POST.get("action") == "take_all":
        answers = wizard.accept_all(wizard.spelling_lines(preview))
        runs.keep_agencies(
            run=run, agencies=answers, reporters={}, by=request.user, version=version
        )
        messages.success(request, f"已采纳{len(answers)}条建议，确认导入前都可以改。")
        return step_url(run, WizardStep.AGENCIES)
    bound = _agency_forms(request.POST, request, preview)
    spellings, reporters = bound["spellings"], bound["reporters"]
    valid = all([form.is_valid() for form in spellings]) and reporters.is_valid()  # noqa: C419
    if not valid or clashing_codes(spellings, preview.agencies.known.codes):
        return _page(request, run, preview, WizardStep.AGENCIES, bound)
    run = runs.keep_agencies(
        run=run,
        agencies={form.line.spelling: form.answer() for form in spellings if form.answer()},
        reporters=reporters.reporters(),
        by=request.user,
        version=version,
    )
    left = preview_of(run)
    if request.POST.get("action") == "next" and (left.answered.undecided or left.unreported):
        messages.warning(request, f"已保存。{confirming.why_not(preview=left)}")
        return step_url(run, WizardStep.AGENCIES, request.GET.get("page", ""))
    return _onward(request, run, WizardStep.AGENCIES)


def _differences(request: SignedInRequest, _run: ImportRun, preview: Preview) -> Context:
    return {"differences": difference_page(preview, request.GET.get("page"))}


def _take_differences(request: SignedInRequest, run: ImportRun, preview: Preview) -> HttpResponse:
    shown = set(request.POST.getlist("shown_target"))
    wanted = set(request.POST.getlist("target"))
    known = {one.key for one in preview.difference.retirements}
    run = runs.keep_choices(
        run=run,
        retire=[key for key in request.POST.getlist("retire") if key in known],
        refused_targets=sorted(shown - wanted),
        by=request.user,
        version=_version(request),
    )
    return _onward(request, run, WizardStep.DIFFERENCES)


def _confirm(_request: SignedInRequest, _run: ImportRun, preview: Preview) -> Context:
    return {"summary": summary(preview)}


def _take_confirm(request: SignedInRequest, run: ImportRun, _preview: Preview) -> HttpResponse:
    run = confirming.confirm(run=run, by=request.user, version=_version(request))
    messages.success(request, "已导入方案。如有不妥，可以在本页撤销。")
    return redirect(run)


def _paged(items: Sequence[Any], request: SignedInRequest) -> Page[Any]:
    return Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))


Show = Callable[[SignedInRequest, ImportRun, Preview], Context]
Take = Callable[[SignedInRequest, ImportRun, Preview], HttpResponse]
_STEPS: dict[str, tuple[Show, Take]] = {
    WizardStep.HEADER: (_header, _take_header),
    WizardStep.PROBLEMS: (_problems, _take_problems),
    WizardStep.AGENCIES: (_agencies, _take_agencies),
    WizardStep.DIFFERENCES: (_differences, _take_differences),
    WizardStep.CONFIRM: (_confirm, _take_confirm),
}
