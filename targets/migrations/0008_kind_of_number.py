"""What kind of number each target is, known for those of the published plan; others are asked."""

from django.db import migrations, models

PUBLISHED = {
    "T01": "单位GDP能耗累计降低率（较2020年）",
    "T02": "单位GDP二氧化碳排放降低率",
    "T03": "非化石能源消费比重",
    "T04": "森林覆盖率",
    "T05": "森林蓄积量",
    "T06": "二氧化碳排放达峰",
    "T07": "新建公共机构建筑、新建厂房屋顶光伏覆盖率",
    "T08": "成品油消费量控制（“十四五”期间）",
    "T09": "成品油消费基本达峰",
    "T10": "主城区居民气化率",
    "T11": "新建大型数据中心PUE",
    "T12": "新建建筑装配率",
    "T13": "城镇新建建筑执行绿色建筑标准比例",
    "T14": "建筑节能率",
    "T15": "重要公共设施和场所充电桩普及率",
    "T16": "绿色出行比例",
    "T17": "新增纯电动公交车比例",
    "T18": "纯电动公交车比例",
    "T19": "新能源和清洁能源车辆比例",
    "T20": "网约车、公共机构用车全面电动化",
    "T21": "生活垃圾分类回收利用率",
    "T22": "城市生活垃圾分类覆盖率",
    "T23": "生活垃圾资源化比例",
    "T24": "公共机构单位建筑面积能耗降低率（较2020年）",
    "T25": "公共机构单位建筑面积碳排放量降低率（较2020年）",
    "T26": "绿色完整社区创建比例",
}
SHARES = {"T03", "T04", "T10", "T15", "T16", "T18", "T19", "T20", "T21", "T22", "T23", "T26"}
FLOWS = {"T07", "T12", "T13", "T17"}
STOCKS_AT_YEAR_END = {"T10", "T15", "T18", "T19", "T22", "T26"}
ASKED_OF_YEAR_END = {"T11", "T21", "T23"}


def describe(apps, _schema_editor):
    """By code and unchanged name."""
    targets = apps.get_model("targets", "Target")
    known = [row for row in targets.objects.all() if PUBLISHED.get(row.code) == row.name]
    for row in known:
        row.is_share = row.code in SHARES
        row.is_flow = row.code in FLOWS
        if row.code not in ASKED_OF_YEAR_END:
            row.q4_is_year_end = row.code in STOCKS_AT_YEAR_END
    targets.objects.bulk_update(known, ["is_share", "is_flow", "q4_is_year_end"])


class Migration(migrations.Migration):
    dependencies = [("targets", "0007_annual_rate_of_a_year")]

    operations = [
        migrations.AddField(
            model_name="target",
            name="is_share",
            field=models.BooleanField(
                blank=True,
                help_text="占总量的百分比，最高100%；未确定时留空",
                null=True,
                verbose_name="是占比",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="is_flow",
            field=models.BooleanField(
                blank=True,
                help_text="每年重新计算，如新建建筑；未确定时留空",
                null=True,
                verbose_name="只计当年新增",
            ),
        ),
        migrations.AddField(
            model_name="target",
            name="q4_is_year_end",
            field=models.BooleanField(
                blank=True,
                help_text="年末存量可由四季度值认定；未确定时留空",
                null=True,
                verbose_name="四季度末值即年末值",
            ),
        ),
        migrations.RunPython(describe, migrations.RunPython.noop),
    ]
