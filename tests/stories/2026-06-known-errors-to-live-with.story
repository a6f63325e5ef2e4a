# Known errors to live with
#
# Not every cause goes away. Subtitles of one supplier and the sound of one kind of film stay known errors, with a
# workaround that the desk can find and a day on which they are looked at again. A request is refused, a part of
# the tape library is exchanged.

# --- Direct root access to the production database for a data analyst

@ 2026-06-11 16:12:50 wang.fang
servicebook new service_request --title 'Direct root access to the production database for a data analyst' \
    --customer harbour-tv --requested-by 'Wei, data group' --contact-type email --request-type access \
    --service database --assets db-mysql-primary --impact low --urgency low --assignment-group database-team \
    --assigned-to sun.yan --at 16:10 --body texts/REQ-20260611-MRH9.md => REQ-20260611-MRH9

@ 2026-06-11 16:25:46 sun.yan
servicebook ack REQ-20260611-MRH9 --via phone --to Wei

@ 2026-06-12 10:05:07 sun.yan
servicebook reject REQ-20260611-MRH9 \
    --reason 'no personal root on production; a read-only account on the replica is offered instead'

# --- Tape library robot stuck, archive restores stand still

@ 2026-06-24 10:06:54 wang.fang
servicebook new incident --title 'Tape library robot stuck, archive restores stand still' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Zhou \
    --set 'caller.role=features editor' --set caller.phone_ref=harbour-tv/features \
    --set caller.third_party_maintenance=before --set "caller.third_party_by=the maker's field service" \
    --set caller.third_party_on=2026-03-18 --contact-type hotline --site east-quay-idc \
    --service media-asset-management --assets tape-library-01 --error-codes SK-04-15-01 \
    --category server_damage --fault-grade degraded --impact medium --urgency medium \
    --assignment-group infrastructure --assigned-to he.jun --tags missed-restore --at 10:05 \
    --body texts/INC-20260624-12ZG.md => INC-20260624-12ZG

@ 2026-06-24 10:17:29 he.jun
servicebook ack INC-20260624-12ZG --via phone --to Zhou

@ 2026-06-24 10:24:23 he.jun
servicebook note INC-20260624-12ZG --event remote_session --via remote

@ 2026-06-24 11:20:15 he.jun
servicebook arrive INC-20260624-12ZG

@ 2026-06-24 12:05:25 he.jun
servicebook pause INC-20260624-12ZG --reason waiting_supplier \
    --note "maker's hotline called; picker assembly has to come from the regional depot"

@ 2026-06-24 18:00:21 lin.yue
servicebook escalate INC-20260624-12ZG --to tang.bo --note 'restore clock will be missed at 22:05' \
    --kind difficulty

@ 2026-06-24 18:20 tang.bo
servicebook escalate INC-20260624-12ZG --to 'chen.hao, lin.yue' --via phone \
    --note 'replacement of the picker decided' --kind difficulty

@ 2026-06-25 08:40:47 he.jun
servicebook resume INC-20260624-12ZG --note "maker's engineer on site with the part"

@ 2026-06-25 09:05:08 he.jun
servicebook note INC-20260624-12ZG --event part_replaced --set asset=tape-library-01 \
    --set serial_number=PK-30718-B

@ 2026-06-25 10:12:08 he.jun
servicebook resolve INC-20260624-12ZG --code replaced --cause hardware \
    --method 'picker assembly exchanged, library re-inventoried' --confirmed-by Zhou --human-caused no \
    --set 'parts_replaced=[{part: picker assembly, old_serial: PK-22094-B, new_serial: PK-30718-B}]' \
    --set 'loss=26 restore orders waited until the next day; one programme used low-resolution copies' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set "problem_review.reason=wear part at 1.1 million moves; the maker's exchange limit is 1.0 million and is now in the inspection"

@ 2026-06-25 15:30 he.jun
servicebook report INC-20260624-12ZG --via email --to Huang

# --- 外挂字幕在电视端显示为乱码

@ 2026-06-29 15:49:21 wang.fang
servicebook new incident --title 外挂字幕在电视端显示为乱码 --audience internal,customer:yunshan-media \
    --customer yunshan-media --set caller.name=许编辑 --set caller.role=点播编辑 \
    --set caller.phone_ref=yunshan-media/vod-desk --set caller.third_party_maintenance=none \
    --contact-type email --site yunshan-hq --service packaging-origin --assets ys-packager-01 \
    --error-codes PKG-2207 --category program_error --fault-grade degraded --impact low --urgency low \
    --assignment-group live-operations --assigned-to chen.hao --at 15:47 --body texts/INC-20260629-1H4B.md \
    => INC-20260629-1H4B

@ 2026-06-29 16:02:12 chen.hao
servicebook ack INC-20260629-1H4B --via phone --to 许编辑

@ 2026-06-29 16:15:55 chen.hao
servicebook note INC-20260629-1H4B --event remote_session --via remote

@ 2026-06-29 17:36:48 chen.hao
servicebook resolve INC-20260629-1H4B --code workaround --cause third_party \
    --method '用 iconv 把字幕转成 UTF-8 后重新打包' --confirmed-by 许编辑 --human-caused no \
    --set 'loss=11 部译制片字幕不可读，约一天' --set problem_review.result=linked \
    --set problem_review.by=xu.jing

@ 2026-06-30 09:30:45 wang.fang
servicebook close INC-20260624-12ZG

@ 2026-06-30 09:48:37 chen.hao
servicebook report INC-20260629-1H4B --via email --to 方经理

# --- 打包器对短字幕文件不做编码转换

@ 2026-06-30 10:00:11 xu.jing
servicebook new problem --first-reported-by-task INC-20260629-1H4B --title 打包器对短字幕文件不做编码转换 \
    --problem-type reactive --customer yunshan-media --service packaging-origin --assets ys-packager-01 \
    --detected-from incident --impact low --urgency low --assignment-group live-operations \
    --assigned-to chen.hao --problem-manager xu.jing --at 10:00 --body texts/PRB-20260630-D96Q.md \
    => PRB-20260630-D96Q

@ 2026-06-30 10:00:16 xu.jing
servicebook link INC-20260629-1H4B PRB-20260630-D96Q
servicebook link PRB-20260630-D96Q INC-20260629-1H4B

@ 2026-06-30 10:30:41 chen.hao
servicebook ack PRB-20260630-D96Q

@ 2026-07-02 09:00:37 wang.fang
servicebook close INC-20260629-1H4B

# --- 云山点播节目转码后音画不同步

@ 2026-07-02 09:27:52 wang.fang
servicebook new incident --title 云山点播节目转码后音画不同步 --audience internal,customer:yunshan-media \
    --customer yunshan-media --set caller.name=许编辑 --set caller.role=点播编辑 \
    --set caller.phone_ref=yunshan-media/vod-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site yunshan-hq --service transcoding --assets ys-transcode-farm \
    --error-codes FARM-3312 --category program_error --fault-grade degraded --impact medium --urgency medium \
    --assignment-group live-operations --assigned-to chen.hao --tags 重开 --at 09:26 \
    --body texts/INC-20260702-053H.md => INC-20260702-053H

@ 2026-07-02 09:39:40 chen.hao
servicebook ack INC-20260702-053H --via phone --to 许编辑

@ 2026-07-02 09:43:06 chen.hao
servicebook note INC-20260702-053H --event remote_session --via remote --with 许编辑

@ 2026-07-02 11:48:20 chen.hao
servicebook resolve INC-20260702-053H --code workaround --cause software \
    --method '源文件先重新封装消除编辑列表，再转码' --confirmed-by 许编辑 --human-caused no \
    --set 'loss=《古城四季》前四集上架推迟一天' --set problem_review.result=linked \
    --set problem_review.by=xu.jing --note '1080p 模板修正，重转 4 集'

@ 2026-07-02 14:05:06 chen.hao
servicebook report INC-20260702-053H --via email --to 方经理

@ 2026-07-02 16:33:53 wang.fang
servicebook reopen INC-20260702-053H --reason '540p 和音频版仍不同步，许编辑来电'

@ 2026-07-02 18:52:35 chen.hao
servicebook resolve INC-20260702-053H --code workaround --cause software \
    --method '源文件先重新封装消除编辑列表，再转码' --confirmed-by 许编辑 --human-caused no \
    --set 'loss=《古城四季》前四集上架推迟一天' --set problem_review.result=linked \
    --set problem_review.by=xu.jing --note 全部清晰度重转并逐一核对

@ 2026-07-03 09:20:44 chen.hao
servicebook report INC-20260702-053H --via email --to 方经理

# --- 转码程序忽略 MOV 编辑列表造成音画不同步

@ 2026-07-03 10:00:48 xu.jing
servicebook new problem --first-reported-by-task INC-20260702-053H \
    --title '转码程序忽略 MOV 编辑列表造成音画不同步' --audience internal,customer:yunshan-media \
    --problem-type reactive --customer yunshan-media --service transcoding --assets ys-transcode-farm \
    --detected-from incident --impact medium --urgency low --assignment-group live-operations \
    --assigned-to chen.hao --problem-manager xu.jing --review-on 2027-01-15 --at 10:00 \
    --body texts/PRB-20260703-E16W.md => PRB-20260703-E16W

@ 2026-07-03 10:00:53 xu.jing
servicebook link INC-20260702-053H PRB-20260703-E16W
servicebook link PRB-20260703-E16W INC-20260702-053H

@ 2026-07-03 10:25:03 chen.hao
servicebook ack PRB-20260703-E16W

# --- 云山点播音画不同步处理的满意度

@ 2026-07-06 16:30 wang.fang
servicebook survey INC-20260702-053H 5 4 5 --respondent 许编辑 --via email => SUR-20260706-GW3H

@ 2026-07-06 16:31 wang.fang
servicebook set SUR-20260706-GW3H title=云山点播音画不同步处理的满意度

@ 2026-07-06 17:00:22 chen.hao
servicebook note PRB-20260630-D96Q --event root_cause_found 厂商书面答复

@ 2026-07-06 17:00:23 chen.hao
servicebook set PRB-20260630-D96Q 'workaround=入库前用 iconv 转成 UTF-8'

@ 2026-07-07 09:35:57 wang.fang
servicebook close INC-20260702-053H

@ 2026-07-08 11:00:56 chen.hao
servicebook resolve PRB-20260630-D96Q --code risk_accepted --cause third_party \
    --method '打包软件 3.x 的编码识别库对 4 KB 以下文本置信度低于 0.5 时放弃转码，厂商不打算在 3.x 修正' \
    --note '绕行已做成入库脚本，接受风险'

# --- GB18030 短字幕在电视端乱码

@ 2026-07-08 11:05:56 chen.hao
servicebook new known_error --title 'GB18030 短字幕在电视端乱码' --audience internal,customer:yunshan-media \
    --problem PRB-20260630-D96Q --services packaging-origin --assets ys-packager-01 \
    --affected-versions 'packager 3.0,packager 3.1,packager 3.2' \
    --symptoms '电视端字幕全是乱码，网页端正常,字幕文件小于 4 KB，来自供片方' --error-codes PKG-2207 \
    --workaround '入库前转成 UTF-8；已入库的转码后重新打包并刷新缓存' --workaround-verified-on 2026-07-08 \
    --root-cause '编码识别置信度低于 0.5 即透传' --risk-if-untreated 每月约三到八部影片的字幕在电视端不可读 \
    --accepted-by lin.yue --owner chen.hao --review-on 2027-01-15 --body texts/KE-20260708-XTZ3.md \
    => KE-20260708-XTZ3

@ 2026-07-08 11:06:01 chen.hao
servicebook link INC-20260629-1H4B KE-20260708-XTZ3
servicebook link PRB-20260630-D96Q KE-20260708-XTZ3

@ 2026-07-10 16:00:41 chen.hao
servicebook note PRB-20260703-E16W --event root_cause_found

@ 2026-07-10 16:00:43 chen.hao
servicebook set PRB-20260703-E16W \
    'root_cause=点播转码软件 5.1 的 MOV 解析对 elst 只读第一段且不应用空段偏移'
servicebook set PRB-20260703-E16W cause_code=software

@ 2026-07-13 09:30:59 chen.hao
servicebook note PRB-20260703-E16W --event workaround_found

@ 2026-07-13 09:31 chen.hao
servicebook set PRB-20260703-E16W workaround=先重新封装再转码

# --- MOV 编辑列表被忽略，转码后声音早于画面

@ 2026-07-13 09:35:59 chen.hao
servicebook new known_error --title 'MOV 编辑列表被忽略，转码后声音早于画面' \
    --audience internal,customer:yunshan-media --problem PRB-20260703-E16W --services transcoding \
    --assets ys-transcode-farm --affected-versions 'farm 5.0,farm 5.1' \
    --symptoms '转码后的节目声音固定早若干分之一秒，源文件正常,日志有 edit list ignored' \
    --error-codes FARM-3312 \
    --workaround '先用 mkvmerge 重新封装，再走标准转码模板；所有清晰度和音频版都要重转' \
    --workaround-verified-on 2026-07-13 --root-cause '转码软件 5.1 不应用 elst 的空段偏移' \
    --risk-if-untreated '全库约 0.4% 的素材音画不同步' --owner chen.hao --review-on 2027-01-15 \
    --body texts/KE-20260713-NHYX.md => KE-20260713-NHYX

@ 2026-07-13 09:36:04 chen.hao
servicebook link INC-20260702-053H KE-20260713-NHYX
servicebook link PRB-20260703-E16W KE-20260713-NHYX

@ 2026-07-15 10:00:11 xu.jing
servicebook close PRB-20260630-D96Q

# --- CDN edge node in the east cluster answers with stale playlists

@ 2026-07-15 13:04:31 wang.fang
servicebook new incident --title 'CDN edge node in the east cluster answers with stale playlists' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set 'caller.name=Chen Gong' \
    --set 'caller.role=playout duty engineer' --set caller.phone_ref=harbour-tv/duty-desk \
    --set caller.third_party_maintenance=none --contact-type monitoring --site east-quay-idc \
    --service cdn-delivery --assets cdn-edge-east --category program_error --fault-grade degraded \
    --impact medium --urgency medium --assignment-group live-operations --assigned-to emma.clarke --at 13:02 \
    --body texts/INC-20260715-RFK3.md => INC-20260715-RFK3

@ 2026-07-15 13:11:24 emma.clarke
servicebook ack INC-20260715-RFK3 --via phone --to 'Chen Gong'

@ 2026-07-15 13:15:33 emma.clarke
servicebook note INC-20260715-RFK3 --event remote_session --via remote --with 'Chen Gong'

@ 2026-07-15 13:58 emma.clarke
servicebook pause INC-20260715-RFK3 --reason waiting_supplier \
    --note "ticket 55-20931 at the CDN's operations centre"

@ 2026-07-15 16:20:22 emma.clarke
servicebook resume INC-20260715-RFK3 --note 'supplier found a cache node with a clock 47 s slow'

@ 2026-07-15 17:05:43 emma.clarke
servicebook resolve INC-20260715-RFK3 --code third_party --cause third_party \
    --method 'supplier took the node out and repaired its time service' --confirmed-by 'Chen Gong' \
    --human-caused no --set 'loss=about 6 % of viewers in the east saw the live edge 40 s late or stalled' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set "problem_review.reason=supplier's cause report received; our own probe for playlist age was added"

@ 2026-07-16 11:00:17 emma.clarke
servicebook report INC-20260715-RFK3 --via email --to Huang

@ 2026-07-20 09:10:38 wang.fang
servicebook close INC-20260715-RFK3

@ 2026-07-20 15:00:28 chen.hao
servicebook pause PRB-20260703-E16W --reason waiting_supplier --note '厂商排入 5.2，预计 2027 年一季度'
