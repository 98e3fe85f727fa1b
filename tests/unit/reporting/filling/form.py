"""The form of an item as a browser without a script sends and shows it."""

from django.utils import timezone

from reporting.choices import DecisionKind, ObligationState
from reporting.models import Decision, FieldComment
from tests.factories.agencies import UserFactory


def entered(client, obligation, **more):
    user = UserFactory(name="张三", agency=obligation.agency, **more)
    client.force_login(user)
    return user


def post(client, obligation, follow=True, query="", **data):
    for name in [name for name in data if not name.startswith(("v_", "pick_"))]:
        if name not in {"go", "convert", "sum", "quote", "draft", "accept"}:
            data.setdefault(f"v_{name}", "0")
    return client.post(f"{obligation.get_absolute_url()}{query}", data, follow=follow)


def text_of(page):
    return page.content.decode()


def returned(obligation, field="value", **comment):
    decision = Decision.objects.create(
        obligation=obligation,
        kind=DecisionKind.RETURNED,
        comment="数值与台账不一致",
        by_name="李敏",
        by_id=1,
        by_agency="区发改局",
        decided_at=timezone.now(),
    )
    obligation.state = ObligationState.RETURNED
    obligation.save()
    return FieldComment.objects.create(decision=decision, field=field, text="核实数值", **comment)
