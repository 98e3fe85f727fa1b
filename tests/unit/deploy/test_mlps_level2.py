from pathlib import Path

from deploy import mlps_level2
from deploy.findings import State, met, short, site


def state_of(name, *found):
    rows = mlps_level2.controls_table({finding.name: finding for finding in found})
    return next((row.state, row.evidence) for row in rows if row.name.startswith(name))


def test_a_control_stands_as_what_it_rests_on():
    assert state_of("身份鉴别 c", met("HTTPS", "一年"), met("密钥", ""))[0] is State.MET
    plain = short("HTTPS", "明文传输")
    assert state_of("身份鉴别 c", plain, met("密钥", "")) == (State.SHORT, "明文传输")
    assert state_of("恶意代码防范", site("查杀", "没有设置")) == (State.SITE, "没有设置")
    both = (site("查杀", "没有设置"), short("数据文件夹", "不能写入"))
    assert state_of("恶意代码防范", *both) == (State.SHORT, "不能写入")


def test_what_it_rests_on_is_looked_at():
    """A name that no check has would make a row that nothing can lower."""
    folder = Path(mlps_level2.__file__).parent / "checks"
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    for control in mlps_level2.CONTROLS:
        for name in control.rests_on:
            assert f'"{name}"' in sources


def test_each_group_of_controls_of_the_application_is_there():
    named = " ".join(control.name for control in mlps_level2.CONTROLS)
    for group in (
        "身份鉴别", "访问控制", "安全审计", "入侵防范", "恶意代码防范",
        "数据完整性", "数据备份恢复", "剩余信息保护", "个人信息保护",
    ):  # fmt: skip
        assert group in named
