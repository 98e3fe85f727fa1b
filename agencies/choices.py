from django.db.models import TextChoices


class AgencyKind(TextChoices):
    DISTRICT_BUREAU = "district_bureau", "区直部门"
    PARTY_OFFICE = "party_office", "区委部门"
    DISTRICT_INSTITUTION = "district_institution", "区直事业单位"
    CITY_BRANCH = "city_branch", "市驻区分局"
    PARK = "park", "园区管委会"
    STREETS = "streets", "群体（街道）"
    COMMUNITIES = "communities", "群体（社区/村）"
    OFFICES = "offices", "群体（部门）"
    STREET = "street", "街道"
    STATE_COMPANY = "state_company", "国企"
    COMPANY = "company", "企业"
    CITY_INSTITUTION = "city_institution", "市直事业单位"


GROUP_KINDS = frozenset({AgencyKind.STREETS, AgencyKind.COMMUNITIES, AgencyKind.OFFICES})
COMPANY_KINDS = frozenset({AgencyKind.STATE_COMPANY, AgencyKind.COMPANY})


class Role(TextChoices):
    REPORTER = "reporter", "填报员"
    SIGNER = "signer", "单位审核人"
    REVIEWER = "reviewer", "审核员"
    LEADER = "leader", "领导"
    ADMINISTRATOR = "administrator", "管理员"


class AccountState(TextChoices):
    ACTIVE = "active", "启用"
    CLOSED = "closed", "停用"
    UNUSED = "unused", "90天未登录"
    NEVER = "never", "从未登录"


class AliasSource(TextChoices):
    PLAN = "plan", "方案原文"
    IMPORT = "import", "导入时确认"
    HAND = "hand", "手工录入"
