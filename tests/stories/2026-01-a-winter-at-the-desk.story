# A winter at the desk
#
# What a desk does all day: a card that lost its lock, a stutter on some boxes only, a queue before the gala, figures
# for the auditor, a question. One mail of the night lies in the quarantine folder and is answered too late; a change
# makes sure that no second one does.

# --- Ingest card in ingest-server-01 drops SDI lock after the mains dip

@ 2026-01-08 06:57:22 zhou.min
servicebook new incident --title 'Ingest card in ingest-server-01 drops SDI lock after the mains dip' \
    --customer harbour-tv --set 'caller.name=Chen Gong' --set 'caller.role=playout duty engineer' \
    --set caller.phone_ref=harbour-tv/duty-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site east-quay-idc --service ingest --assets ingest-server-01 \
    --category program_error --fault-grade degraded --impact medium --urgency medium \
    --assignment-group live-operations --assigned-to chen.hao --at 06:55 --body texts/INC-20260108-88KD.md \
    => INC-20260108-88KD

@ 2026-01-08 07:09:54 chen.hao
servicebook ack INC-20260108-88KD --via phone --to 'Chen Gong'

@ 2026-01-08 07:26:31 chen.hao
servicebook note INC-20260108-88KD --event remote_session 'shared console with the playout desk'

@ 2026-01-08 08:31:07 chen.hao
servicebook resolve INC-20260108-88KD --code fixed --cause hardware \
    --method 'cold start of the chassis and re-seat of the reference input' --confirmed-by 'Chen Gong' \
    --human-caused no --set 'loss=two live windows of the morning were recorded from the backup input' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=single event with an outside cause; the building confirmed a 180 ms dip on feed A'

@ 2026-01-08 17:48:46 chen.hao
servicebook report INC-20260108-88KD --via email --to Huang

@ 2026-01-12 09:15:25 wang.fang
servicebook close INC-20260108-88KD

# --- Yearly figures of platform incidents for the broadcaster's audit

@ 2026-01-12 10:43:22 wang.fang
servicebook new service_request --title "Yearly figures of platform incidents for the broadcaster's audit" \
    --audience internal,customer:harbour-tv --customer harbour-tv --requested-by Huang \
    --requested-for 'internal audit' --contact-type email --request-type information --service cms \
    --catalog-item 'Ad-hoc report' --due-on 2026-01-23 --impact low --urgency low \
    --assignment-group service-management --assigned-to lin.yue --at 10:40 --body texts/REQ-20260112-7J6B.md \
    => REQ-20260112-7J6B

@ 2026-01-12 10:58:12 lin.yue
servicebook ack REQ-20260112-7J6B --via phone --to Huang

@ 2026-01-19 16:20:12 lin.yue
servicebook fulfil REQ-20260112-7J6B \
    --method 'Six-page report with a table of incidents since acceptance and their response times' \
    --confirmed-by Huang --set accepted_on=2026-01-20

# --- 4K playback stutters on some living-room boxes only

@ 2026-01-21 14:22:01 wang.fang
servicebook new incident --title '4K playback stutters on some living-room boxes only' \
    --audience internal,customer:yunshan-media --customer yunshan-media --set 'caller.name=Ms Fang' \
    --set 'caller.role=product owner TV app' --set caller.phone_ref=yunshan-media/product \
    --set caller.third_party_maintenance=unknown --contact-type email --site yunshan-hq \
    --service packaging-origin --assets ys-packager-01 --category program_error --fault-grade degraded \
    --impact low --urgency medium --assignment-group live-operations --assigned-to emma.clarke --at 14:20 \
    --body texts/INC-20260121-XQNA.md => INC-20260121-XQNA

@ 2026-01-21 14:36:51 emma.clarke
servicebook ack INC-20260121-XQNA --via phone --to 'Ms Fang'

@ 2026-01-21 14:41:39 emma.clarke
servicebook note INC-20260121-XQNA --event remote_session --via remote

@ 2026-01-21 16:05:59 emma.clarke
servicebook pause INC-20260121-XQNA --reason waiting_customer \
    --note 'player log and box model needed; none of our six boxes shows it'

@ 2026-01-22 09:30:50 wang.fang
servicebook close REQ-20260112-7J6B

@ 2026-01-23 11:30:04 emma.clarke
servicebook resume INC-20260121-XQNA --note 'logs of three boxes received'

@ 2026-01-23 16:48:26 emma.clarke
servicebook resolve INC-20260121-XQNA --code fixed --cause configuration \
    --method 'segment duration of the 2160p ladder set from 10 s to 4 s' --confirmed-by 'Ms Fang' \
    --human-caused no --set 'loss=none on other boxes; 41 viewers complained' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=profile mistake made once at hand-over and corrected in the profile template'

@ 2026-01-24 10:02:51 emma.clarke
servicebook report INC-20260121-XQNA --via email --to 'Ms Fang'

@ 2026-01-28 09:30:35 wang.fang
servicebook close INC-20260121-XQNA

# --- VOD transcoding queue over four hours behind before the Spring Festival gala

@ 2026-01-29 18:05:41 zhou.min
servicebook new incident \
    --title 'VOD transcoding queue over four hours behind before the Spring Festival gala' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Huang \
    --set 'caller.role=head of new media' --set caller.phone_ref=harbour-tv/office \
    --set caller.third_party_maintenance=none --contact-type on_call_mobile --site east-quay-idc \
    --service transcoding --assets transcode-farm-vod --category resource_shortage --fault-grade degraded \
    --impact high --urgency high --assignment-group live-operations --assigned-to chen.hao --at 18:03 \
    --body texts/INC-20260129-K5K3.md => INC-20260129-K5K3

@ 2026-01-29 18:16:05 chen.hao
servicebook ack INC-20260129-K5K3 --via phone --to Huang

@ 2026-01-29 18:25:53 chen.hao
servicebook note INC-20260129-K5K3 --event remote_session --via remote

@ 2026-01-29 18:50:18 chen.hao
servicebook escalate INC-20260129-K5K3 --to gao.feng --note 'needs the two loan nodes of the test rack'

@ 2026-01-29 20:12:51 he.jun
servicebook note INC-20260129-K5K3 'loan nodes farm-07 and farm-08 in the pool'

@ 2026-01-29 23:35:38 chen.hao
servicebook resolve INC-20260129-K5K3 --code fixed --cause capacity \
    --method 'two loan nodes and a priority lane for gala clips' --confirmed-by Huang --human-caused no \
    --set 'loss=38 clips published late by 1 to 3 hours' --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing \
    --set 'problem_review.reason=foreseen peak; the capacity plan of the festival now reserves the loan nodes from day minus seven'

@ 2026-01-29 23:37:38 chen.hao
servicebook book INC-20260129-K5K3 --role operations_engineer=0.5 --free

@ 2026-01-30 15:20:41 gao.feng
servicebook report INC-20260129-K5K3 --via email --to Huang

@ 2026-02-03 10:10:38 wang.fang
servicebook close INC-20260129-K5K3

# --- Article pages of the Yunshan portal show a blank body

@ 2026-02-18 03:58:08 zhou.min
servicebook new incident --title 'Article pages of the Yunshan portal show a blank body' \
    --audience internal,customer:yunshan-media --customer yunshan-media --set caller.name=Xu \
    --set 'caller.role=night editor' --set caller.phone_ref=yunshan-media/night-desk \
    --set caller.third_party_maintenance=none --contact-type email --site yunshan-hq --service cms \
    --assets cms-app-yunshan --category page_error --fault-grade degraded --impact medium --urgency high \
    --assignment-group application-team --assigned-to emma.clarke --tags missed-response --at 03:12 \
    --body texts/INC-20260218-7PSQ.md => INC-20260218-7PSQ

@ 2026-02-18 03:58:13 zhou.min
servicebook link INC-20260218-7PSQ policy-response-30-minutes

@ 2026-02-18 04:05:32 zhou.min
servicebook ack INC-20260218-7PSQ --via phone --to Xu \
    --note '53 minutes after notice; apologised and said so'

@ 2026-02-18 04:09:44 zhou.min
servicebook assign INC-20260218-7PSQ emma.clarke

@ 2026-02-18 04:31:29 emma.clarke
servicebook note INC-20260218-7PSQ --event remote_session

@ 2026-02-18 05:02:32 emma.clarke
servicebook resolve INC-20260218-7PSQ --code fixed --cause software \
    --method 'cleared the poisoned fragment from the template cache and pinned the cache key to the template version' \
    --confirmed-by Xu --human-caused no \
    --set 'loss=article bodies empty for anonymous readers for 1 h 50 min' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=cause found and removed the same day; the late response is followed up in the mail gateway change'

@ 2026-02-18 09:30:30 lin.yue
servicebook tell INC-20260218-7PSQ --to 'Ms Fang' 'late response explained by the service manager'

@ 2026-02-18 20:15:02 emma.clarke
servicebook report INC-20260218-7PSQ --via email --to 'Ms Fang'

# --- Customers' mail skips quarantine and rings the duty phone at any hour

@ 2026-02-24 10:10:27 lin.yue
servicebook new change --title "Customers' mail skips quarantine and rings the duty phone at any hour" \
    --change-type standard \
    --reason "a customer's mail lay in quarantine during a public holiday and the response clock was missed" \
    --service cms --assets mail-gateway --risk low --impact low --requested-by lin.yue \
    --assignment-group infrastructure --assigned-to zhao.lei --planned-start-at 2026-02-24T14:00:00+08:00 \
    --planned-end-at 2026-02-24T15:00:00+08:00 --expected-outage 0s \
    --set 'plan.implementation=add the three customers'"'"' domains to the allow list; bind the ring rule to the hours `always`' \
    --set 'plan.test=send a mail of the same shape (two screenshots, one link) from each domain at 14:40' \
    --set "plan.backout=restore the rule set of the morning from the gateway's own history" \
    --body texts/CHG-20260224-TNNR.md => CHG-20260224-TNNR

@ 2026-02-24 10:10:32 lin.yue
servicebook link CHG-20260224-TNNR INC-20260218-7PSQ
servicebook link CHG-20260224-TNNR policy-response-30-minutes
servicebook link INC-20260218-7PSQ CHG-20260224-TNNR

@ 2026-02-24 10:15:21 lin.yue
servicebook submit CHG-20260224-TNNR

@ 2026-02-24 11:00:22 daniel.okafor
servicebook approve CHG-20260224-TNNR

@ 2026-02-24 14:05:08 zhao.lei
servicebook start CHG-20260224-TNNR

@ 2026-02-24 14:48:16 zhao.lei
servicebook implement CHG-20260224-TNNR

@ 2026-02-25 09:30:55 daniel.okafor
servicebook close CHG-20260224-TNNR --set 'review.result=test mails arrived in 40 s and rang the phone' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-02-25 10:00:46 wang.fang
servicebook close INC-20260218-7PSQ --note 'closed after the mail rule was changed'

# --- 咨询：如何批量下线过期的活动稿件

@ 2026-03-04 10:26:58 wang.fang
servicebook new incident --title '咨询：如何批量下线过期的活动稿件' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=林编辑 --set caller.role=新媒体编辑部 \
    --set caller.phone_ref=harbour-tv/web-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site harbour-tv-hq --service cms --category program_error \
    --fault-grade consultation --impact low --urgency low --assignment-group service-desk \
    --assigned-to wang.fang --at 10:26 --body texts/INC-20260304-MRQQ.md => INC-20260304-MRQQ

@ 2026-03-04 10:27:03 wang.fang
servicebook link INC-20260304-MRQQ how-to-bulk-unpublish

@ 2026-03-04 10:28:51 wang.fang
servicebook ack INC-20260304-MRQQ --via phone --to 林编辑

@ 2026-03-04 11:15:46 wang.fang
servicebook resolve INC-20260304-MRQQ --code no_action --cause human_error --method 电话指导并补写操作说明 \
    --confirmed-by 林编辑 --human-caused no --set loss=无 --set problem_review.result=not_needed \
    --set problem_review.by=wang.fang --set 'problem_review.reason=使用咨询，系统无异常'

@ 2026-03-04 15:30 wang.fang
servicebook report INC-20260304-MRQQ --via email --to 林编辑

@ 2026-03-06 09:05:55 wang.fang
servicebook close INC-20260304-MRQQ
