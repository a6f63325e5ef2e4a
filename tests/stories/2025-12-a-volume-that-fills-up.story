# A volume that fills up, three times
#
# nas-01 is full in December, in April and in August. After the third time the incidents become a proactive problem
# with a known error and its workaround; a major change gives the volume quotas, rules and two more shelves.

# --- 制作网 nas-01 空间用尽，收录任务全部失败

@ 2025-12-16 22:48:10 zhou.min
servicebook new incident --title '制作网 nas-01 空间用尽，收录任务全部失败' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=陈工 \
    --set caller.role=播控值班 --set caller.phone_ref=harbour-tv/duty-desk \
    --set caller.third_party_maintenance=none --contact-type monitoring --site east-quay-idc \
    --service storage --assets nas-01,ingest-server-01 --category resource_shortage --fault-grade severe \
    --impact high --urgency medium --assignment-group infrastructure --assigned-to he.jun --at 22:47 \
    --body texts/INC-20251216-8T6V.md => INC-20251216-8T6V

@ 2025-12-16 22:58:59 he.jun
servicebook ack INC-20251216-8T6V --via phone --to 陈工

@ 2025-12-16 23:08:06 he.jun
servicebook note INC-20251216-8T6V --event remote_session --via remote

@ 2025-12-16 23:40 he.jun
servicebook note INC-20251216-8T6V '清理代理文件 3.1 TB，使用率由 100% 降到 91%'

@ 2025-12-16 23:52:32 he.jun
servicebook resolve INC-20251216-8T6V --code workaround --cause capacity \
    --method '删除 14 天以前的低码代理文件' --confirmed-by 陈工 --human-caused no \
    --set 'loss=三路收录各缺 51 分钟，次日由卫星备份补录' --set problem_review.result=linked \
    --set problem_review.by=xu.jing

@ 2025-12-17 11:05:23 lin.yue
servicebook report INC-20251216-8T6V --via email --to 黄主任

@ 2025-12-18 09:40:13 wang.fang
servicebook close INC-20251216-8T6V

# --- nas-01 full again, editors cannot save projects

@ 2026-04-14 15:21:51 wang.fang
servicebook new incident --title 'nas-01 full again, editors cannot save projects' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Lin \
    --set 'caller.role=editor on duty' --set caller.phone_ref=harbour-tv/web-desk \
    --set caller.third_party_maintenance=none --contact-type hotline --site east-quay-idc --service storage \
    --assets nas-01 --category resource_shortage --fault-grade degraded --impact medium --urgency high \
    --assignment-group infrastructure --assigned-to he.jun --at 15:20 --body texts/INC-20260414-XYRH.md \
    => INC-20260414-XYRH

@ 2026-04-14 15:33:20 he.jun
servicebook ack INC-20260414-XYRH --via phone --to Lin

@ 2026-04-14 15:37:13 he.jun
servicebook note INC-20260414-XYRH --event remote_session --via remote

@ 2026-04-14 16:25:31 he.jun
servicebook resolve INC-20260414-XYRH --code workaround --cause capacity \
    --method 'proxies older than 14 days deleted and two orphaned snapshots released' --confirmed-by Lin \
    --human-caused no --set 'loss=editing stood still for 50 minutes' --set problem_review.result=linked \
    --set problem_review.by=xu.jing

@ 2026-04-15 09:10:09 he.jun
servicebook report INC-20260414-XYRH --via email --to Huang

@ 2026-04-17 09:00:12 wang.fang
servicebook close INC-20260414-XYRH

# --- nas-01 第三次写满，4K 收录中断

@ 2026-08-19 20:15:42 zhou.min
servicebook new incident --title 'nas-01 第三次写满，4K 收录中断' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=陈工 --set caller.role=播控值班 \
    --set caller.phone_ref=harbour-tv/duty-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site east-quay-idc --service storage --assets nas-01 --error-codes E1028 \
    --category resource_shortage --fault-grade severe --impact high --urgency medium \
    --assignment-group infrastructure --assigned-to he.jun --at 20:14 --body texts/INC-20260819-2Q0D.md \
    => INC-20260819-2Q0D

@ 2026-08-19 20:20:34 he.jun
servicebook ack INC-20260819-2Q0D --via phone --to 陈工

@ 2026-08-19 20:26:43 he.jun
servicebook note INC-20260819-2Q0D --event remote_session --via remote

@ 2026-08-19 21:37:56 he.jun
servicebook resolve INC-20260819-2Q0D --code workaround --cause capacity \
    --method '迁 6 TB 到 nas-02，清理代理文件' --confirmed-by 陈工 --human-caused no \
    --set 'loss=4K 收录缺 83 分钟，无备份源' --set problem_review.result=linked \
    --set problem_review.by=xu.jing

@ 2026-08-20 10:25:55 he.jun
servicebook report INC-20260819-2Q0D --via email --to 黄主任

@ 2026-08-24 09:00:21 wang.fang
servicebook close INC-20260819-2Q0D

# --- Production volume nas-01 fills up three times in nine months

@ 2026-08-24 09:30:06 xu.jing
servicebook new problem --title 'Production volume nas-01 fills up three times in nine months' \
    --audience internal,customer:harbour-tv --problem-type proactive --customer harbour-tv --service storage \
    --assets nas-01,nas-02 --detected-from trend --impact high --urgency medium \
    --assignment-group infrastructure --assigned-to he.jun --problem-manager xu.jing --at 09:30 \
    --body texts/PRB-20260824-NZR1.md => PRB-20260824-NZR1

@ 2026-08-24 09:30:11 xu.jing
servicebook link INC-20251216-8T6V PRB-20260824-NZR1
servicebook link INC-20260414-XYRH PRB-20260824-NZR1
servicebook link INC-20260819-2Q0D PRB-20260824-NZR1
servicebook link PRB-20260824-NZR1 INC-20251216-8T6V
servicebook link PRB-20260824-NZR1 INC-20260414-XYRH
servicebook link PRB-20260824-NZR1 INC-20260819-2Q0D

@ 2026-08-24 10:00:48 he.jun
servicebook ack PRB-20260824-NZR1

# --- Production volume nas-01 fills up

@ 2026-08-25 16:00 he.jun
servicebook new known_error --title 'Production volume nas-01 fills up' \
    --audience internal,customer:harbour-tv --problem PRB-20260824-NZR1 --services storage,ingest \
    --assets nas-01 \
    --symptoms 'Ingest or saving in the editing suites stops with "No space left on device",收录中断，日志 E1028，制作网磁盘写满' \
    --error-codes E1028 \
    --workaround 'delete proxies older than 14 days, release orphaned snapshots, move raw 4K of closed months to nas-02' \
    --workaround-verified-on 2026-08-19 --root-cause 'no retention rule, growth tripled by 4K recording' \
    --owner he.jun --review-on 2027-03-01 --body texts/KE-20260825-QN2H.md => KE-20260825-QN2H

@ 2026-08-25 16:00:05 he.jun
servicebook link INC-20251216-8T6V KE-20260825-QN2H
servicebook link INC-20260414-XYRH KE-20260825-QN2H
servicebook link INC-20260819-2Q0D KE-20260825-QN2H
servicebook link PRB-20260824-NZR1 KE-20260825-QN2H

@ 2026-08-27 15:00:37 he.jun
servicebook note PRB-20260824-NZR1 --event root_cause_found

@ 2026-08-27 15:00:38 he.jun
servicebook set PRB-20260824-NZR1 \
    'workaround=purge proxies older than 14 days, move raw recordings to nas-02'

# --- nas-01 retention, quotas and two more shelves

@ 2026-09-08 10:00:51 he.jun
servicebook new change --title 'nas-01 retention, quotas and two more shelves' \
    --audience internal,customer:harbour-tv --change-type major \
    --reason 'the volume filled up three times in nine months' --customer harbour-tv --site east-quay-idc \
    --service storage --assets nas-01,nas-02 --risk medium --impact high --requested-by he.jun \
    --assignment-group infrastructure --assigned-to he.jun --planned-start-at 2026-09-15T23:00:00+08:00 \
    --planned-end-at 2026-09-16T07:00:00+08:00 --expected-outage 0s --board cab \
    --set 'plan.implementation=add shelves 5 and 6, grow the pool, set soft quotas by department, switch on tiering of raw 4K after 45 days and of proxies after 14' \
    --set 'plan.test=write 1 TB, move it by policy with a shortened age, read it back from nas-02' \
    --set 'plan.backout=policies off; shelves stay, since a pool cannot shrink' \
    --set plan.point_of_no_return_at=2026-09-16T00:30:00+08:00 --body texts/CHG-20260908-955W.md \
    => CHG-20260908-955W

@ 2026-09-08 10:00:56 he.jun
servicebook link CHG-20260908-955W PRB-20260824-NZR1
servicebook link CHG-20260908-955W KE-20260825-QN2H
servicebook link PRB-20260824-NZR1 CHG-20260908-955W

@ 2026-09-08 17:10:23 he.jun
servicebook submit CHG-20260908-955W

@ 2026-09-11 15:40:23 daniel.okafor
servicebook approve CHG-20260908-955W \
    --note 'with the condition that the 45 days are confirmed by the programme meeting in writing'

@ 2026-09-15 23:05:11 he.jun
servicebook start CHG-20260908-955W

@ 2026-09-16 06:20:29 he.jun
servicebook implement CHG-20260908-955W

@ 2026-09-16 06:22:29 he.jun
servicebook book CHG-20260908-955W --role system_deployment=2 --person he.jun --billable \
    --consent 'Huang by mail on 2026-09-09' --note 'expansion at bid price'

@ 2026-09-16 06:28:29 he.jun
servicebook cure KE-20260825-QN2H --set permanent_fix=CHG-20260908-955W

@ 2026-09-16 06:30:08 he.jun
servicebook resolve PRB-20260824-NZR1 --code removed --cause capacity \
    --method 'no owner and no rule for how long raw recordings and proxies stay; growth went from 0.24 to 0.84 TB a day with 4K recording and nobody was told' \
    --note 'quota, retention and expansion in place'

@ 2026-10-09 10:00:58 daniel.okafor
servicebook close CHG-20260908-955W \
    --set 'review.result=140 TB in the pool and policies running; first move of 4K took three nights instead of one' \
    --set review.closure_code=successful_with_issues --set review.assets_updated=yes

@ 2026-11-02 10:00:02 xu.jing
servicebook close PRB-20260824-NZR1 --note 'six weeks of growth as predicted, 71 % used'
