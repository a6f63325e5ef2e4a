# A night on Signal Hill
#
# Lightning, no customer's signature to be had at night, a road that is closed. The director approves by telephone and
# confirms the next morning; the closed road is an extension with its evidence, and the original due time stays
# visible.

# --- 信号山接入交换机宕机，夜里电话批准出车，塌方绕行

@ 2026-10-27 21:07:15 zhou.min
servicebook new incident --title '信号山接入交换机宕机，夜里电话批准出车，塌方绕行' \
    --title-zh '信号山接入交换机宕机，夜里电话批准出车，塌方绕行' --audience internal,customer:harbour-tv \
    --customer harbour-tv --contract harbour-newmedia-2025 --set caller.name=郑师傅 \
    --set caller.role=发射机房值班 --set caller.phone_ref=harbour-tv/signal-hill \
    --set caller.third_party_maintenance=none --contact-type on_call_mobile --site signal-hill \
    --service network --assets signal-hill-switch --category network_link_down --fault-grade severe \
    --impact high --urgency high --assignment-group infrastructure --assigned-to zhao.lei --tags 夜间,出车 \
    --at 21:05 --body texts/INC-20261027-RBNM.md => INC-20261027-RBNM

@ 2026-10-27 21:11 gao.feng
servicebook emergency INC-20261027-RBNM --suspected-cause 雷击后交换机主控反复重启 --lead zhao.lei \
    --engineers zhao.lei --tools 'console 线,备用光模块' --work-items 现场串口查看,必要时换主控槽位 \
    --expected-start-at 23:00 --expected-duration 2h --skills-needed routing --role operations_engineer=1

@ 2026-10-27 21:11:20 gao.feng
servicebook set INC-20261027-RBNM emergency_plan.estimate_lines.0.note=夜间

@ 2026-10-27 21:12:30 zhao.lei
servicebook ack INC-20261027-RBNM --via phone --to 郑师傅

@ 2026-10-27 21:14 lin.yue
servicebook consent INC-20261027-RBNM --to 郑师傅 --via phone

@ 2026-10-27 21:20 gao.feng
servicebook approve INC-20261027-RBNM --via phone --by tang.bo

@ 2026-10-27 21:31 zhao.lei
servicebook depart INC-20261027-RBNM --transport 公司工程车 --pass '发射机房夜间通行证，郑师傅门口交' \
    --eta 22:45

@ 2026-10-27 21:33:10 gao.feng
servicebook tell INC-20261027-RBNM --to 郑师傅 --via phone

@ 2026-10-27 21:34 gao.feng
servicebook tell INC-20261027-RBNM --via sms

@ 2026-10-27 21:55:45 chen.hao
servicebook note INC-20261027-RBNM --event remote_session --via remote --with 郑师傅

@ 2026-10-27 22:36 gao.feng
servicebook note INC-20261027-RBNM --event extended --reason '山路塌方，交警封路改走后山' \
    --set step=onsite-severe --set until=23:50 --set 'evidence=封路告示照片，存值班群 2026-10-27 22:34'

@ 2026-10-27 23:31:20 zhao.lei
servicebook arrive INC-20261027-RBNM

@ 2026-10-28 00:24:10 zhao.lei
servicebook resolve INC-20261027-RBNM --code fixed --cause hardware \
    --method '主控换到第二槽位，配置从备份恢复' --confirmed-by 郑师傅 --human-caused no \
    --set 'loss=发射机房回传中断 3 小时 19 分，播出走备用微波' \
    --set outage_start_at=2026-10-27T21:05:00+08:00 --set outage_end_at=2026-10-28T00:24:00+08:00 \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=雷击；防雷整改已在大楼方计划内'

@ 2026-10-28 00:50 zhao.lei
servicebook leave INC-20261027-RBNM

@ 2026-10-28 09:42 tang.bo
servicebook confirm INC-20261027-RBNM --via email

@ 2026-10-28 11:05 zhao.lei
servicebook report INC-20261027-RBNM --via email --to 黄主任

@ 2026-10-29 09:15 wang.fang
servicebook close INC-20261027-RBNM
