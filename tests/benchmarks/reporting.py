"""Budgets 2 and 4 of the reporting room: python -m tests.benchmarks.reporting.

The plan stays as published; what grows is the history: 1, 10 and 100 periods of owed and handed-in
items, and as many versions of every approved value. Prints a table; docs/performance.md keeps it.
"""

import argparse
import http.client
import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.measure import Ratio, paired_ratios
from tests.benchmarks.system import System, running

if TYPE_CHECKING:
    from tests.benchmarks.pages import Visitor

FORM = "/fill/2026Q3/targets/T18/"
REPORTER = {"待填": "/my/", "填报表": FORM, "检查": "/fill/2026Q3/check/"}
REVIEWER = {"审核队列": "/review/", "审核": "/review/2026Q3/tasks/5-1/", "看板": "/dashboard/"}
REFERENCE = "A"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reporting")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--periods", type=int, nargs="+", default=[1, 10, 100])
    options = parser.parse_args()
    statements: dict[int, dict[str, int]] = {}
    ratios: dict[int, dict[str, Ratio]] = {}
    with running() as system:
        from tests.benchmarks.pages import visitors

        people = {visitor.role.value: visitor for visitor in visitors()}
        from tests.benchmarks import scale

        for periods in options.periods:
            grow(periods)
            if periods > 1:
                scale.lengthen(periods)
            scale.settle()
            statements[periods] = _statements(people)
            ratios[periods] = paired_ratios(
                _calls(system, people), REFERENCE, system.processes, options.rounds
            )
    _show(statements, ratios)


def grow(periods: int) -> None:
    """Closed quarters before the open one, each with every item approved."""
    from common.quarters import Period
    from reporting.models import Obligation, ReportingPeriod, Submission, SubmittedItem

    known = set(ReportingPeriod.objects.values_list("year", "quarter"))
    now = ReportingPeriod.objects.get(year=2026, quarter=3)
    items = list(Obligation.objects.filter(period=now))
    for quarter in Period(2026, 3).back(periods):
        if (quarter.year, quarter.quarter) in known:
            continue
        end = quarter.end
        period = ReportingPeriod.objects.create(
            year=quarter.year, quarter=quarter.quarter or 1, state="closed", is_demo=True,
            opens_on=end, due_on=end, closes_on=end,
        )  # fmt: skip
        made = Obligation.objects.bulk_create(_copies(items, period), batch_size=2000)
        receipts = {
            one.agency_id: one
            for one in Submission.objects.bulk_create(
                Submission(
                    number=f"{period.code}-{key}", period=period, agency_id=key,
                    agency_name="扩容", agency_short_name="扩容", prepared_by="扩容",
                    preparer_id=0, submitted_at=now.opened_at,
                )
                for key in {row.agency_id for row in made}
            )
        }  # fmt: skip
        SubmittedItem.objects.bulk_create(
            (
                SubmittedItem(submission=receipts[row.agency_id], obligation=row, round=1,
                              texts=row.texts)
                for row in made
            ),
            batch_size=2000,
        )  # fmt: skip


def _copies(items, period):  # type: ignore[no-untyped-def]
    from reporting.models import Obligation

    filled = {"note": {"text": "扩容", "v": 1, "by": 0, "name": "扩容", "at": ""}}
    for item in items:
        yield Obligation(
            period=period, agency_id=item.agency_id, kind=item.kind, target_id=item.target_id,
            task_id=item.task_id, project_id=item.project_id, value_year=item.value_year,
            state="approved", content=filled, version=1, submitted_at=period.opened_at,
            decided_at=period.opened_at,
        )  # fmt: skip


def _statements(people: "dict[str, Visitor]") -> dict[str, int]:
    pages = [("reporter", REPORTER), ("reviewer", REVIEWER)]
    return {
        name: people[role].statements(path) for role, part in pages for name, path in part.items()
    }


def _calls(system: System, people: "dict[str, Visitor]") -> dict[str, Callable[[], None]]:
    reporter, reviewer = people["reporter"], people["reviewer"]
    made = {REFERENCE: reporter.caller(system.address, "/bench/a/")}
    made |= {name: reporter.caller(system.address, path) for name, path in REPORTER.items()}
    made |= {name: reviewer.caller(system.address, path) for name, path in REVIEWER.items()}
    made["看板，变更后首次"] = reviewer.caller_after_change(system.address, "/dashboard/")
    made["保存一栏"] = _saver(system.address, reporter)
    return made


def _saver(address: str, reporter: "Visitor") -> Callable[[], None]:
    """Saves a new text into one field again and again, as the script of the form does."""
    name, value = reporter.cookie
    parts = urlsplit(address)
    page, cookies = _ask(parts.netloc, "GET", FORM, f"{name}={value}")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    version = [int(re.search(r'name="v_note" value="(\d+)"', page)[1])]  # type: ignore[index]
    texts = itertools.count()

    def call() -> None:
        fields = {"note": f"第{next(texts)}次", "v_note": version[0]}
        body, _ = _ask(
            parts.netloc, "POST", f"{FORM}save/", f"{name}={value}; {cookies}",
            urlencode(fields), {"X-CSRFToken": token[1], "Referer": f"{address}{FORM}"},
        )  # fmt: skip
        found = re.search(r'"note": \{"v": (\d+)', body)
        assert found, body[:300]
        version[0] = int(found[1])

    return call


def _ask(
    host: str,
    method: str,
    path: str,
    cookie: str,
    body: str = "",
    more: dict[str, str] | None = None,
) -> tuple[str, str]:
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request(method, path, body, headers | (more or {}))
    response = connection.getresponse()
    text = response.read().decode()
    cookies = (response.headers.get("Set-Cookie") or "").partition(";")[0]
    connection.close()
    assert response.status == 200, (path, response.status, text[:300])
    return text, cookies


def _show(statements: dict[int, dict[str, int]], ratios: dict[int, dict[str, Ratio]]) -> None:
    heads = [f"{periods}个填报期" for periods in statements]
    print(f"| 页面 | {' | '.join(f'SQL {head} | A {head}' for head in heads)} |")  # noqa: T201
    print("|---" * (1 + 2 * len(heads)) + "|")  # noqa: T201
    for name in next(iter(ratios.values())):
        cells = [
            f"{statements[periods].get(name, '—')} | {ratios[periods][name]}"
            for periods in statements
        ]
        print(f"| {name} | {' | '.join(cells)} |")  # noqa: T201


if __name__ == "__main__":
    main()
