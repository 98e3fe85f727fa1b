import socket
from pathlib import Path

import pytest

from embedded import chromium, manage, run, stages, suite
from embedded.errors import SetupError

REPORT = """<testsuites><testsuite tests="10" failures="2" errors="1" skipped="3"/></testsuites>"""


def test_the_defaults_of_run(monkeypatch):
    monkeypatch.delenv("KAIFU_DATA_DIR", raising=False)
    options = run.parse([])
    assert (options.port, options.empty, options.data.name) == (8000, False, ".data")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_an_impossible_port_is_refused(port, capsys):
    with pytest.raises(SystemExit):
        run.parse(["--port", port])
    assert "--port" in capsys.readouterr().err


def test_the_data_folder_is_relative_to_the_caller(monkeypatch, tmp_path):
    monkeypatch.setenv("KAIFU_CALLER_DIR", str(tmp_path))
    assert run.parse(["--data", "mine"]).data == tmp_path / "mine"
    assert run.parse(["--data", "/elsewhere"]).data == Path("/elsewhere")


def test_a_busy_port_is_a_clear_sentence():
    with socket.socket() as taken:
        taken.bind((run.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"端口 {port} 不能使用[\s\S]*--port {port + 1}"):
            run.listen(port)


def test_the_wheels_of_servers_are_left_out_where_both_are_given(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@h/d")
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    assert len(run.locks()) == 2
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://h")
    assert run.locks() == ["requirements.txt"]


@pytest.mark.parametrize(
    ("given", "external", "expected"),
    [
        ("", False, {"KAIFU_MODE": "trial"}),
        ("", True, {"KAIFU_MODE": "trial", "KAIFU_DEMO": "0"}),
        ("trial", True, {}),
        ("production", False, {}),
    ],
)
def test_a_trial_unless_the_mode_is_given(monkeypatch, given, external, expected):
    monkeypatch.setenv("KAIFU_MODE", given)
    assert run.trial(external=external) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["migrate", "--plan"], (None, ["migrate", "--plan"])),
        (["--data", "mine", "check"], (Path("mine"), ["check"])),
        (["--data=mine", "check"], (Path("mine"), ["check"])),
        (["import_annex", "--data", "x"], (None, ["import_annex", "--data", "x"])),
    ],
)
def test_only_a_leading_data_option_is_ours(arguments, expected):
    assert manage.split(arguments) == expected


def test_a_report_is_counted(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert stages.count(report) == (4, 3)
    assert stages.count(tmp_path / "missing.xml") == (0, 0)


def test_the_closing_line():
    assert stages.Tally(512, 0).line() == "512 passed, 0 failed"


def test_the_time_of_each_stage():
    tally = stages.Tally()
    with pytest.raises(ZeroDivisionError), tally.timed("source"):
        1 / 0  # noqa: B018
    tally.seconds |= {"tests": 459.7, "browser tests": 59.6}
    assert tally.times() == "source 0:00, tests 7:40, browser tests 1:00, together 8:39"


def test_a_failing_check_counts_as_a_failure(capsys):
    tally = stages.Tally()
    stages.check("good", ["-c", ""], tally)
    stages.check("bad", ["-c", "raise SystemExit('layers broken')"], tally)
    assert tally == stages.Tally(0, 1)
    assert "layers broken" in capsys.readouterr().out


def test_a_missing_chromium_is_a_failure_in_ci_and_loud_elsewhere(monkeypatch, capsys):
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium, "can_install", lambda: False)
    with pytest.raises(SetupError, match="chromium"):
        suite.browser_stage(stages.Tally(), in_ci=True)
    suite.browser_stage(stages.Tally(), in_ci=False)
    assert "THE BROWSER TESTS WERE SKIPPED" in capsys.readouterr().out


def test_a_named_chromium_goes_before_all(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/own/chrome")
    assert chromium.find_chromium() == "/opt/own/chrome"
