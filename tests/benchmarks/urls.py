from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from agencies.models import User
from targets.charts import trajectory_chart
from targets.selectors import target_detail


def reference(request: HttpRequest) -> HttpResponse:
    """Page A: session and user, and nothing else."""
    return HttpResponse("ok" if isinstance(request.user, User) else "no")


def everything_inline(request: HttpRequest, code: str) -> HttpResponse:
    """What a chart costs when plotly.py writes the page: library and figure in its text."""
    import plotly.graph_objects as go

    figure = go.Figure(trajectory_chart(target_detail(code=code)).figure)
    response = HttpResponse(figure.to_html(include_plotlyjs=True, full_html=True))
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


urlpatterns = [
    path("bench/a/", reference),
    path("bench/inline/<str:code>/", everything_inline),
    path("", include("kaifu_carbon.urls")),
]
