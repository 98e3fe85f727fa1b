"""Writes to targets: the register, what has to be reached, what was reached."""

from targets.services.accounting import assign_basis, known_or_added, save_basis
from targets.services.base_values import propose_base, propose_base_gone
from targets.services.basis_changes import merge, split, undo
from targets.services.judging_rules import (
    begin_by_change,
    change_rules,
    confirm_rules,
    decline_rules,
)
from targets.services.milestones import (
    assign_milestone,
    describe_milestone,
    set_milestone,
    withdraw_milestone,
)
from targets.services.observations import (
    check_range,
    record_observations,
    retract_observations,
)
from targets.services.overrides import override_light
from targets.services.proposals import confirm, propose, send_back, takes_effect, withdraw
from targets.services.register import (
    assign_convenor,
    restore_target,
    retire_target,
    save_target,
    set_sources,
)
from targets.services.serving import set_served
from targets.services.settlement_proposals import (
    propose_recognition,
    propose_retraction,
    propose_settlements,
)
from targets.services.settlements import (
    NOTE_LEAST,
    Pick,
    recognise,
    retract_settlement,
    settle,
    settle_many,
    settlement_by_document,
    settlement_by_value,
)
from targets.services.tolerance import propose_tolerance
from targets.services.year_ends import propose_year_end

__all__ = [
    "NOTE_LEAST",
    "Pick",
    "assign_basis",
    "assign_convenor",
    "assign_milestone",
    "begin_by_change",
    "change_rules",
    "check_range",
    "confirm",
    "confirm_rules",
    "decline_rules",
    "describe_milestone",
    "known_or_added",
    "merge",
    "override_light",
    "propose",
    "propose_base",
    "propose_base_gone",
    "propose_recognition",
    "propose_retraction",
    "propose_settlements",
    "propose_tolerance",
    "propose_year_end",
    "recognise",
    "record_observations",
    "restore_target",
    "retire_target",
    "retract_observations",
    "retract_settlement",
    "save_basis",
    "save_target",
    "send_back",
    "set_milestone",
    "set_served",
    "set_sources",
    "settle",
    "settle_many",
    "settlement_by_document",
    "settlement_by_value",
    "split",
    "takes_effect",
    "undo",
    "withdraw",
    "withdraw_milestone",
]
