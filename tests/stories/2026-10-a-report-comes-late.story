# A report comes late
#
# The fault was small and mended within hours, but the report came three hours late. The customer says so in a survey;
# a low score opens a follow-up, and what is learned becomes an entry of the improvement register.

# --- 专题页图片错位，远程处理，报告晚交三小时

@ 2026-10-22 09:49:20 wang.fang
servicebook new incident --title '专题页图片错位，远程处理，报告晚交三小时' \
    --title-zh '专题页图片错位，远程处理，报告晚交三小时' --audience internal,customer:harbour-tv \
    --customer harbour-tv --contract harbour-newmedia-2025 --set caller.name=小林 \
    --set caller.role=新媒体编辑 --set caller.phone_ref=harbour-tv/web-desk \
    --set caller.third_party_maintenance=none --contact-type hotline --site harbour-tv-hq --service cms \
    --assets cms-app-01 --category page_error --fault-grade degraded --impact low --urgency medium \
    --assignment-group application-team --assigned-to liu.yang --at 09:48 --body texts/INC-20261022-1ZBC.md \
    => INC-20261022-1ZBC

@ 2026-10-22 09:57:06 liu.yang
servicebook ack INC-20261022-1ZBC --via phone --to 小林

@ 2026-10-22 10:20:31 liu.yang
servicebook note INC-20261022-1ZBC --event remote_session --via remote --with 小林

@ 2026-10-22 11:02 liu.yang
servicebook resolve INC-20261022-1ZBC --code fixed --cause software \
    --method '专题模板的宽度变量写回旧值，清缓存' --confirmed-by 小林 --human-caused no \
    --set loss=三个专题页错位约两小时 --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set problem_review.reason=模板已补一条自动检查

@ 2026-10-23 14:10 liu.yang
servicebook report INC-20261022-1ZBC --via email --to 黄主任

@ 2026-10-26 09:20 wang.fang
servicebook close INC-20261022-1ZBC

# --- 2 records

@ 2026-10-27 10:20 lin.yue
servicebook survey INC-20261022-1ZBC 4 2 3 --respondent 林编辑 \
    --comment '报告晚了三个小时，也没有人先打电话说一声。' => SUR-20261027-XB3M REQ-20261027-SPEX

@ 2026-10-27 10:21 lin.yue
servicebook set SUR-20261027-XB3M title=专题页图片错位处理的满意度
servicebook set REQ-20261027-SPEX 'title=林编辑回访：报告晚交，没有先打电话'

@ 2026-10-27 10:41 lin.yue
servicebook ack REQ-20261027-SPEX --via phone --to 林编辑

@ 2026-10-27 10:45 lin.yue
servicebook assign REQ-20261027-SPEX lin.yue

# --- The desk warns two hours before a handling report is due

@ 2026-10-28 11:00 lin.yue
servicebook new improvement --title 'The desk warns two hours before a handling report is due' \
    --title-zh 处理报告到期前两小时由服务台提醒 --source survey --service cms --owner lin.yue \
    --baseline 'one report three hours late in October' --target 'no late report in a quarter' \
    --due-on 2027-01-31 --priority medium --approved-by tang.bo --body texts/IMP-20261028-7WNE.md \
    => IMP-20261028-7WNE

@ 2026-10-28 17:30 lin.yue
servicebook fulfil REQ-20261027-SPEX --method '向林编辑致歉；报告到期前两小时由服务台提醒' \
    --confirmed-by 林编辑 --set accepted_on=2026-10-30

@ 2026-10-30 09:10 lin.yue
servicebook close REQ-20261027-SPEX
