"""Writes to targets: the register, what has to be reached, what was reached."""

from targets.services.milestones import (
    assign_milestone,
    describe_milestone,
    set_milestone,
    withdraw_milestone,
)
from targets.services.observations import record_observation, record_observations
from targets.services.register import (
    restore_target,
    retire_target,
    save_target,
    set_baseline,
    set_sources,
)

__all__ = [
    "assign_milestone",
    "describe_milestone",
    "record_observation",
    "record_observations",
    "restore_target",
    "retire_target",
    "save_target",
    "set_baseline",
    "set_milestone",
    "set_sources",
    "withdraw_milestone",
]
