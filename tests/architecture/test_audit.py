"""Each service that writes leaves an audit event; what does not is named here with its reason."""

import ast

from tests.architecture.calls import Function, definitions, is_service, module_files, reached

LEDGER = {("audit.services", name) for name in ("record", "record_all", "save")}
WRITES = {
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update",
    "update_or_create",
}  # fmt: skip
# Steps of another service, which leaves the event of the whole.
STEPS = {
    "agencies.services.sign_ins.forget": "agencies.services.accounts.reset_password",
    "agencies.services.sign_ins.new_code": "agencies.services.accounts.let_in",
    "demo.services.backdating.date_back": "demo.services.loading.load",
    "demo.services.backdating.date_settlements": "demo.services.loading.load",
    "demo.services.settling.settle": "demo.services.loading.load",
    "demo.services.matters.forget_matters": "demo.services.loading.remove",
    "demo.services.matters.raise_matters": "demo.services.loading.load",
    "demo.services.reporting.close_period": "demo.services.loading.remove",
    "demo.services.settling.forget_document": "demo.services.loading.remove",
    "imports.services.confirming.write": "imports.services.confirming.confirm",
    "imports.services.record_changes.write_shares": "imports.services.confirming.confirm",
    "imports.services.target_rows.write_targets": "imports.services.confirming.confirm",
    "imports.services.writing.retire": "imports.services.confirming.confirm",
    "imports.services.writing.write_agencies": "imports.services.confirming.confirm",
    "imports.services.writing.write_categories": "imports.services.confirming.confirm",
    "imports.services.writing.write_rows": "imports.services.confirming.confirm",
    "reporting.filling.services.evidence.stored_rows": "reporting.filling.services.evidence.add",
    "reporting.filling.services.entries.save_touched": "reporting.filling.services.evidence.add",
    "reporting.chasing.services.reminders.send_one": "reporting.chasing.services.requests.decide",
}
# What is no deed: nothing that counts has changed yet, or any more.
SILENT = {
    "agencies.services.sign_ins.sweep": "failures that count no more",
    "imports.services.reading.read_run": "reads the file whose upload is in the ledger",
    "imports.services.runs.choose_header": "an answer in the wizard: the confirmation is the deed",
    "imports.services.runs.keep_agencies": "an answer in the wizard",
    "imports.services.runs.keep_cells": "an answer in the wizard",
    "imports.services.runs.keep_choices": "an answer in the wizard",
    "reporting.typed.services.drafts.drop": "the draft was sent: that is the deed",
    "reporting.typed.services.drafts.save": "typed by one person and shown to nobody else",
    "reporting.typed.services.parking.drop": "what its page has sent: that is the deed",
    "reporting.typed.services.parking.park": "kept for half an hour, by nobody who is known",
    "reporting.typed.services.parking.sweep": "what nobody came back for",
    "reporting.filling.services.presence.sweep": "who was there before yesterday",
    "reporting.filling.services.presence.touch": "who is at a form, shown for a minute",
    "reporting.workbooks.services.choosing.choose": "an answer on the preview: writing is the deed",
    "reporting.workbooks.services.uploads.read": "reads the file whose upload is in the ledger",
    "reporting.workbooks.services.uploads.sweep": "cells that count no more; the row stays",
}


def services():
    for module in module_files():
        if is_service(module) and module.split(".")[0] not in {"audit", "embedded"}:
            for name, node in definitions(module).items():
                if isinstance(node, ast.FunctionDef) and not name.startswith("_"):
                    yield module, name


def writes(node: ast.AST) -> bool:
    """Whether rows are written here; `{}.update({})` and `set().update(…)` are not meant."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and not (call.func.attr == "update" and call.args)
        for call in ast.walk(node)
    )


def is_silent(service: Function) -> bool:
    found = list(reached(service))
    return any(writes(node) for _, node in found) and LEDGER.isdisjoint(name for name, _ in found)


def test_each_service_leaves_an_event():
    silent = {".".join(service) for service in services() if is_silent(service)}
    assert silent == {*STEPS, *SILENT}


def test_steps_are_of_a_service_that_leaves_the_event():
    for step, whole in STEPS.items():
        module, _, name = whole.rpartition(".")
        found = {function for function, _ in reached((module, name))}
        assert tuple(step.rsplit(".", 1)) in found, f"{step} is no step of {whole}"
        assert not LEDGER.isdisjoint(found), whole


def test_most_services_write():
    """The test above says little where it sees nothing."""
    seen = {service for service in services() if any(writes(n) for _, n in reached(service))}
    assert len(seen) > 100
    assert {("reporting.review.services.reviews", "approve"), ("plan.services", "retire")} <= seen
