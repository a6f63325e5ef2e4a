# Two changes in one night
#
# Two approved changes touch the same database hosts on 28 July. The change manager finds it, one of them is
# rescheduled and decided anew.

# --- 东码头核心交换机固件升级

@ 2026-07-20 10:00:20 zhao.lei
servicebook new change --title 东码头核心交换机固件升级 --audience internal,customer:harbour-tv \
    --change-type normal --reason '厂商安全通告，现版本的管理面存在越权漏洞' --customer harbour-tv \
    --site east-quay-idc --service network --assets core-switch-01,core-switch-02,db-mysql-primary \
    --risk high --impact high --requested-by zhao.lei --assignment-group infrastructure \
    --assigned-to zhao.lei --planned-start-at 2026-07-28T01:00:00+08:00 \
    --planned-end-at 2026-07-28T04:00:00+08:00 --expected-outage 30s --board cab \
    --set 'plan.implementation=先升备用 core-switch-02，切换主备，再升 core-switch-01；数据库主机双上联逐条切换' \
    --set 'plan.test=主备各切一次，直播拉流无中断，数据库心跳不丢超过 3 个' \
    --set 'plan.backout=从备用分区启动旧固件，每台 9 分钟' --body texts/CHG-20260720-VFKS.md \
    => CHG-20260720-VFKS

@ 2026-07-20 14:30:36 zhao.lei
servicebook submit CHG-20260720-VFKS

# --- Database failover drill and patch to 8.0.39

@ 2026-07-22 09:40:16 sun.yan
servicebook new change --title 'Database failover drill and patch to 8.0.39' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'half-yearly failover drill, and the patch of July on the way' --customer harbour-tv \
    --site east-quay-idc --service database --assets db-mysql-primary,db-mysql-replica --risk medium \
    --impact medium --requested-by sun.yan --assignment-group database-team --assigned-to sun.yan \
    --planned-start-at 2026-08-04T02:00:00+08:00 --planned-end-at 2026-08-04T05:00:00+08:00 \
    --expected-outage 10s --board cab \
    --set 'plan.implementation=patch the replica, fail over by the orchestrator, patch the old primary, fail back' \
    --set 'plan.test=publishing loop runs all the time; no lost row, at most ten seconds read-only' \
    --set 'plan.backout=stay on the side that works; the package of 8.0.37 is kept on both' \
    --body texts/CHG-20260722-HN8M.md => CHG-20260722-HN8M

@ 2026-07-22 09:40:21 sun.yan
servicebook link CHG-20260720-VFKS CHG-20260722-HN8M
servicebook link CHG-20260722-HN8M CHG-20260720-VFKS

@ 2026-07-22 10:30:36 sun.yan
servicebook submit CHG-20260722-HN8M

@ 2026-07-23 16:00:51 daniel.okafor
servicebook approve CHG-20260722-HN8M --note 'for 28 July 02:00 to 05:00'

@ 2026-07-24 15:10:26 daniel.okafor
servicebook note CHG-20260720-VFKS --event conflict_found --set ticket=CHG-20260722-HN8M \
    '两个变更同在 7 月 28 日凌晨，都动数据库主机的网络'

@ 2026-07-24 15:10:44 daniel.okafor
servicebook note CHG-20260722-HN8M --event conflict_found --set ticket=CHG-20260720-VFKS \
    'same night and same host as the core switch upgrade'

@ 2026-07-24 15:25:16 daniel.okafor
servicebook approve CHG-20260720-VFKS --note '本变更有安全时限，保留原窗口，另一变更改期'

@ 2026-07-24 16:05:41 sun.yan
servicebook reschedule CHG-20260722-HN8M --planned-start-at 2026-08-04T02:00 \
    --planned-end-at 2026-08-04T05:00 --note 'from 28 July 02:00 to 4 August 02:00'

@ 2026-07-27 15:00:04 daniel.okafor
servicebook approve CHG-20260722-HN8M

@ 2026-07-28 01:02:45 zhao.lei
servicebook start CHG-20260720-VFKS

@ 2026-07-28 03:18:45 zhao.lei
servicebook implement CHG-20260720-VFKS

@ 2026-08-03 10:00:01 daniel.okafor
servicebook close CHG-20260720-VFKS --set 'review.result=两台完成升级，切换各丢一个心跳' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-08-04 02:01:10 sun.yan
servicebook start CHG-20260722-HN8M

@ 2026-08-04 03:50:12 sun.yan
servicebook implement CHG-20260722-HN8M

@ 2026-08-10 10:10:25 daniel.okafor
servicebook close CHG-20260722-HN8M --set 'review.result=failover in 6 s and back in 5 s with no row lost' \
    --set review.closure_code=successful --set review.assets_updated=yes
