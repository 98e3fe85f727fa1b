"""Templates, stylesheets and scripts are as their tools write them."""

import pytest

from embedded.stages import Tally, check, source_checks

TOOLS = {"djlint", "oxfmt", "oxlint"}
CHECKS = {name: command for name, command in source_checks() if name in TOOLS}


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_the_tool_finds_nothing(name, capsys):
    tally = Tally()
    check(name, CHECKS[name], tally)
    assert not tally.failed, capsys.readouterr().out
