"""The evidence of an obligation: uploaded, removed, reused, downloaded.

The buttons stand inside the obligation's form and submit its texts too, so that sending a file
without a script loses nothing.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from agencies.policies import Action, SignedInRequest, requires
from audit.notes import mark_noted
from common.files.store import DamagedError
from common.web.script_requests import refusal, wants_json
from reporting.filling.selectors.evidence import EvidenceFile
from reporting.filling.services import entries, evidence
from reporting.filling.services.evidence import AddedFiles
from reporting.models import Evidence, Obligation
from reporting.policies import ConflictError

_WITH_ITEM = (
    "file", "obligation__period", "obligation__agency", "obligation__target", "obligation__task",
    "obligation__project",
)  # fmt: skip
_NOTHING = AddedFiles((), ("选择要上传的文件。",))


@require_POST
@requires(Action.REPORT)
def upload(request: SignedInRequest, number: int) -> HttpResponse:
    """Add files to the obligation of this key."""

    def act(obligation: Obligation) -> AddedFiles:
        if files := request.FILES.getlist("files"):
            return evidence.add(obligation=obligation, uploads=files, by=request.user)
        return _NOTHING

    return _changed(request, number, act, "已上传")


@require_POST
@requires(Action.REPORT)
def reuse(request: SignedInRequest, number: int) -> HttpResponse:
    """Attach last quarter's files to the obligation of this key."""

    def act(obligation: Obligation) -> AddedFiles:
        return evidence.reuse_last(obligation=obligation, by=request.user)

    return _changed(request, number, act, "已沿用")


@require_POST
@requires(Action.REPORT)
def remove(request: SignedInRequest, number: int) -> HttpResponse:
    """Remove the file of this key from its obligation."""
    found = get_object_or_404(Evidence.objects.select_related(*_WITH_ITEM), pk=number)

    def act(_: Obligation) -> AddedFiles:
        return AddedFiles((evidence.remove(evidence=found, by=request.user),))

    return _changed(request, found.obligation_id, act, "已移除")


@require_safe
@requires(Action.READ_SOURCES)
@cache_control(private=True, no_store=True)
def download(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Download a file, after its content was checked against its hash."""
    found = get_object_or_404(Evidence.objects.select_related(*_WITH_ITEM), pk=number)
    try:
        content = evidence.open_file(evidence=found, by=request.user)
    except DamagedError:
        context = {"evidence": found, "obligation": found.obligation}
        return render(request, "reporting/filling/file_damaged.html", context, status=410)
    answer = FileResponse(
        content, as_attachment=True, filename=found.name, content_type=found.file.content_type
    )
    # Keeps the compression middleware away: files are packed already, and the length stays known.
    answer.headers["Content-Encoding"] = "identity"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return mark_noted(answer)


def take_along(request: SignedInRequest, obligation: Obligation) -> None:
    """Store files that were chosen when another button was pressed, without a script."""
    if files := request.FILES.getlist("files"):
        added = evidence.add(obligation=obligation, uploads=files, by=request.user)
        _tell(request, added, "已上传")


def _obligation(number: int) -> Obligation:
    return get_object_or_404(Obligation.objects.with_subjects(), pk=number)


def _changed(
    request: SignedInRequest, number: int, act: Callable[[Obligation], AddedFiles], done: str
) -> HttpResponse:
    if wants_json(request):
        return _as_json(_obligation(number), act)
    try:
        obligation = _with_typed(request, number)
        added = act(obligation)
    except ConflictError as error:
        obligation, added = _obligation(number), AddedFiles((), (str(error),))
    except ValidationError as error:
        obligation, added = _obligation(number), AddedFiles((), tuple(error.messages))
    _tell(request, added, done)
    return HttpResponseRedirect(f"{obligation.get_absolute_url()}#evidence")


def _tell(request: SignedInRequest, added: AddedFiles, done: str) -> None:
    for sentence in added.refusals:
        messages.error(request, sentence, extra_tags="evidence")
    if added.evidence:
        names = "、".join(row.name for row in added.evidence)
        messages.success(request, f"{done}{len(added.evidence)}份佐证：{names}。")


def _as_json(obligation: Obligation, act: Callable[[Obligation], AddedFiles]) -> JsonResponse:
    try:
        added = act(obligation)
    except PermissionDenied as error:
        return refusal("forbidden", str(error), 403)
    except ConflictError as error:
        return refusal("conflict", str(error), 409)
    files = [_shown(EvidenceFile.of(row)) for row in added.evidence]
    return JsonResponse({"files": files, "errors": added.refusals})


def _shown(file: EvidenceFile) -> dict[str, str | int]:
    return {
        "id": file.pk,
        "name": file.name,
        "size": file.size_text,
        "url": reverse("reporting:file", args=[file.pk]),
        "remove": reverse("reporting:file_remove", args=[file.pk]),
    }


def _with_typed(request: SignedInRequest, number: int) -> Obligation:
    """The obligation after saving the form around the button; reports conflicts."""
    edits = entries.typed_edits(data=request.POST)
    if not edits:
        return _obligation(number)
    saved = entries.save(pk=number, edits=edits, by=request.user)
    for refused in saved.unsaved:
        messages.error(request, f"{refused.label}：{refused.message}")
    for one in saved.conflicts:
        messages.error(
            request, f"“{one.label}”刚由{one.by}改为“{one.theirs}”，您填的“{one.mine}”没有保存。"
        )
    return saved.obligation
