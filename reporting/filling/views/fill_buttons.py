"""Actions of the buttons inside a form besides saving, for pages without a script."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from agencies.policies import SignedInRequest
from common.web.input_cleaning import key_of
from reporting.answers.selectors.checking import CheckedObligation, checked_by_key
from reporting.answers.selectors.contributions import contributions_of
from reporting.answers.selectors.reference import ProjectReference, TaskReference, reference_of
from reporting.filling.services import entries
from reporting.filling.services.entries import FieldEdit
from reporting.models import Obligation

Edits = dict[str, FieldEdit]
PICK, THEIRS = "pick_", "theirs"


def given_up(request: SignedInRequest, obligation: Obligation, edits: Edits) -> Edits:
    """The edits without those given up for the other's text; the ledger keeps them."""
    left = {name for name in edits if request.POST.get(f"{PICK}{name}") == THEIRS}
    for name in left:
        entries.give_up(pk=obligation.pk, name=name, text=edits[name].text, by=request.user)
    return {name: edit for name, edit in edits.items() if name not in left}


def reworked(request: HttpRequest, obligation: Obligation, edits: Edits) -> Edits:
    """The edits with the text that the pressed button writes."""
    for name, act in _BUTTONS.items():
        if name in request.POST:
            return edits | act(obligation, edits, str(request.POST[name]))
    return edits


def accepted(request: SignedInRequest) -> None:
    """Accept the value that a comment suggests."""
    key = key_of(request.POST.get("accept", ""))
    if key is not None:
        entries.accept_suggestion(pk=key, by=request.user)


def _convert(obligation: Obligation, edits: Edits, code: str) -> Edits:
    """换算为 78.6: apply the remedy of a finding about the texts as typed."""
    found = _as_typed(obligation, edits)
    finding = next((one for one in found.findings if one.code == code and one.remedy), None)
    if finding is None:
        return {}
    return {finding.field: _edit(edits, obligation, finding.field, finding.remedy)}


def _sum(obligation: Obligation, edits: Edits, _: str) -> Edits:
    """Write last quarter's cumulative investment plus this quarter's."""
    reference = reference_of(checked=_as_typed(obligation, edits))
    if not isinstance(reference, ProjectReference) or not reference.sum_text:
        return {}
    return {"invested_wan": _edit(edits, obligation, "invested_wan", reference.sum_text)}


def _quote(obligation: Obligation, edits: Edits, key: str) -> Edits:
    """引用: append another agency's contribution to the text."""
    found = contributions_of(obligation=obligation)
    boxes = {str(box.pk): box for box in found if box.can_be_quoted}
    return _below(obligation, edits, boxes[key].quotation) if key in boxes else {}


def _draft(obligation: Obligation, edits: Edits, _: str) -> Edits:
    """以上季度为底稿."""
    reference = reference_of(checked=_as_typed(obligation, edits))
    if not isinstance(reference, TaskReference):
        return {}
    return _below(obligation, edits, reference.narrative)


_BUTTONS: Mapping[str, Callable[[Obligation, Edits, str], Edits]] = {
    "convert": _convert,
    "sum": _sum,
    "quote": _quote,
    "draft": _draft,
}


def _below(obligation: Obligation, edits: Edits, text: str) -> Edits:
    typed, stored = edits.get("narrative"), obligation.texts.get("narrative", "")
    written = typed.text if typed else stored
    joined = "\n".join(part for part in (written.rstrip(), text) if part)
    return {"narrative": _edit(edits, obligation, "narrative", joined)}


def _edit(edits: Edits, obligation: Obligation, name: str, text: str) -> FieldEdit:
    known = edits.get(name)
    return FieldEdit(text, known.base if known else obligation.content.get(name, {}).get("v", 0))


def _as_typed(obligation: Obligation, edits: Edits) -> CheckedObligation:
    """The obligation as it would be with the edits; not stored."""
    kept = obligation.content
    obligation.content = kept | {
        name: {**kept.get(name, {}), "text": edit.text} for name, edit in edits.items()
    }
    try:
        return checked_by_key(obligations=[obligation])[obligation.pk]
    finally:
        obligation.content = kept
