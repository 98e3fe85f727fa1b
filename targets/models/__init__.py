from targets.models.accounting import AccountingBasis, BasisChange
from targets.models.judging import JudgingRule, RuleProposal
from targets.models.milestones import Milestone
from targets.models.observations import Observation
from targets.models.overrides import LightOverride
from targets.models.proposals import Proposal
from targets.models.serving import ServedTarget
from targets.models.settlements import Settlement
from targets.models.targets import Target, TargetAgency, TargetQuerySet, TargetSource

__all__ = [
    "AccountingBasis",
    "BasisChange",
    "JudgingRule",
    "LightOverride",
    "Milestone",
    "Observation",
    "Proposal",
    "RuleProposal",
    "ServedTarget",
    "Settlement",
    "Target",
    "TargetAgency",
    "TargetQuerySet",
    "TargetSource",
]
