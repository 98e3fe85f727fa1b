"""The result of a check of the installation."""

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """Whether an installation meets a requirement, in the words of doctor's table."""

    MET = "已满足"
    SHORT = "未达到"
    SITE = "由单位落实"
    MISSING = "系统暂无"


@dataclass(frozen=True)
class Finding:
    """One requirement, whether the installation meets it, and the evidence.

    `blocks`: production is not served while this holds.
    """

    name: str
    state: State
    evidence: str
    blocks: bool = False


def met(name: str, evidence: str) -> Finding:
    """The installation is as it should be."""
    return Finding(name, State.MET, evidence)


def short(name: str, evidence: str) -> Finding:
    """The installation falls short of what the system can do; the evidence says what to do."""
    return Finding(name, State.SHORT, evidence)


def unsafe(name: str, evidence: str) -> Finding:
    """So unsafe that production is not served."""
    return Finding(name, State.SHORT, evidence, blocks=True)


def site(name: str, evidence: str) -> Finding:
    """The system cannot see it or does not need it: the office decides."""
    return Finding(name, State.SITE, evidence)
