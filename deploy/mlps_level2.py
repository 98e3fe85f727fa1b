"""GB/T 22239-2019 chapter 7 (第二级): what an application can do for it, and the evidence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from deploy.findings import Finding, State

MET, SITE, MISSING = State.MET, State.SITE, State.MISSING


@dataclass(frozen=True)
class Control:
    """One demand of the standard; what doctor found of `rests_on` goes before the state here."""

    name: str
    state: State
    evidence: str
    rests_on: tuple[str, ...] = ()


CONTROLS = (
    Control(
        "身份鉴别 a 身份唯一、口令复杂度和更换",
        MET,
        "账号唯一；密码至少8位、含三类字符，首次登录和到期须更换，最近5次不得重复",
    ),
    Control(
        "身份鉴别 b 登录失败处理、超时退出",
        MET,
        "连续输错暂停登录，按账号和来源地址分别计数；闲置退出，退出后会话在服务器上失效",
        ("经代理访问",),
    ),
    Control("身份鉴别 c 鉴别信息传输保密", MET, "全程HTTPS", ("HTTPS", "密钥")),
    Control(
        "访问控制 a、c 账号和权限分配",
        MET,
        "默认拒绝，逐页按角色放行；停用的账号不能登录",
        ("管理员",),
    ),
    Control("访问控制 b 默认账号和口令", MET, "没有默认账号和口令", ("演示账号",)),
    Control(
        "访问控制 b 多余、过期、共享账号",
        SITE,
        "账号页可停用账号；长期未用的账号由单位定期清理，不得几人共用一个账号",
    ),
    Control("访问控制 d 管理用户权限分离", MISSING, "系统管理员和审计管理员没有分设"),
    Control(
        "安全审计 a、b 覆盖每个用户，记录完整",
        MET,
        "登录、报送、审核、导入、账号和权限变更留痕，含时间、人、来源地址、对象、成功与否",
        ("经代理访问", "时钟"),
    ),
    Control(
        "安全审计 c 审计记录保护",
        MISSING,
        "触发器拒绝修改和删除；但数据库用户是表的所有者，能停用触发器",
    ),
    Control("安全审计 c 审计记录备份", SITE, "留痕不删除，随数据库备份；备份由单位定时执行"),
    Control(
        "入侵防范 a、b、c 最小安装、关闭多余端口、限定终端",
        SITE,
        "操作系统、防火墙和政务外网接入由单位落实",
    ),
    Control(
        "入侵防范 d 输入校验",
        MET,
        "每个字段和文件在服务器上校验；内容安全策略禁止内嵌脚本；不显示调试信息",
        ("调试", "域名"),
    ),
    Control("入侵防范 e 漏洞修补", SITE, "依赖版本锁定并带校验值；按手册升级由单位落实"),
    Control(
        "恶意代码防范",
        MET,
        "上传文件存在网站目录之外，存入前由杀毒软件查杀",
        ("查杀", "数据文件夹"),
    ),
    Control(
        "数据完整性 传输", MET, "全程HTTPS；佐证材料下载前核对SHA-256", ("HTTPS", "数据文件夹")
    ),
    Control(
        "数据备份恢复 a 本地备份与恢复", SITE, "命令见运维手册“备份与恢复”，由单位定时执行并演练"
    ),
    Control("数据备份恢复 b 异地定时备份", SITE, "由单位落实"),
    Control(
        "剩余信息保护", MET, "密码只存摘要，日志不含密码；退出和到期清除会话，浏览器关闭即失效"
    ),
    Control(
        "个人信息保护",
        MET,
        "只登记姓名、单位、办公电话、邮箱；导出的电话打码，停用账号时删除联系方式",
    ),
)


def controls_table(found: Mapping[str, Finding]) -> Iterator[Control]:
    """The controls as this installation stands to them: the worst of what each rests on."""
    for control in CONTROLS:
        rests_on = [found[name] for name in control.rests_on if name in found]
        for state in (State.SHORT, State.SITE):
            bad = [finding for finding in rests_on if finding.state is state]
            if bad:
                evidence = "；".join(finding.evidence for finding in bad)
                yield replace(control, state=state, evidence=evidence)
                break
        else:
            yield control
