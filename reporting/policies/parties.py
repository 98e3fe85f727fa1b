"""Helpers that the policies of obligations and of matters share."""

from agencies.choices import Role
from reporting.workflow import Party

ROLES = {
    Party.REPORTER: Role.REPORTER,
    Party.SIGNER: Role.SIGNER,
    Party.REVIEWER: Role.REVIEWER,
}
