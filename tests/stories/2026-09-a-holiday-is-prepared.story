# A holiday is prepared
#
# A release with new pages, an origin that stops, a line that flaps, and the national day with more viewers than
# ever. The content platform 3.7 goes live and stays.

# --- Remote log-in for two engineers of the Yunshan playout desk

@ 2026-09-03 09:14:33 wang.fang
servicebook new service_request --title 'Remote log-in for two engineers of the Yunshan playout desk' \
    --audience internal,customer:yunshan-media --customer yunshan-media --requested-by 'Ms Fang' \
    --requested-for 'Luo and one deputy' --contact-type email --request-type access --service network \
    --catalog-item 'Remote log-in account' --quantity 2 --impact low --urgency medium \
    --assignment-group infrastructure --assigned-to zhao.lei --at 09:12 --body texts/REQ-20260903-D7Z5.md \
    => REQ-20260903-D7Z5

@ 2026-09-03 09:33 zhao.lei
servicebook ack REQ-20260903-D7Z5 --via phone --to 'Ms Fang'

@ 2026-09-03 09:34 lin.yue
servicebook set REQ-20260903-D7Z5 approved_by=lin.yue

@ 2026-09-03 10:10:52 zhao.lei
servicebook pause REQ-20260903-D7Z5 --reason waiting_customer \
    --note "signed user agreement and the deputy's name"

@ 2026-09-05 16:00:59 zhao.lei
servicebook resume REQ-20260903-D7Z5

@ 2026-09-05 16:45:15 zhao.lei
servicebook fulfil REQ-20260903-D7Z5 \
    --method 'two named accounts with one-time codes limited to the monitoring pages' \
    --confirmed-by 'Ms Fang' --set accepted_on=2026-09-07

@ 2026-09-08 09:00:34 wang.fang
servicebook close REQ-20260903-D7Z5

# --- Uplink of East Quay flaps every few minutes on Saturday night

@ 2026-09-12 22:33:51 zhou.min
servicebook new incident --title 'Uplink of East Quay flaps every few minutes on Saturday night' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Ma \
    --set 'caller.role=data centre duty' --set caller.phone_ref=harbour-tv/idc-desk \
    --set caller.third_party_maintenance=now --set "caller.third_party_by=the carrier's night crew" \
    --set caller.third_party_on=2026-09-12 --contact-type monitoring --site east-quay-idc --service network \
    --assets uplink-east-quay,core-switch-01 --error-codes BGP-5-ADJCHANGE --category network_link_down \
    --fault-grade degraded --impact medium --urgency high --assignment-group infrastructure \
    --assigned-to zhao.lei --at 22:31 --body texts/INC-20260912-KTMM.md => INC-20260912-KTMM

@ 2026-09-12 22:44:49 zhao.lei
servicebook ack INC-20260912-KTMM --via phone --to Ma

@ 2026-09-12 22:57:24 zhao.lei
servicebook note INC-20260912-KTMM --event remote_session --with Ma

@ 2026-09-12 23:05:17 zhao.lei
servicebook pause INC-20260912-KTMM --reason waiting_supplier \
    --note 'carrier ticket opened, splice work on the ring'

@ 2026-09-13 01:40:26 zhao.lei
servicebook resume INC-20260912-KTMM

@ 2026-09-13 02:12:12 zhao.lei
servicebook resolve INC-20260912-KTMM --code third_party --cause external \
    --method 'traffic moved to the second carrier by local preference until the carrier had finished' \
    --confirmed-by Ma --human-caused no \
    --set 'loss=none seen by viewers after 22:58; eleven short stalls before' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=announced work of the carrier whose notice went to a mailbox we do not read; address corrected with the carrier'

@ 2026-09-13 12:00:36 zhao.lei
servicebook report INC-20260912-KTMM --via email --to Huang

# --- 内容平台 3.7

@ 2026-09-14 09:00:41 priya.nair
servicebook new release --title '内容平台 3.7' --audience internal,customer:harbour-tv --release-type major \
    --customer harbour-tv --service cms --version 3.7.0 --release-manager priya.nair \
    --assignment-group application-team --planned-deploy-at 2026-09-22T01:30:00+08:00 \
    --build-ref 'cms 标签 v3.7.0' --media-location '制品库 /cms/3.7.0' \
    --environments 测试,预发,cms-app-01,cms-app-02 --backout '应用回 3.6.3，读路径切回旧表' \
    --acceptance-by 林编辑 --early-life-support-until-on 2026-10-09 --body texts/REL-20260914-096H.md \
    --incomplete => REL-20260914-096H

@ 2026-09-14 09:10:27 liu.yang
servicebook build REL-20260914-096H

@ 2026-09-15 09:30:16 liu.yang
servicebook test REL-20260914-096H

@ 2026-09-16 09:30:42 wang.fang
servicebook close INC-20260912-KTMM

@ 2026-09-16 18:00:08 liu.yang
servicebook pass REL-20260914-096H

# --- 内容平台 3.7 上线，批量操作与专题模板改版

@ 2026-09-17 09:30:03 gao.feng
servicebook new change --title '内容平台 3.7 上线，批量操作与专题模板改版' \
    --audience internal,customer:harbour-tv --change-type normal --reason '年度功能版本，含编辑部意见 14 条' \
    --customer harbour-tv --site harbour-tv-hq --service cms --assets cms-app-01,cms-app-02,db-mysql-primary \
    --risk medium --impact medium --requested-by gao.feng --assignment-group application-team \
    --assigned-to liu.yang --planned-start-at 2026-09-22T01:30:00+08:00 \
    --planned-end-at 2026-09-22T04:30:00+08:00 --expected-outage 5m --board cab \
    --set 'plan.implementation=备库建新表，双写一周已完成；当晚切读，逐台更新应用' \
    --set 'plan.test=编辑部给的 60 条用例，其中批量操作 12 条；旧专题 20 个逐页比对' \
    --set 'plan.backout=切回旧读路径，应用回到 3.6.3，数据双写保留' --body texts/CHG-20260917-WKH8.md \
    => CHG-20260917-WKH8

@ 2026-09-17 09:30:08 gao.feng
servicebook link CHG-20260917-WKH8 REL-20260914-096H

@ 2026-09-17 09:30:12 priya.nair
servicebook set REL-20260914-096H changes=CHG-20260917-WKH8

@ 2026-09-17 16:00:28 liu.yang
servicebook submit CHG-20260917-WKH8

@ 2026-09-18 15:30:52 daniel.okafor
servicebook approve CHG-20260917-WKH8

@ 2026-09-22 01:33:38 liu.yang
servicebook start CHG-20260917-WKH8

@ 2026-09-22 01:33:46 liu.yang
servicebook deploy REL-20260914-096H

@ 2026-09-22 03:12:22 liu.yang
servicebook finish REL-20260914-096H

@ 2026-09-22 03:12:38 liu.yang
servicebook implement CHG-20260917-WKH8

# --- Origin serves no segments, channels 1 to 6 dark on web and phone

@ 2026-09-22 14:04:12 wang.fang
servicebook new incident --title 'Origin serves no segments, channels 1 to 6 dark on web and phone' \
    --title-zh '源站不出切片，1 至 6 频道网页和手机端黑屏' --audience internal,customer:harbour-tv \
    --customer harbour-tv --contract harbour-newmedia-2025 --set caller.name=陈工 --set caller.role=播控值班 \
    --set caller.phone_ref=harbour-tv/duty-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site east-quay-idc --service packaging-origin --assets origin-01,origin-02 \
    --category program_error --fault-grade severe --impact high --urgency high \
    --assignment-group live-operations --assigned-to li.wei --at 14:03 --body texts/INC-20260922-GMCF.md \
    => INC-20260922-GMCF

@ 2026-09-22 14:09:40 li.wei
servicebook ack INC-20260922-GMCF --via phone --to 陈工

@ 2026-09-22 14:10 gao.feng
servicebook emergency INC-20260922-GMCF \
    --suspected-cause 'both origins lost their address, or the switch between them' \
    --expected-start-at 14:55 --expected-duration 1h --lead chen.hao --engineers chen.hao \
    --tools 'console cable,laptop with the address plan' \
    --work-items 'look at both origins at the console,find who else answers on their addresses,bring them up one after the other' \
    --special-notes 'channels stay dark until the first origin is up' --role senior_development=0.5

@ 2026-09-22 14:13 lin.yue
servicebook consent INC-20260922-GMCF --to 陈工 --via phone

@ 2026-09-22 14:16 tang.bo
servicebook approve INC-20260922-GMCF

@ 2026-09-22 14:18:05 chen.hao
servicebook depart INC-20260922-GMCF \
    --note 'by car with a console cable - both origins do not answer on the network' --transport 'own car' \
    --pass 'standing pass of the data centre' --eta 14:50

@ 2026-09-22 14:19 gao.feng
servicebook tell INC-20260922-GMCF --via phone

@ 2026-09-22 14:20 gao.feng
servicebook tell INC-20260922-GMCF --via sms

@ 2026-09-22 14:31:30 li.wei
servicebook note INC-20260922-GMCF --event remote_session --via remote --with 陈工 'console server ec-con1'

@ 2026-09-22 14:52:18 chen.hao
servicebook arrive INC-20260922-GMCF

@ 2026-09-22 15:36:44 li.wei
servicebook resolve INC-20260922-GMCF --code fixed --cause configuration \
    --method 'duplicate address removed from the switch, both origins brought up one after the other at the console' \
    --confirmed-by 陈工 --human-caused no \
    --set 'loss=live channels 1 to 6 dark for 1 h 41 min on web and phone; broadcast not touched' \
    --set outage_start_at=2026-09-22T13:55:00+08:00 --set outage_end_at=2026-09-22T15:36:00+08:00 \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=the address plan has been locked since and the switch refuses duplicates'

@ 2026-09-22 16:30 chen.hao
servicebook leave INC-20260922-GMCF

@ 2026-09-23 10:15:20 li.wei
servicebook report INC-20260922-GMCF --via email --to 黄主任

@ 2026-09-24 09:12 wang.fang
servicebook close INC-20260922-GMCF

# --- How content with: Origin serves no segments, channels 1 to 6 dark on web and phone

@ 2026-09-24 16:30 wang.fang
servicebook survey INC-20260922-GMCF 5 5 4 --respondent 陈工 => SUR-20260924-76R6

# --- 国庆升旗直播并发超预期，出口带宽 97%

@ 2026-09-30 19:45:29 zhou.min
servicebook new incident --title '国庆升旗直播并发超预期，出口带宽 97%' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=黄主任 \
    --set caller.role=新媒体部 --set caller.phone_ref=harbour-tv/office \
    --set caller.third_party_maintenance=none --contact-type on_call_mobile --site east-quay-idc \
    --service network --assets uplink-east-quay,origin-01,origin-02 --category resource_shortage \
    --fault-grade degraded --impact high --urgency high --assignment-group infrastructure \
    --assigned-to zhao.lei --tags 直播,重要保障期 --at 19:44 --body texts/INC-20260930-X266.md \
    => INC-20260930-X266

@ 2026-09-30 19:45:34 zhou.min
servicebook link INC-20260930-X266 policy-protected-broadcasts

@ 2026-09-30 19:52:06 zhao.lei
servicebook ack INC-20260930-X266 --via phone --to 黄主任

@ 2026-09-30 20:04:25 zhao.lei
servicebook note INC-20260930-X266 --event remote_session --via remote --with 黄主任

@ 2026-09-30 20:30:50 chen.hao
servicebook note INC-20260930-X266 --event workaround_found 源站最高码率档下调

@ 2026-09-30 21:16:10 zhao.lei
servicebook resolve INC-20260930-X266 --code fixed --cause capacity \
    --method 临时扩容第二运营商带宽并提高边缘命中率 --confirmed-by 黄主任 --human-caused no \
    --set 'loss=约两千名观众被降到 720p，无中断' --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing \
    --set 'problem_review.reason=彩排流量误当作正式并发，次日已按 3 倍预留；容量口径写入保障制度'

@ 2026-10-01 10:00:24 zhao.lei
servicebook report INC-20260930-X266 --via email --to 黄主任

# --- 国庆后撤回的请求：临时增加转码档位

@ 2026-10-09 08:51:23 wang.fang
servicebook new service_request --title '国庆后撤回的请求：临时增加转码档位' --customer harbour-tv \
    --requested-by 陈工 --contact-type hotline --request-type configuration --service transcoding \
    --assets transcode-farm-vod --impact low --urgency low --assignment-group live-operations \
    --assigned-to chen.hao --at 08:50 --body texts/REQ-20261009-Y3AX.md => REQ-20261009-Y3AX

@ 2026-10-09 09:05:33 chen.hao
servicebook ack REQ-20261009-Y3AX --via phone --to 陈工

@ 2026-10-09 09:20:20 wang.fang
servicebook close INC-20260930-X266

@ 2026-10-09 11:00:17 daniel.okafor
servicebook close CHG-20260917-WKH8 --set 'review.result=切读中断 2 分钟；上线后两条小缺陷当周修复' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-10-10 10:00:33 priya.nair
servicebook close REL-20260914-096H

@ 2026-10-12 10:00:09 wang.fang
servicebook cancel REQ-20261009-Y3AX --reason '客户撤回，试看后认为现有 720p 档够用'
