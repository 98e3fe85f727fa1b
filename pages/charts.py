"""The two addresses of a chart: its figure for the page, and its table as a workbook."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from agencies.policies import Action, requires
from common.charts import Chart, chart_json
from common.charts.sheets import chart_response
from pages.caching import cached_by_version, unchanged_answers_304
from pages.decorators import accepts_asof, accepts_basis
from pages.frame import frame_of
from pages.links import View

Draw = Callable[..., Chart | None]


def chart_views(draw: Draw, *, area: str) -> tuple[View, View]:
    """The two views of the charts that `draw` makes for a request and the parts of its address.

    Both answer 404 where it makes none. A figure is the same for every reader and cached until
    recorded values of the `area` change. Waiting values are in no workbook.
    """

    def drawn(request: HttpRequest, parts: dict[str, str]) -> Chart:
        chart = draw(request, **parts)
        if chart is None:
            raise Http404("没有这张图，或还没有可以画的数值")
        return chart

    @require_safe
    @requires(Action.READ)
    @accepts_asof
    @accepts_basis
    @unchanged_answers_304
    def figure(request: HttpRequest, **parts: str) -> HttpResponse:
        body = cached_by_version(
            frame_of(request),
            request.get_full_path(),
            lambda: chart_json(drawn(request, parts)),
            area=area,
        )
        return HttpResponse(body, content_type="application/json")

    @require_safe
    @requires(Action.READ)
    @accepts_asof
    def workbook(request: HttpRequest, **parts: str) -> HttpResponse:
        return chart_response(drawn(request, parts), as_of=frame_of(request).past_day)

    return figure, workbook
