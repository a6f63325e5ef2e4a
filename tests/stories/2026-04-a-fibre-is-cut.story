# A fibre is cut on Signal Hill
#
# The first emergency of the year with a team on the road: plan, the customer's consent, the director's approval by
# telephone and its confirmation the next day, departure, arrival, report. Beside it two requests that cost money,
# and a deleted archive that comes back from tape.

# --- 采编人员内容平台进阶培训两场

@ 2026-03-30 09:35:05 wang.fang
servicebook new service_request --title 采编人员内容平台进阶培训两场 --audience internal,customer:harbour-tv \
    --customer harbour-tv --requested-by 林编辑 --requested-for 新媒体编辑部及专题部 --contact-type hotline \
    --site harbour-tv-hq --request-type training --service cms --catalog-item 用户培训 --quantity 2 \
    --due-on 2026-04-24 --impact low --urgency low --assignment-group service-management \
    --assigned-to lin.yue --at 09:34 --body texts/REQ-20260330-1BHK.md => REQ-20260330-1BHK

@ 2026-03-30 09:50:39 lin.yue
servicebook ack REQ-20260330-1BHK --via phone --to 林编辑

@ 2026-03-30 09:51:39 gao.feng
servicebook set REQ-20260330-1BHK approved_by=gao.feng

@ 2026-03-31 11:00:29 lin.yue
servicebook pause REQ-20260330-1BHK --reason agreed_appointment --note '约定 4 月 16 日开课' \
    --until 2026-04-16T14:00

# --- 为半程马拉松增开一路临时直播频道

@ 2026-04-08 11:20:48 wang.fang
servicebook new service_request --title 为半程马拉松增开一路临时直播频道 \
    --audience internal,customer:yunshan-media --customer yunshan-media --requested-by 罗工 \
    --contact-type email --site yunshan-hq --request-type provisioning --service live-streaming \
    --assets ys-encoder-01,ys-transcoder-01 --catalog-item 新增直播频道 --quantity 1 --due-on 2026-04-19 \
    --impact medium --urgency medium --assignment-group live-operations --assigned-to li.wei --at 11:18 \
    --body texts/REQ-20260408-Z8TE.md => REQ-20260408-Z8TE

@ 2026-04-08 11:41:55 li.wei
servicebook ack REQ-20260408-Z8TE --via phone --to 罗工

@ 2026-04-08 11:42:55 gao.feng
servicebook set REQ-20260408-Z8TE approved_by=gao.feng

@ 2026-04-15 18:00:39 li.wei
servicebook note REQ-20260408-Z8TE '彩排两小时，画面声音正常'

@ 2026-04-16 14:00:41 liu.yang
servicebook resume REQ-20260330-1BHK

@ 2026-04-17 17:04:30 liu.yang
servicebook set REQ-20260330-1BHK \
    'training=[{audience: users, held_on: 2026-04-16, trainers: [liu.yang], topics: [专题模板, 批量操作], attendees: [林编辑, 新媒体编辑部 15 人（签到表）]}, {audience: users, held_on: 2026-04-17, trainers: [liu.yang], topics: [专题模板, 定时发布], attendees: [专题部 15 人（签到表）]}]'

@ 2026-04-17 17:05:30 liu.yang
servicebook fulfil REQ-20260330-1BHK --method '4 月 16 日、17 日两场，到场 31 人，签到表和课件已移交' \
    --confirmed-by 林编辑 --set accepted_on=2026-04-20

@ 2026-04-17 17:07:30 liu.yang
servicebook book REQ-20260330-1BHK --role senior_development=1 --person liu.yang --free \
    --note 合同约定培训免费

@ 2026-04-19 12:30:13 li.wei
servicebook fulfil REQ-20260408-Z8TE --method '临时频道 ys-event 开通，三档清晰度，比赛当日在线峰值 8.6 万' \
    --confirmed-by 罗工 --set accepted_on=2026-04-20

@ 2026-04-19 12:32:13 li.wei
servicebook book REQ-20260408-Z8TE --role system_deployment=1 --person li.wei --billable \
    --consent '方经理 2026-04-09 邮件' --note '新增需求，按价目表'
servicebook book REQ-20260408-Z8TE --role testing=0.5 --person chen.hao --billable \
    --consent '方经理 2026-04-09 邮件'

@ 2026-04-20 10:00:52 wang.fang
servicebook close REQ-20260330-1BHK

@ 2026-04-22 09:00:23 wang.fang
servicebook close REQ-20260408-Z8TE

# --- 信号山发射机房到东码头的主光缆中断

@ 2026-04-22 16:09:01 wang.fang
servicebook new incident --title 信号山发射机房到东码头的主光缆中断 --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=老郑 --set caller.role=发射机房值班 \
    --set caller.phone_ref=harbour-tv/signal-hill --set caller.third_party_maintenance=none \
    --set caller.someone_on_site=yes --contact-type hotline --site signal-hill --service network \
    --assets uplink-signal-hill,signal-hill-switch --error-codes LINK-3-UPDOWN --category network_link_down \
    --fault-grade severe --impact high --urgency medium --assignment-group infrastructure \
    --assigned-to zhao.lei --at 16:08 --body texts/INC-20260422-SQ0X.md => INC-20260422-SQ0X

@ 2026-04-22 16:09:06 wang.fang
servicebook link INC-20260422-SQ0X policy-signal-hill-access

@ 2026-04-22 16:15:45 zhao.lei
servicebook ack INC-20260422-SQ0X --via phone --to 老郑

@ 2026-04-22 16:25:51 zhao.lei
servicebook note INC-20260422-SQ0X --event remote_session --via remote

@ 2026-04-22 16:37 gao.feng
servicebook emergency INC-20260422-SQ0X --suspected-cause '山腰施工挖断光缆，或机房侧尾纤损坏' \
    --expected-start-at 17:45 --expected-duration 3h --lead zhao.lei --engineers zhao.lei,he.jun \
    --tools OTDR,熔接机 --parts '单模尾纤 LC-LC 20 米 两根,10G LR 光模块' \
    --work-items 'OTDR 测断点,更换尾纤或光模块,恢复主路并核对路由' --estimate 1000

@ 2026-04-22 16:40 lin.yue
servicebook consent INC-20260422-SQ0X --to 黄主任 --via phone

@ 2026-04-22 16:45:53 gao.feng
servicebook approve INC-20260422-SQ0X --via phone --by tang.bo

@ 2026-04-22 16:46:53 gao.feng
servicebook emergency INC-20260422-SQ0X --parts-released-by gao.feng

@ 2026-04-22 16:50:44 zhao.lei
servicebook depart INC-20260422-SQ0X --transport 公司工程车 --pass 发射机房当日通行证 --eta 18:00

@ 2026-04-22 16:51 gao.feng
servicebook tell INC-20260422-SQ0X --via phone

@ 2026-04-22 16:53 gao.feng
servicebook tell INC-20260422-SQ0X --via sms

@ 2026-04-22 17:52:32 zhao.lei
servicebook arrive INC-20260422-SQ0X

@ 2026-04-22 17:55:23 zhao.lei
servicebook pause INC-20260422-SQ0X --reason waiting_access \
    --note '大风橙色预警，山门封闭，保安不放行，通行证需园区应急办加签'

@ 2026-04-22 20:02:38 zhao.lei
servicebook resume INC-20260422-SQ0X --note '加签到手，进入机房'

@ 2026-04-22 20:58:50 zhao.lei
servicebook resolve INC-20260422-SQ0X --code replaced --cause network \
    --method 更换被鼠咬断的尾纤并改走金属软管 --confirmed-by 老郑 --human-caused no \
    --set 'loss=主路中断 4 小时 50 分，业务走微波备路未中断' --set outage_start_at=2026-04-22T16:02:00+08:00 \
    --set outage_end_at=2026-04-22T20:52:00+08:00 --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing \
    --set 'problem_review.reason=鼠咬，已加金属软管，另外两处机房在月巡检中核查'

@ 2026-04-22 21:00:50 zhao.lei
servicebook book INC-20260422-SQ0X --role operations_engineer=0.5 --person zhao.lei --free
servicebook book INC-20260422-SQ0X --role operations_engineer=0.5 --person he.jun --free

@ 2026-04-22 21:40 zhao.lei
servicebook leave INC-20260422-SQ0X

@ 2026-04-23 09:10:24 tang.bo
servicebook confirm INC-20260422-SQ0X --via email

@ 2026-04-23 10:30:23 zhao.lei
servicebook report INC-20260422-SQ0X --via email --to 黄主任

@ 2026-04-27 09:40:05 wang.fang
servicebook close INC-20260422-SQ0X

# --- 《渔港故事》栏目素材被误删 1204 条

@ 2026-05-07 11:35:10 wang.fang
servicebook new incident --title '《渔港故事》栏目素材被误删 1204 条' --audience internal \
    --customer harbour-tv --set caller.name=周编导 --set caller.role=专题部 \
    --set caller.phone_ref=harbour-tv/features --set caller.third_party_maintenance=none \
    --contact-type hotline --site harbour-tv-hq --service media-asset-management \
    --assets mam-app-01,tape-library-01 --category data_error_or_loss --fault-grade severe --impact medium \
    --urgency high --assignment-group application-team --assigned-to ma.lin --at 11:34 \
    --body texts/INC-20260507-2K6D.md => INC-20260507-2K6D

@ 2026-05-07 11:35:15 wang.fang
servicebook link INC-20260507-2K6D runbook-restore-from-tape

@ 2026-05-07 11:41:03 ma.lin
servicebook ack INC-20260507-2K6D --via phone --to 周编导

@ 2026-05-07 11:44:10 ma.lin
servicebook escalate INC-20260507-2K6D --to gao.feng --note 停掉清理任务需要项目经理同意 --kind difficulty

@ 2026-05-07 11:46:54 ma.lin
servicebook note INC-20260507-2K6D --event remote_session --via remote --with 周编导

@ 2026-05-07 11:52 gao.feng
servicebook escalate INC-20260507-2K6D --to 'chen.hao, lin.yue, tang.bo' --via phone \
    --note 磁带回迁按技术负责人的顺序做 --kind difficulty

@ 2026-05-07 12:10:21 he.jun
servicebook note INC-20260507-2K6D '11 盘磁带从离线柜入库'

@ 2026-05-07 15:03:38 ma.lin
servicebook resolve INC-20260507-2K6D --code fixed --cause human_error \
    --method '从 LTO 磁带回迁 1191 条，其余 13 条由编导工作站找回' --confirmed-by 周编导 --human-caused yes \
    --set 'loss=无永久丢失；专题部停工约三小时' --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing \
    --set 'problem_review.reason=原因清楚，误删无回收站可用，已由加装回收站的变更解决'

@ 2026-05-07 17:40:46 ma.lin
servicebook report INC-20260507-2K6D --via email --to 黄主任

@ 2026-05-14 10:00:09 wang.fang
servicebook close INC-20260507-2K6D

# --- 媒资系统启用回收站，永久删除改为双人确认

@ 2026-05-15 09:30:05 ma.lin
servicebook new change --title '媒资系统启用回收站，永久删除改为双人确认' \
    --audience internal,customer:harbour-tv --change-type normal --reason '误删 1204 条素材后客户要求' \
    --customer harbour-tv --site harbour-tv-hq --service media-asset-management --assets mam-app-01 \
    --risk low --impact medium --requested-by ma.lin --assignment-group application-team \
    --assigned-to liu.yang --planned-start-at 2026-05-20T21:00:00+08:00 \
    --planned-end-at 2026-05-20T22:30:00+08:00 --expected-outage 15m --board cab \
    --set 'plan.implementation=升级删除模块，delete 默认进回收站 30 天，permanent 需第二人确认，收藏夹里不再提供“删除素材”' \
    --set 'plan.test=测试栏目建 50 条，普通删、永久删、收藏夹移出三种操作逐一核对' \
    --set 'plan.backout=关闭开关 asset.recycle.enabled' --body texts/CHG-20260515-MTMG.md \
    => CHG-20260515-MTMG

@ 2026-05-15 09:30:10 ma.lin
servicebook link CHG-20260515-MTMG INC-20260507-2K6D
servicebook link INC-20260507-2K6D CHG-20260515-MTMG

@ 2026-05-15 11:00:47 ma.lin
servicebook submit CHG-20260515-MTMG

@ 2026-05-18 15:20:32 daniel.okafor
servicebook approve CHG-20260515-MTMG

@ 2026-05-20 21:04:18 liu.yang
servicebook start CHG-20260515-MTMG

@ 2026-05-20 22:02:14 liu.yang
servicebook implement CHG-20260515-MTMG

@ 2026-05-27 10:00:20 daniel.okafor
servicebook close CHG-20260515-MTMG --set 'review.result=一周内回收站收到 212 条，恢复 9 条；确有人点错' \
    --set review.closure_code=successful --set review.assets_updated=yes
