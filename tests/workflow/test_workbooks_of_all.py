"""The unedited workbook of every agency that has to write changes nothing, nor does a second time.

The published plan with the demonstration set: every kind of item, handed in, returned and approved.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.choices import Role
from reporting.choices import WITH_REPORTER
from reporting.models import Obligation, ReportingPeriod
from reporting.workbooks.selectors.preview import preview_page
from reporting.workbooks.services import downloads, uploads
from reporting.workbooks.sheets.writing import written
from tests.factories.agencies import UserFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.usefixtures("of_2026q3"),
]


def test_an_unedited_workbook_of_every_agency_changes_nothing():
    period = ReportingPeriod.objects.get(year=2026, quarter=3)
    owed = Obligation.objects.filter(period=period, dropped_on=None).select_related("agency")
    agencies = {one.agency_id: one.agency for one in owed.filter(state__in=WITH_REPORTER)}
    before = dict(owed.values_list("pk", "version"))
    assert len(agencies) > 20
    compared = 0
    for agency in agencies.values():
        user = UserFactory(agency=agency, roles=[Role.REPORTER])
        data = written(book=downloads.download(period=period, by=user))
        for _ in range(2):
            file = SimpleUploadedFile("填报表.xlsx", data)
            upload = uploads.take(period=period, upload=file, by=user)
            page = preview_page(upload=upload)
            odd = [
                f"{cell.file_cell.place} {cell.shown!r} {cell.said!r}"
                for cell in page.cells
                if cell.outcome != "same"
            ]
            assert not odd, (agency, odd)
            assert not upload.strays, (agency, upload.strays)
            assert not upload.message
            compared += len(page.cells)
    assert compared > 1000
    assert dict(owed.values_list("pk", "version")) == before
