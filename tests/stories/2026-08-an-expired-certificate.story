# An expired certificate
#
# All playback in the east fails at once. An emergency change is approved by telephone and looked at by the whole
# board afterwards; the problem behind it was that certificates were renewed by memory.

# --- 门户首页改成春晚专属皮肤并加动态雪花

@ 2026-08-12 15:56:13 wang.fang
servicebook new service_request --title 门户首页改成春晚专属皮肤并加动态雪花 \
    --audience internal,customer:harbour-tv --customer harbour-tv --requested-by '市场部 小唐' \
    --contact-type form --request-type configuration --service cms --catalog-item 个性化界面 --impact low \
    --urgency low --assignment-group service-management --assigned-to gao.feng --at 15:55 \
    --body texts/REQ-20260812-9B49.md => REQ-20260812-9B49

@ 2026-08-12 16:14:06 gao.feng
servicebook ack REQ-20260812-9B49 --via phone --to 小唐

@ 2026-08-13 14:30:16 gao.feng
servicebook tell REQ-20260812-9B49 --to 小唐 --via email '估价 9600 元'

@ 2026-08-21 11:00:34 gao.feng
servicebook reject REQ-20260812-9B49 --reason '属合同外个性化工作，客户未同意费用'

# --- All HLS playback on the east edge fails, certificate expired

@ 2026-08-31 08:03:52 wang.fang
servicebook new incident --title 'All HLS playback on the east edge fails, certificate expired' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set 'caller.name=Chen Gong' \
    --set 'caller.role=playout duty engineer' --set caller.phone_ref=harbour-tv/duty-desk \
    --set caller.third_party_maintenance=none --contact-type hotline --site east-quay-idc \
    --service cdn-delivery --assets cdn-edge-east,origin-01 --error-codes ERR_CERT_DATE_INVALID \
    --category program_error --fault-grade severe --impact high --urgency high \
    --assignment-group live-operations --assigned-to emma.clarke --at 08:02 \
    --body texts/INC-20260831-A0YR.md => INC-20260831-A0YR

@ 2026-08-31 08:03:57 wang.fang
servicebook link INC-20260831-A0YR runbook-tls-certificate

@ 2026-08-31 08:06:09 emma.clarke
servicebook ack INC-20260831-A0YR --via phone --to 'Chen Gong'

@ 2026-08-31 08:08:26 tang.bo
servicebook note INC-20260831-A0YR --event major_incident 'every channel, every viewer of the east edge'

@ 2026-08-31 08:15:08 emma.clarke
servicebook note INC-20260831-A0YR --event remote_session --via remote

# --- Emergency replacement of the expired certificate on the east edge

@ 2026-08-31 08:22:34 emma.clarke
servicebook new change --title 'Emergency replacement of the expired certificate on the east edge' \
    --audience internal,customer:harbour-tv --change-type emergency \
    --reason 'all playback in the eastern province is down' --customer harbour-tv --service cdn-delivery \
    --assets cdn-edge-east --risk medium --impact high --requested-by emma.clarke \
    --assignment-group live-operations --assigned-to emma.clarke \
    --planned-start-at 2026-08-31T08:25:00+08:00 --planned-end-at 2026-08-31T09:30:00+08:00 \
    --expected-outage 0s --board cab \
    --set "plan.implementation=upload leaf, intermediate and key to the edge by the supplier's console, deploy to all nodes" \
    --set 'plan.test=openssl s_client against each node address, then a player on two carriers' \
    --set 'plan.backout=none needed, the old certificate is expired in any case' \
    --body texts/CHG-20260831-FSJG.md => CHG-20260831-FSJG

@ 2026-08-31 08:22:39 emma.clarke
servicebook link CHG-20260831-FSJG INC-20260831-A0YR
servicebook link CHG-20260831-FSJG runbook-tls-certificate
servicebook link INC-20260831-A0YR CHG-20260831-FSJG

@ 2026-08-31 08:24:58 emma.clarke
servicebook submit CHG-20260831-FSJG

@ 2026-08-31 08:27:25 daniel.okafor
servicebook approve CHG-20260831-FSJG --note 'emergency board of three by phone' --via phone

@ 2026-08-31 08:30:13 emma.clarke
servicebook start CHG-20260831-FSJG

@ 2026-08-31 09:21:40 emma.clarke
servicebook resolve INC-20260831-A0YR --code fixed --cause human_error \
    --method 'certificate and full chain replaced by emergency change' --confirmed-by 'Chen Gong' \
    --human-caused no --set 'loss=live and VOD down for the eastern province for 82 minutes' \
    --set outage_start_at=2026-08-31T07:59:00+08:00 --set outage_end_at=2026-08-31T09:21:00+08:00 \
    --set problem_review.result=linked --set problem_review.by=xu.jing

@ 2026-08-31 09:21:45 emma.clarke
servicebook implement CHG-20260831-FSJG

@ 2026-08-31 09:30:10 lin.yue
servicebook tell INC-20260831-A0YR --to Huang --via phone

@ 2026-08-31 14:00:19 emma.clarke
servicebook report INC-20260831-A0YR --via email --to Huang

# --- Certificates on the CDN edge are renewed by memory

@ 2026-09-01 10:00:28 xu.jing
servicebook new problem --first-reported-by-task INC-20260831-A0YR \
    --title 'Certificates on the CDN edge are renewed by memory' --audience internal --problem-type reactive \
    --service cdn-delivery --assets cdn-edge-east,cdn-edge-yunshan --detected-from incident --impact high \
    --urgency medium --assignment-group live-operations --assigned-to emma.clarke --problem-manager xu.jing \
    --at 10:00 --body texts/PRB-20260901-2KAH.md => PRB-20260901-2KAH

@ 2026-09-01 10:00:33 xu.jing
servicebook link CHG-20260831-FSJG PRB-20260901-2KAH
servicebook link INC-20260831-A0YR PRB-20260901-2KAH
servicebook link PRB-20260901-2KAH INC-20260831-A0YR
servicebook link PRB-20260901-2KAH CHG-20260831-FSJG

@ 2026-09-01 10:20:10 emma.clarke
servicebook ack PRB-20260901-2KAH

@ 2026-09-02 15:40:41 daniel.okafor
servicebook note CHG-20260831-FSJG --event reviewed \
    'normal quorum afterwards, four votes, approved after the fact'

@ 2026-09-02 17:00:44 emma.clarke
servicebook note PRB-20260901-2KAH --event root_cause_found

# --- How content with: All HLS playback on the east edge fails, certificate expired

@ 2026-09-03 16:30 wang.fang
servicebook survey INC-20260831-A0YR 3 3 3 --respondent 林编辑 \
    --comment 'Why did nobody see that the certificate runs out?' => SUR-20260903-ZG8J

@ 2026-09-04 09:40:24 daniel.okafor
servicebook close CHG-20260831-FSJG \
    --set 'review.result=playback restored; first upload refused because of the order of the chain' \
    --set review.closure_code=successful_with_issues --set review.assets_updated=yes

@ 2026-09-04 10:00:38 wang.fang
servicebook close INC-20260831-A0YR

# --- Outside probe for certificate age on every edge name

@ 2026-09-04 11:00:56 emma.clarke
servicebook new change --title 'Outside probe for certificate age on every edge name' --change-type normal \
    --reason 'nothing watched what the edge really serves' --service cdn-delivery \
    --assets cdn-edge-east,cdn-edge-yunshan,monitoring-server --risk low --impact low \
    --requested-by emma.clarke --assignment-group live-operations --assigned-to emma.clarke \
    --planned-start-at 2026-09-11T14:00:00+08:00 --planned-end-at 2026-09-11T16:00:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'plan.implementation=blackbox probe for 14 names from two carriers, warn at 30 days, page at 14' \
    --set 'plan.test=a name with a certificate of 10 days, made for the purpose, must page the duty phone' \
    --set 'plan.backout=disable the probe group' --body texts/CHG-20260904-F2EF.md => CHG-20260904-F2EF

@ 2026-09-04 11:01:01 emma.clarke
servicebook link CHG-20260904-F2EF PRB-20260901-2KAH
servicebook link CHG-20260904-F2EF runbook-tls-certificate
servicebook link PRB-20260901-2KAH CHG-20260904-F2EF

@ 2026-09-04 11:20:27 emma.clarke
servicebook submit CHG-20260904-F2EF

@ 2026-09-07 15:10:19 daniel.okafor
servicebook approve CHG-20260904-F2EF

@ 2026-09-11 14:05:02 emma.clarke
servicebook start CHG-20260904-F2EF

@ 2026-09-11 15:20:47 emma.clarke
servicebook implement CHG-20260904-F2EF

@ 2026-09-11 15:30:03 emma.clarke
servicebook resolve PRB-20260901-2KAH --code removed --cause human_error \
    --method 'edge copies of certificates are loaded by hand and nothing watches what the edge really serves'

@ 2026-09-18 09:50:36 daniel.okafor
servicebook close CHG-20260904-F2EF \
    --set 'review.result=two names were at 38 and 41 days and renewed at leisure' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-10-12 10:00:05 xu.jing
servicebook close PRB-20260901-2KAH
