"""A file into the plan without questions: for the command and for loading the published plan."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from agencies.models import User
from agencies.policies import check_can_manage
from audit.models import Way
from audit.origin import acting
from common.workbooks.reading import read_workbook
from imports.annex.results import AnnexReading, CellProblem
from imports.models import ImportRun
from imports.selectors.agencies import NEW, propose
from imports.selectors.plan_registers import KnownAgencies, known_agencies
from imports.selectors.preview import Answers, Preview, build_preview
from imports.selectors.problems import KEEP, LATER, UNKNOWN, by_key
from imports.selectors.reading_storage import pack
from imports.selectors.remembered_answers import remembered
from imports.services.confirming import confirm
from imports.services.reading import read


@dataclass(frozen=True)
class ImportOutcome:
    """What an import of a file found and did. `run` is None if nothing was written."""

    preview: Preview
    run: ImportRun | None
    refusals: tuple[str, ...] = ()


class ImportRefusedError(ValueError):
    """A file was not imported; one sentence for each reason."""

    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__("；".join(outcome.refusals))
        self.outcome = outcome


def check_file(
    *, data: bytes, filename: str, sheet: str = "", create_agencies: bool = False
) -> ImportOutcome:
    """Read a file against the plan and write nothing. Raises WorkbookError."""
    choices: dict[str, Any] = {"sheet": sheet}
    reading = read(workbook=read_workbook(data, filename), choices=choices)
    preview = build_preview(reading, _answers(reading, create_agencies))
    return ImportOutcome(preview, None, _refusals(preview))


def import_file(
    *,
    data: bytes,
    filename: str,
    by: User | None = None,
    create_agencies: bool = False,
    sheet: str = "",
) -> ImportOutcome:
    """Import a file without questions: tasks without lead stay without convenor.

    A file that changes nothing writes nothing. Raises ImportRefusedError where a row cannot be
    read or an agency is unknown, WorkbookError for a file that cannot be opened.
    """
    check_can_manage(by)
    outcome = check_file(data=data, filename=filename, sheet=sheet, create_agencies=create_agencies)
    if outcome.refusals:
        raise ImportRefusedError(outcome)
    preview = outcome.preview
    if preview.changes_nothing:
        return outcome
    with transaction.atomic(), acting(way=Way.ANNEX):
        run = ImportRun.objects.create(
            file_name=filename[-200:],
            sha256=hashlib.sha256(data).hexdigest(),
            content=data,
            table=preview.reading.table or "",
            sheet=(preview.reading.sheet or "")[:80],
            reading=pack(preview.reading),
            created_by=by,
            **_kept(preview.answers),
        )
        return replace(outcome, run=confirm(run=run, by=by))


def _kept(answers: Answers) -> dict[str, Any]:
    return {
        "answers": {
            "cells": answers.cells,
            "reporters": answers.reporters,
            "refused_targets": answers.refused_targets,
        },
        "agency_answers": answers.agencies,
    }


def _answers(reading: AnnexReading, create_agencies: bool) -> Answers:
    """What a command answers: questions as read, no convenor, no reporter, no new target."""
    passed = {
        key: {"do": LATER if problem.code == "no_lead" else KEEP}
        for key, problem in by_key(reading.problems)
        if _may_pass(problem)
    }
    cells = {**passed, **remembered(reading)}
    answers = Answers(
        cells=cells,
        reporters={},
        agencies=_new_agencies(reading, known_agencies()) if create_agencies else {},
    )
    preview = build_preview(reading, answers)
    return replace(
        answers,
        reporters={str(row): LATER for row in preview.unreported},
        refused_targets=tuple(line.key for line in preview.targets),
    )


def _may_pass(problem: CellProblem) -> bool:
    return problem.code == "no_lead" or (problem.severity == "question" and problem.code != UNKNOWN)


def _new_agencies(reading: AnnexReading, known: KnownAgencies) -> Mapping[str, Mapping[str, str]]:
    """Every unknown spelling as an agency of its own, with a kind by its words."""
    answers: dict[str, Mapping[str, str]] = {}
    codes = set(known.codes)
    for unknown in reading.unknown_agencies:
        new = propose(unknown.spelling, codes)
        codes.add(new.code)
        answers[unknown.spelling] = {
            "do": NEW,
            "name": new.name,
            "short_name": new.short_name,
            "code": new.code,
            "kind": new.kind,
        }
    return answers


def _refusals(preview: Preview) -> tuple[str, ...]:
    """One sentence for each problem that stands in the way, unknown agencies too."""
    undecided = set(preview.answered.undecided)
    sentences = [problem.message for problem in preview.open_problems]
    sentences += [
        problem.message
        for problem in preview.reading.problems
        if problem.code == UNKNOWN and any(f"“{name}”" in problem.message for name in undecided)
    ]
    sentences += [
        f"第{row.row}行：{row.reason}"
        for row in preview.difference.rows
        if row.state == "unreadable" and row.reason not in sentences
    ]
    return tuple(dict.fromkeys(sentences))
