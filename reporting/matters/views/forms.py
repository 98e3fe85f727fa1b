"""The forms of a matter: raising it, 研判, a leader's 批示."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from agencies.policies import Action, SignedInRequest, can, requires
from common.web.input_cleaning import key_of
from reporting.choices import MatterStep
from reporting.matters.forms.matters import (
    AssessForm,
    CorrectForm,
    InstructForm,
    MatterForm,
    RegisterForm,
)
from reporting.matters.selectors.detail_page import draft_of
from reporting.matters.services import matters
from reporting.matters.views.detail import known, paged
from reporting.matters.views.drafting import sent
from reporting.models import Instruction, Matter, Obligation
from reporting.policies import check_matter_step

_ABOUT = ("target", "task", "project")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.RAISE_MATTERS)
def new_matter(request: SignedInRequest) -> HttpResponse:
    """Agencies report, reviewers register: from scratch or from a report's problem (?item=)."""
    is_bureau = can(request.user, Action.KEEP_MATTERS)
    source = _source(request) if is_bureau else Matter()
    place = f"new-item-{source.obligation_id}" if source.obligation_id else "new"
    form = (RegisterForm if is_bureau else MatterForm)(
        request.POST or None,
        request.FILES or None,
        instance=source,
        initial=_about(request),
        draft=draft_of(place=place, reader=request.user),
    )

    def act(typed: MatterForm | RegisterForm) -> Matter:
        save = matters.register if is_bureau else matters.report
        return save(matter=typed.instance, by=request.user, files=typed.cleaned_data["attached"])

    done = "已登记" if is_bureau else "已报告区发改局，答复和办理情况显示在本页"
    if answer := sent(request, place, form, act, done):
        return answer
    context = {"form": form, "place": place, "is_bureau": is_bureau, "source": source}
    return render(request, "reporting/matters/matter_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_MATTERS)
def assess(request: SignedInRequest, code: str) -> HttpResponse:
    """研判: the bureau's opinion and its classification of the matter."""
    found, place = known(request, code), f"assess-{code}"
    check_matter_step(step=MatterStep.ASSESS, matter=found, by=request.user)
    draft = draft_of(place=place, reader=request.user)
    form = AssessForm(request.POST or None, instance=found, draft=draft)

    def act(typed: AssessForm) -> Matter:
        text, seen = typed.cleaned_data["opinion"], request.POST.get("seen", "")
        return matters.assess(matter=typed.instance, text=text, by=request.user, seen=seen)

    if answer := sent(request, place, form, act, "已研判"):
        return answer
    page = paged(request, known(request, code) if form.is_bound else found)
    context = {"page": page, "matter": page.matter, "form": form, "place": place}
    return render(request, "reporting/matters/matter_step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_MATTERS)
def instruct(request: SignedInRequest, code: str) -> HttpResponse:
    """Register a leader's instruction, in the leader's words."""
    found, place = known(request, code), f"instruct-{code}"
    check_matter_step(step=MatterStep.INSTRUCT, matter=found, by=request.user)
    form = InstructForm(
        request.POST or None,
        request.FILES or None,
        initial={name: getattr(found, name) for name in ("handler", "partners", "due_on")},
        draft=draft_of(place=place, reader=request.user),
    )

    def act(typed: InstructForm) -> Matter:
        return matters.instruct(
            matter=typed.take_into(found),
            instruction=typed.instruction,
            by=request.user,
            files=typed.cleaned_data["attached"],
            seen=request.POST.get("seen", ""),
        ).matter

    if answer := sent(request, place, form, act, "已登记批示，承办单位在“事项”里看到"):
        return answer
    return _shown(request, form, place, code)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.KEEP_MATTERS)
def correct(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """Correct a wrongly registered 批示 by a new version, with the reason."""
    found, place = known(request, code), f"correct-{code}-{number}"
    check_matter_step(step=MatterStep.CORRECT, matter=found, by=request.user)
    last = Instruction.objects.filter(matter=found, number=number).order_by("-version").first()
    if last is None:
        raise Http404(f"没有第{number}次批示")
    bodies = {name: getattr(found, name) for name in ("handler", "partners", "due_on")}
    form = CorrectForm(
        request.POST or None,
        request.FILES or None,
        initial={**bodies, "leader": last.leader, "day": last.day, "words": last.text},
        draft=draft_of(place=place, reader=request.user),
    )

    def act(typed: CorrectForm) -> Matter:
        return matters.correct_instruction(
            matter=typed.take_into(found),
            number=number,
            instruction=typed.instruction,
            by=request.user,
            files=typed.cleaned_data["attached"],
            seen=request.POST.get("seen", ""),
        ).matter

    if answer := sent(request, place, form, act, "已更正批示，原来登记的内容保留在办理过程中"):
        return answer
    return _shown(request, form, place, code)


def _shown(request: SignedInRequest, form: InstructForm, place: str, code: str) -> HttpResponse:
    page = paged(request, known(request, code))
    context = {"page": page, "matter": page.matter, "form": form, "place": place}
    return render(request, "reporting/matters/matter_step.html", context)


def _about(request: HttpRequest) -> dict[str, str]:
    """The subject of the page that the reader comes from."""
    code = request.GET.get("about", "")
    return {"about": code} if code else {}


def _source(request: HttpRequest) -> Matter:
    """The source of a new matter, filled in as far as it is known."""
    key = key_of(request.GET.get("item", ""))
    if key is None:
        return Matter()
    row = get_object_or_404(Obligation.objects.with_subjects(), pk=key)
    known_ = {name: getattr(row, name) for name in _ABOUT}
    text, measures = row.texts.get("problems", ""), row.texts.get("next_steps", "")
    return Matter(
        obligation=row, agency=row.agency, title=text[:120], text=text, measures=measures, **known_
    )
