# Two power supplies
#
# Both supplies of a packager fail a day before the holiday. A team drives there, the machine goes on with one feed,
# the parts come when the roads are open again.

# --- 云山打包服务器双电源先后失效，靠单机撑过国庆

@ 2026-09-30 08:21:33 wang.fang
servicebook new incident --title '云山打包服务器双电源先后失效，靠单机撑过国庆' \
    --title-zh '云山打包服务器双电源先后失效，靠单机撑过国庆' --audience internal,customer:yunshan-media \
    --customer yunshan-media --contract yunshan-vod-2025 --set caller.name=罗工 \
    --set caller.role=播出部工程师 --set caller.phone_ref=yunshan-media/playout \
    --set caller.third_party_maintenance=none --contact-type hotline --site yunshan-hq \
    --service packaging-origin --assets ys-packager-01 --category server_damage --fault-grade degraded \
    --impact medium --urgency high --assignment-group infrastructure --assigned-to he.jun --tags 硬件,备件 \
    --at 08:20 --body texts/INC-20260930-C7JY.md => INC-20260930-C7JY

@ 2026-09-30 08:29:10 he.jun
servicebook ack INC-20260930-C7JY --via phone --to 罗工

@ 2026-09-30 08:58:02 he.jun
servicebook note INC-20260930-C7JY --event remote_session --via remote --with 罗工

@ 2026-09-30 09:37 gao.feng
servicebook emergency INC-20260930-C7JY --suspected-cause '两只电源模组先后失效，同批次' \
    --expected-start-at 13:00 --expected-duration 2h --lead wu.qiang --engineers wu.qiang \
    --tools '万用表,备用 PDU 线' --work-items 现场确认两只电源的状态,打包任务并到单路供电,等备件到货后更换 \
    --special-notes '国庆期间单机运行，点播预打包先停' --role operations_engineer=1 --travel 160

@ 2026-09-30 09:37:20 gao.feng
servicebook set INC-20260930-C7JY emergency_plan.estimate_lines.1.note=青岚到云山

@ 2026-09-30 09:40 lin.yue
servicebook consent INC-20260930-C7JY --to 罗工 --via email --evidence '罗工 9 月 30 日 09:38 邮件'

@ 2026-09-30 09:55 tang.bo
servicebook approve INC-20260930-C7JY

@ 2026-09-30 10:02:40 wu.qiang
servicebook depart INC-20260930-C7JY --note 从青岚赶回云山 --transport 城际大巴 --eta 13:00

@ 2026-09-30 10:05 gao.feng
servicebook tell INC-20260930-C7JY --via phone

@ 2026-09-30 10:06 gao.feng
servicebook tell INC-20260930-C7JY --via sms

@ 2026-09-30 13:05 wu.qiang
servicebook arrive INC-20260930-C7JY

@ 2026-09-30 14:10:25 wu.qiang
servicebook note INC-20260930-C7JY --event workaround_found '打包任务全部并到备用电源供电，关掉点播预打包'

@ 2026-09-30 15:20 wu.qiang
servicebook leave INC-20260930-C7JY

@ 2026-09-30 18:32 he.jun
servicebook note INC-20260930-C7JY --event part_shipped '电源模组两只，承运单照片见值班群'

@ 2026-09-30 18:40 he.jun
servicebook escalate INC-20260930-C7JY --to lin.yue --via phone --reason '备件要到节后才到，恢复时限守不住' \
    --step 'restore 50%'

@ 2026-10-09 11:21 wu.qiang
servicebook note INC-20260930-C7JY --event part_arrived
servicebook part receive psu-p1 --serial PSU-77120 --from lyra-dealer

@ 2026-10-09 11:22 wu.qiang
servicebook part receive psu-p1 --serial PSU-77121 --from lyra-dealer

@ 2026-10-09 13:10 he.jun
servicebook part issue psu-p1 --serial PSU-77120 --ticket INC-20260930-C7JY

@ 2026-10-09 13:11 he.jun
servicebook part issue psu-p1 --serial PSU-77121 --ticket INC-20260930-C7JY

@ 2026-10-09 13:40:15 wu.qiang
servicebook note INC-20260930-C7JY --event part_replaced --set serial_number=PSU-77120

@ 2026-10-09 14:06:30 he.jun
servicebook resolve INC-20260930-C7JY --code fixed --cause hardware \
    --method '更换电源模组两只，恢复双路供电' --confirmed-by 罗工 --human-caused no \
    --set 'parts_replaced=[{old_serial: PSU-60418, new_serial: PSU-77120}, {old_serial: PSU-60419, new_serial: PSU-77121}]' \
    --set 'loss=无中断；点播预打包停了九天，夜间补齐' --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing --set 'problem_review.reason=同批电源只此一台，已登记型号观察'

@ 2026-10-09 14:30 wu.qiang
servicebook part return psu-p1 --serial PSU-60418 --ticket INC-20260930-C7JY --broken

@ 2026-10-09 14:31 wu.qiang
servicebook part return psu-p1 --serial PSU-60419 --ticket INC-20260930-C7JY --broken

# --- 云山打包服务器电源故障处理的满意度

@ 2026-10-09 16:30 wang.fang
servicebook survey INC-20260930-C7JY 5 5 5 --respondent 罗工 --comment '国庆七天没有再断。' \
    => SUR-20261009-1VXW

@ 2026-10-09 16:31 wang.fang
servicebook set SUR-20261009-1VXW title=云山打包服务器电源故障处理的满意度

@ 2026-10-09 17:25 he.jun
servicebook report INC-20260930-C7JY --via email --to 罗工

@ 2026-10-12 09:30 wang.fang
servicebook close INC-20260930-C7JY

@ 2026-10-13 09:40 he.jun
servicebook part scrap psu-p1 --serial PSU-60418 --note '过保，不返修' --broken

@ 2026-10-13 09:41 he.jun
servicebook part scrap psu-p1 --serial PSU-60419 --note '过保，不返修' --broken

@ 2026-10-20 16:00 wu.qiang
servicebook part receive psu-p1 --serial PSU-77305 --from lyra-dealer --note 国庆之后补的库存
