"""Why an uploaded workbook is not taken, in words that say what to do. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RefusedError(Exception):
    """Nothing of the file was written: what it is, and what to do."""

    message: str
    advice: str = ""


_OWN = "换成本单位的填报表；找不到的，重新下载一份"
_AGAIN = "在第1步下载本季度填报表，把填好的内容复制过去再上传"


def other_agency(*, theirs: str, own: str) -> RefusedError:
    """A workbook of another agency."""
    return RefusedError(f"这是{theirs}的填报表，您属于{own}，没有写入任何内容", f"{_OWN}。")


def other_period(*, theirs: str, own: str) -> RefusedError:
    """A workbook of another period."""
    return RefusedError(
        f"这是{theirs}的填报表，现在填的是{own}，没有写入任何内容",
        f"上传{own}的填报表；要补填{theirs}的，从“本季度待填”换到那一期再上传。",
    )


def closed(*, period: str) -> RefusedError:
    """The period takes no entries any more."""
    return RefusedError(
        f"{period}填报已经关闭，没有写入任何内容", "需要补报或修改的，从“本季度待填”提出解锁申请。"
    )


def no_token() -> RefusedError:
    """A workbook that was not made by this system."""
    return RefusedError(
        "这不是从本系统下载的填报表，没有写入任何内容",
        f"{_AGAIN}；只有从本系统下载的表才知道每一行是哪一项。",
    )


def forged() -> RefusedError:
    """A token that this installation has not signed, or whose download is gone."""
    return RefusedError(
        "这份表的标识不完整或被改过，认不出是哪个单位、哪一期的，没有写入任何内容", f"{_AGAIN}。"
    )


def old_format() -> RefusedError:
    """A workbook from before its layout changed."""
    return RefusedError("这份表是系统升级以前下载的，格式已经变了，没有写入任何内容", f"{_AGAIN}。")


def not_xlsx() -> RefusedError:
    """A table that is no .xlsx."""
    return RefusedError(
        "这不是.xlsx工作簿，没有写入任何内容",
        "在WPS或Excel中打开填报表，用“另存为”存成.xlsx后上传；.csv没有工作表和标识，不能用。",
    )


def unusable(*, message: str) -> RefusedError:
    """A file that cannot be opened; `message` says why and what to do."""
    return RefusedError("这个文件不能用，没有写入任何内容", message)


def no_worker() -> RefusedError:
    """A large file while nobody reads large files."""
    return RefusedError(
        "后台服务没有响应，大文件暂时读不了，没有写入任何内容",
        "删去表里的图片、多余的工作表后再上传，或告诉双碳办，稍后再传。",
    )
