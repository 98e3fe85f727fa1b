"""Agencies that are renamed, merged and abolished: the steps, and what they may touch."""

import datetime

from agencies.models import Agency, GroupMember
from reporting.models import Matter, Obligation
from setup import services
from setup.models import AgencyChange
from tests.factories.agencies import UserFactory

DOCUMENT = {"number": "开编委〔2026〕12号", "title": "关于机构调整的通知"}
DAY = datetime.date(2026, 11, 30)
NOW = datetime.datetime(2026, 11, 30, 2, tzinfo=datetime.UTC)
NEW = {"name": "区科技和工业信息化局", "short_name": "区科工局", "full_name": ""}


def rename(agency, *, by, day=DAY, **names):
    change = AgencyChange(agency=agency, kind="rename", day=day, **(NEW | names))
    return services.record(change=change, by=by, **DOCUMENT)


def merge(agency, into, *, by, day=DAY, accounts="move"):
    change = AgencyChange(agency=agency, kind="merge", into=into, day=day, accounts=accounts)
    return services.record(change=change, by=by, **DOCUMENT)


def abolish(agency, *, by, day=DAY):
    change = AgencyChange(agency=agency, kind="abolish", day=day)
    return services.record(change=change, by=by, **DOCUMENT)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def state_of_everything():
    """What a change may touch and taking it back has to restore."""
    found = {
        model.__name__: sorted(model.objects.values_list(*fields), key=str)
        for model, fields in (
            (Agency, ("code", "name", "short_name", "valid_to", "successor")),
            (Obligation, ("pk", "agency", "state", "content", "dropped_on", "dropped_because")),
            (GroupMember, ("group", "member")),
            (Matter, ("agency", "handler")),
        )
    }
    return found | {
        "users": sorted(type(UserFactory.build()).objects.values_list("pk", "agency", "is_active"))
    }
