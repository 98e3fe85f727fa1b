"""Lists of agencies as printed in one cell: separators, roles, glued names, none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from common.name_matching import name_key
from common.quantities import is_missing
from imports.annex.cells.text import one_line

_OPEN, _CLOSE = "（([〔【", "）)]〕】"
_HARD = "、，,；;|｜\t"
_SIMPLE = re.compile(r"[\u4e00-\u9fff]+(?:(?:、|[（(][\u4e00-\u9fff]+[)）])[\u4e00-\u9fff]*)*")
_SOFT = re.compile(r"[\s/／]")
_ROLE_WORDS = re.compile(
    r"牵头|主办|主责|负责|配合|协助|协办|参与|支持|会同|分工|落实|单位|部门|[:：]|等"
)

_BODY = (
    r"(?:局|委|办|部|处|科|院|会|所|站|队|厅|中心|公司|集团|街道|镇街|街镇|镇|乡|村|社区|分局|支队|大队|园区|开发区|学校|大学|学院|医院"
    r"|银行|厂|政府|法院|单位|部门|企业|办事处|委员会|管委会|指挥部|专班|联合会|协会|总社|机构|主体|[)）\]〕】])"
)
_ENDS_AS_BODY = re.compile(rf"{_BODY}$")
_SUFFIX_ONLY = re.compile(
    r"(?:管理|工作|执行)?(?:委员会|管委会|办公室|办事处|分局|支队|大队|分公司|有限(?:责任)?公司|股份有限公司|集团|中心|开福区?分局)$"
)
_PARTY_ORGAN = re.compile(
    r"[区市县省州]委(?:宣传部|组织部|统战部|社会工作部|政法委|编办|网信办|办)"
)
_STARTS_AS_NAME = re.compile(r"[区市县省州旗镇各国]|有关|相关")
_GLUE = re.compile(
    r"(?<=局|委|办|部|队|心|司|道|会)(?=(?:区|市|县|省|各)(?!.{0,3}(?:分局|支局|分公司|支队|大队|分中心)$))"
)
_JOINED = re.compile(r"(?<=局|会|司|道|处|门|位)(?:和|及|与|以及)(?=[区市县省各社相有])")
_COMPANY_TAIL = re.compile(r"\s*(?:ltd|inc|llc|co|corp|limited)\b", re.IGNORECASE)

_SIGNS = "★☆▲△●◆※"
_NOTE_MARK = re.compile(
    r"(?<=[^\d*])(?:[*※]+|[①-⑳¹²³⁰-⁹]+|[\[〔【]\d{1,2}[\]〕】]|[（(]注\d*[)）])$"
)
_LEAD_REMARK = re.compile(r"[（(](?:总?牵头(?:单位|部门)?|主责|主办|牵头负责)[)）]$")
_HELP_REMARK = re.compile(r"[（(](?:配合|协办|参与|责任|协同)(?:单位|部门)?[)）]$")
_LIST_MARK = re.compile(r"^(?:\d{1,2}(?:[.．)）]\s*|$)|[①-⑳])")
_CONVENING = re.compile(r"会同(?!县)")
_TRAILING_ETC = re.compile(r"(?<=.{2})等(?:(?:各|相关|有关|责任)*(?:单位|部门|企业))?$")
_BY = re.compile(r"^由(?=[区市县省各\u4e00-\u9fff])")
_LABELLED = re.compile(
    r"(?P<label>(?:总?牵头|主办|主责|主要责任|责任|配合|协办|参与|参加|协同|落实|实施|负责|主管|建设|业主|项目)(?:责任)?(?:单位|部门|主体|业主)?)\s*[:：]"
)
_LEADS = (
    r"(?:共同|联合|一起|负责)*(?:总?牵头|主办|主责)"
    r"(?:负责|落实|实施|推进|组织|抓总|单位|部门)*"
)
_HELPS = (
    r"(?:等)?(?:(?:各|相关|有关|责任)*(?:单位|部门))?"
    r"(?:(?:按照?|根据|依)(?:各自)?(?:工作)?(?:职责|职能|职责职能)*(?:职责)?(?:分工)?(?:(?:分别|共同|具体)?(?:负责|落实|推进|配合|做好))?(?:相关工作)?"
    r"|分工负责|各负其责|(?:共同|积极|协同|分别|具体)?(?:配合|协助|协办|参与|支持|负责|落实|推进)(?:落实|实施|推进|单位|部门)*)"
)
_ROLE = re.compile(
    rf"(?P<lead>(?<![各关]){_LEADS})(?=[，,；;。、\s]|$)|(?P<help>{_HELPS})(?=[，,；;。、\s]|$)"
)


@dataclass(frozen=True, slots=True)
class Parties:
    """The agencies of one cell in their order; `notes`: glued, mark, repeated."""

    leads: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


NOBODY = Parties()


class AgencyReader:
    """Reads cells that list agencies, each distinct text once; known spellings guide the splits."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = known or {}
        self.lead_sign = ""
        self._known_lengths = {len(key) for key in self._known}
        self._known_lists = any("、" in key for key in self._known)
        self._cells: dict[str, Parties] = {}
        self._pieces: dict[str, Parties] = {}

    def read(self, text: str) -> Parties:
        parties = self._cells.get(text)
        if parties is None:
            parties = self._cells[text] = self._parties(text)
        return parties

    def _parties(self, text: str) -> Parties:
        is_simple = _SIMPLE.fullmatch(text) and not self._known_lists
        if is_simple and not _ROLE_WORDS.search(text):
            return self._of_pieces(text.split("、"))
        if is_missing(text):
            return NOBODY
        whole = one_line(text)
        if name_key(whole) in self._known:
            return Parties(others=(whole,))
        leads: list[str] = []
        others: list[str] = []
        notes: list[str] = []
        for is_lead, part in _by_role(_unwrapped(text)):
            found = self._of_pieces(self._split(part))
            leads += found.leads
            (leads if is_lead else others).extend(found.others)
            notes += found.notes
        return _deduplicated(leads, others, notes)

    def _of_pieces(self, pieces: Iterable[str]) -> Parties:
        leads: list[str] = []
        others: list[str] = []
        notes: list[str] = []
        for piece in pieces:
            found = self._pieces.get(piece)
            if found is None:
                found = self._pieces[piece] = self._of_piece(piece)
            leads += found.leads
            others += found.others
            notes += found.notes
        return _deduplicated(leads, others, notes)

    def _of_piece(self, piece: str) -> Parties:
        name = _LIST_MARK.sub("", one_line(piece)).strip(" 。．.；;，,、：:")
        if not name or is_missing(name):
            return NOBODY
        if name_key(name) in self._known:
            return Parties(others=(name,))
        is_signed = bool(self.lead_sign) and self.lead_sign in (name[0], name[-1])
        name, is_lead, notes = _cleaned(name.strip(_SIGNS))
        is_lead = is_lead or is_signed
        if not name or is_missing(name):
            return NOBODY
        names = self._unglued(name)
        if len(names) > 1:
            notes = (*notes, "glued")
        return Parties(names, (), notes) if is_lead else Parties((), names, notes)

    def _unglued(self, name: str) -> tuple[str, ...]:
        """Two names without a separator, or joined by 和: only where both read as names."""
        if name_key(name) in self._known:
            return (name,)
        exact = self._known_cover(name)
        if exact:
            return exact
        for pattern in (_JOINED, _GLUE):
            for found in pattern.finditer(name):
                left, right = name[: found.start()], name[found.end() :]
                if _is_balanced(left) and self._reads_as_name(left) and self._reads_as_name(right):
                    return (*self._unglued(left), *self._unglued(right))
        return (name,)

    def _reads_as_name(self, text: str) -> bool:
        if name_key(text) in self._known:
            return True
        if not _STARTS_AS_NAME.match(text) or not _ENDS_AS_BODY.search(text):
            return False
        return len(text) >= 4 or text[0] == "各" or text[1:] in ("委", "政府")

    def _known_cover(self, name: str) -> tuple[str, ...]:
        """The known names that make up the whole text, two or more; empty if they do not."""
        if not self._known or len(name) > 80:
            return ()
        ways: list[tuple[str, ...] | None] = [()] + [None] * len(name)
        for start, way in enumerate(ways):
            if way is None:
                continue
            for end in (start + length for length in self._known_lengths):
                if end <= len(name) and name_key(name[start:end]) in self._known:
                    best = ways[end]
                    if best is None or len(way) + 1 < len(best):
                        ways[end] = (*way, name[start:end])
        found = ways[len(name)]
        return found if found and len(found) > 1 else ()

    def _split(self, text: str) -> list[str]:
        """Cut at separators outside brackets; at line breaks and spaces only between names."""
        pieces: list[str] = []
        for part in _cut(text, _HARD):
            pieces += self._cut_softly(part) if _SOFT.search(part) else [part]
        return pieces

    def _cut_softly(self, text: str) -> list[str]:
        parts = [part for part in _cut(text.strip(), "\n\r/／ \u3000\u00a0") if part]
        pieces: list[str] = []
        for part in parts:
            if pieces and not self._may_part(pieces[-1], part):
                pieces[-1] = f"{pieces[-1]}{self._joint(text, pieces[-1], part)}{part}"
            else:
                pieces.append(part)
        return pieces

    def _may_part(self, left: str, right: str) -> bool:
        if name_key(left + right) in self._known:
            return False
        if name_key(left) in self._known and not _SUFFIX_ONLY.fullmatch(right):
            return True
        if is_missing(left) or is_missing(right):
            return True
        if len(left) < 2 or _SUFFIX_ONLY.fullmatch(right) or _PARTY_ORGAN.fullmatch(left + right):
            return False
        return _ENDS_AS_BODY.search(left) is not None and right[0] not in _OPEN + _CLOSE

    @staticmethod
    def _joint(text: str, left: str, right: str) -> str:
        """What stood between two pieces that are one name after all: a slash stays."""
        between = text[text.find(left[-8:]) + len(left[-8:]) : text.rfind(right[:8])]
        if between in ("/", "／"):
            return between
        return " " if left[-1:].isascii() and right[:1].isascii() else ""


def _cut(text: str, separators: str) -> list[str]:
    """Cut outside brackets; a bracket that is never closed is an ordinary character."""
    if not any(letter in separators for letter in text):
        return [text]
    nested = _is_balanced(text)
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(text):
        if nested and letter in _OPEN:
            depth += 1
        elif nested and letter in _CLOSE:
            depth -= 1
        elif depth == 0 and letter in separators and not _is_company_comma(text, index):
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return parts


def _is_company_comma(text: str, index: int) -> bool:
    return text[index] in ",， " and _COMPANY_TAIL.match(text, index + 1) is not None


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


def _unwrapped(text: str) -> str:
    """A whole cell in brackets that says who does what: “（某局牵头，某局按职责分工负责）”."""
    text = text.strip()
    if text[:1] in ("（", "(") and text[-1:] in ("）", ")") and _ROLE_WORDS.search(text):
        inner = text[1:-1]
        if _is_balanced(inner):
            return inner
    return text


def _by_role(text: str) -> list[tuple[bool, str]]:
    """Parts of a cell with whether the agencies in them lead."""
    if not _ROLE_WORDS.search(text):
        return [(False, text)]
    labels = list(_LABELLED.finditer(text))
    if not labels:
        return _by_verb(text, leads=False)
    parts = _by_verb(text[: labels[0].start()], leads=False)
    for index, found in enumerate(labels):
        end = labels[index + 1].start() if index + 1 < len(labels) else len(text)
        leads = re.match(r"总?牵头|主办|主责|主要责任", found["label"]) is not None
        parts += _by_verb(text[found.end() : end], leads)
    return parts


def _by_verb(text: str, leads: bool) -> list[tuple[bool, str]]:
    """“某局牵头，某局、某局配合”: what stands before 牵头 leads, the rest helps."""
    text = _CONVENING.sub("、", text)
    parts, start = [], 0
    for found in _ROLE.finditer(text):
        if _depth(text, found.start()):
            continue
        part = text[start : found.start()]
        if part.strip(" 、，,；;。"):
            parts.append((found["lead"] is not None or leads, _BY.sub("", part.strip())))
        start = found.end()
    rest = text[start:]
    if rest.strip(" 、，,；;。"):
        parts.append((leads, _BY.sub("", rest.strip())))
    return parts


def _depth(text: str, index: int) -> int:
    before = text[:index]
    if not _is_balanced(text):
        return 0
    return sum(before.count(letter) for letter in _OPEN) - sum(
        before.count(letter) for letter in _CLOSE
    )


@lru_cache(maxsize=4096)
def _cleaned(name: str) -> tuple[str, bool, tuple[str, ...]]:
    """A name without role remark, note mark and 等; whether it leads; what was dropped."""
    notes: tuple[str, ...] = ()
    without_mark = _NOTE_MARK.sub("", name)
    if without_mark != name:
        name, notes = without_mark, ("mark",)
    unremarked = _LEAD_REMARK.sub("", name)
    is_lead = unremarked != name
    name = _HELP_REMARK.sub("", unremarked)
    name = _TRAILING_ETC.sub("", _BY.sub("", name))
    if not _is_balanced(name):
        name = name.strip(_OPEN + _CLOSE) if _is_balanced(name.strip(_OPEN + _CLOSE)) else name
    if name in ("等", "等单位", "等部门"):
        name = ""
    return name.strip(), is_lead, notes


def _deduplicated(leads: list[str], others: list[str], notes: list[str]) -> Parties:
    if not leads and not notes and len(set(others)) == len(others):
        return Parties((), tuple(others))
    unique_leads, unique_others = tuple(dict.fromkeys(leads)), tuple(dict.fromkeys(others))
    if len(unique_leads) < len(leads) or len(unique_others) < len(others):
        notes = [*notes, "repeated"]
    return Parties(unique_leads, unique_others, tuple(dict.fromkeys(notes)))
