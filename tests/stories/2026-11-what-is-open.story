# What is open on 20 November
#
# The desk as a newcomer finds it: incidents in all states, a problem nobody understands yet, a change before the
# board, visits, the weekly meeting, and a team that may leave in an hour.

# --- Yunshan, quarterly look at the live platform

@ 2026-11-03 10:02 gao.feng
servicebook new visit --title 'Yunshan, quarterly look at the live platform' \
    --title-zh 云山直播平台季度主动巡访 --audience internal,customer:yunshan-media --customer yunshan-media \
    --contract yunshan-vod-2025 --site yunshan-hq --service live-streaming \
    --assets ys-encoder-01,ys-transcoder-01 --visit-type proactive \
    --reason 'two incidents on the mobile inputs in the quarter, last visit in August' \
    --planned-departure-at 2026-11-12T07:00:00+08:00 --planned-start-at 2026-11-12T10:00:00+08:00 \
    --planned-end-at 2026-11-12T17:00:00+08:00 \
    --work-items 'SRT buffer and FEC of the mobile inputs,dust and fans,storage growth,questions of the playout desk' \
    --lead chen.hao --engineers chen.hao,wu.qiang --body texts/VIS-20261103-75GY.md => VIS-20261103-75GY

# --- 云山回传直播流间歇性花屏、丢包

@ 2026-11-05 10:38:28 wang.fang
servicebook new incident --title '云山回传直播流间歇性花屏、丢包' --audience internal,customer:yunshan-media \
    --customer yunshan-media --set caller.name=罗工 --set caller.role=播出部工程师 \
    --set caller.phone_ref=yunshan-media/playout --set caller.third_party_maintenance=unknown \
    --contact-type hotline --site yunshan-hq --service live-streaming \
    --assets ys-encoder-01,cdn-edge-yunshan --error-codes SRT-LOSS --category network_link_down \
    --fault-grade degraded --impact medium --urgency high --assignment-group infrastructure \
    --assigned-to zhao.lei --tags 直播,花屏 --at 10:37 --body texts/INC-20261105-NZTJ.md \
    => INC-20261105-NZTJ

@ 2026-11-05 10:47:14 zhao.lei
servicebook ack INC-20261105-NZTJ --via phone --to 罗工

@ 2026-11-05 11:05:59 zhao.lei
servicebook note INC-20261105-NZTJ --event remote_session --via remote --with 罗工

@ 2026-11-05 16:20:08 zhao.lei
servicebook resolve INC-20261105-NZTJ --code workaround --cause unknown \
    --method 'SRT 延迟缓冲由 120 ms 加到 400 ms，FEC 10%' --confirmed-by 罗工 --human-caused no \
    --set 'loss=上午两档直播有明显花屏，共 17 次' --set problem_review.result=linked \
    --set problem_review.by=xu.jing --note '延迟缓冲加大，花屏消失'

@ 2026-11-06 09:30:40 zhao.lei
servicebook report INC-20261105-NZTJ --via email --to 方经理

@ 2026-11-08 14:30 gao.feng
servicebook note VIS-20261103-75GY --event customer_contacted --via phone --to 罗工 \
    'work items and travel agreed and one hour of maintenance at 15:00'

# --- 云山回传链路白天周期性丢包，根因不明

@ 2026-11-09 09:00:24 xu.jing
servicebook new problem --first-reported-by-task INC-20261105-NZTJ \
    --title '云山回传链路白天周期性丢包，根因不明' --audience internal,customer:yunshan-media \
    --problem-type reactive --customer yunshan-media --service network \
    --assets ys-encoder-01,cdn-edge-yunshan --detected-from incident --impact medium --urgency medium \
    --assignment-group infrastructure --assigned-to zhao.lei --problem-manager xu.jing \
    --review-on 2026-11-27 --at 09:00 --body texts/PRB-20261109-A2SY.md => PRB-20261109-A2SY

@ 2026-11-09 09:00:29 xu.jing
servicebook link INC-20261105-NZTJ PRB-20261109-A2SY
servicebook link PRB-20261109-A2SY INC-20261105-NZTJ

@ 2026-11-09 09:30:56 zhao.lei
servicebook ack PRB-20261109-A2SY

@ 2026-11-11 09:10 wang.fang
servicebook note VIS-20261103-75GY --event customer_reminded --via wechat --to 罗工

@ 2026-11-12 07:05 chen.hao
servicebook depart VIS-20261103-75GY

@ 2026-11-12 09:48 chen.hao
servicebook arrive VIS-20261103-75GY

@ 2026-11-12 17:20 chen.hao
servicebook close VIS-20261103-75GY

@ 2026-11-13 18:00:44 zhao.lei
servicebook note PRB-20261109-A2SY '排除编码器、防火墙，问题在运营商段'

# --- 运维周例会，第 47 周

@ 2026-11-16 11:00 wang.fang
servicebook new meeting --title '运维周例会，第 47 周' --title-zh '运维周例会，第 47 周' \
    --meeting-type weekly --held-at 2026-11-16T10:00:00+08:00 --ends-at 2026-11-16T10:40:00+08:00 \
    --chair lin.yue --minutes-by wang.fang --attendees lin.yue,wang.fang,chen.hao,zhao.lei,陈工 \
    --agenda 转码器夜间负载,信号山交换机备件 --decisions 转码器扩容方案本月提出 \
    --set 'actions=[{text: 把夜间任务错开并复测负载, owner: li.wei, due_on: 2026-11-18}, {text: 提出转码器扩容方案和报价, owner: chen.hao, due_on: 2026-11-19}, {text: 确认信号山交换机备件到货日期, owner: infrastructure, due_on: 2026-11-27}]' \
    --distributed-to harbour-tv/duty-desk --next-meeting-at 2026-11-23T10:00:00+08:00 \
    --body texts/MTG-20261116-4KQT.md => MTG-20261116-4KQT

# --- 青岚续保首访：备份与断电演练

@ 2026-11-16 15:12 gao.feng
servicebook new visit --title '青岚续保首访：备份与断电演练' --title-zh '青岚续保首访：备份与断电演练' \
    --audience internal,customer:qinglan-centre --customer qinglan-centre --contract qinglan-renewal-2026 \
    --site qinglan-office --service cms --assets ql-server-01 --visit-type first \
    --reason '续保合同 11 月 1 日生效，一体机无备用电源，三年未做恢复演练' \
    --planned-departure-at 2026-11-24T08:00:00+08:00 --planned-start-at 2026-11-24T15:00:00+08:00 \
    --planned-end-at 2026-11-24T18:30:00+08:00 --work-items 备份恢复一次,断电后自启检查,账号清理 \
    --lead wu.qiang --engineers wu.qiang --body texts/VIS-20261116-DEC4.md => VIS-20261116-DEC4

# --- Scheduled publishing in Qinglan fires one hour early

@ 2026-11-17 09:55:40 wang.fang
servicebook new incident --title 'Scheduled publishing in Qinglan fires one hour early' \
    --audience internal,customer:qinglan-centre --customer qinglan-centre --set 'caller.name=Xiao Zou' \
    --set 'caller.role=web editor' --set caller.phone_ref=qinglan-centre/web \
    --set caller.third_party_maintenance=unknown --contact-type email --site qinglan-office --service cms \
    --assets ql-server-01 --category program_error --fault-grade degraded --impact low --urgency medium \
    --assignment-group application-team --assigned-to liu.yang --at 09:52 --body texts/INC-20261117-VVKT.md \
    => INC-20261117-VVKT

@ 2026-11-17 10:08:08 liu.yang
servicebook ack INC-20261117-VVKT --via phone --to 'Xiao Zou'

@ 2026-11-17 11:30:20 liu.yang
servicebook pause INC-20261117-VVKT --reason waiting_customer \
    --note "need an example article and leave to look at the server's clock settings" \
    --until 2026-11-23T18:00

# --- nas-02 存储控制器固件升级

@ 2026-11-17 15:00:33 he.jun
servicebook new change --title 'nas-02 存储控制器固件升级' --audience internal,customer:harbour-tv \
    --change-type normal \
    --reason '厂商通告，现固件在快照超过 512 个时可能触发控制器重启，nas-02 现有 438 个' \
    --customer harbour-tv --site east-quay-idc --service storage --assets nas-02 --risk medium \
    --impact medium --requested-by he.jun --assignment-group infrastructure --assigned-to he.jun \
    --planned-start-at 2026-12-03T00:30:00+08:00 --planned-end-at 2026-12-03T03:30:00+08:00 \
    --expected-outage 60s --board cab \
    --set 'asset_changes=[{asset: nas-02, field: version, becomes: BasaltOS 9.14}]' \
    --set 'plan.implementation=双控制器滚动升级，先 B 后 A，每个约 40 分钟，接管时停顿约 30 秒' \
    --set 'plan.test=接管前后读写 100 GB 校验；快照列表一致' \
    --set 'plan.backout=控制器保留上一版固件，可单独回退' --body texts/CHG-20261117-FR61.md \
    => CHG-20261117-FR61

# --- 新增一路 4K 超高清频道，请报价

@ 2026-11-18 10:22:18 wang.fang
servicebook new service_request --title '新增一路 4K 超高清频道，请报价' \
    --audience internal,customer:harbour-tv --customer harbour-tv --requested-by 黄主任 --contact-type email \
    --site harbour-tv-hq --request-type provisioning --service live-streaming --catalog-item 新增直播频道 \
    --quantity 1 --due-on 2026-12-20 --impact medium --urgency low --assignment-group service-management \
    --assigned-to gao.feng --at 10:21 --body texts/REQ-20261118-NVW5.md => REQ-20261118-NVW5

@ 2026-11-18 10:40:26 gao.feng
servicebook ack REQ-20261118-NVW5 --via phone --to 黄主任

# --- 海港台总部 encoder-02 风扇报警，等备件

@ 2026-11-18 14:27:39 wang.fang
servicebook new incident --title '海港台总部 encoder-02 风扇报警，等备件' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=陈工 \
    --set caller.role=播控值班 --set caller.phone_ref=harbour-tv/duty-desk \
    --set caller.third_party_maintenance=none --set caller.someone_on_site=yes --contact-type hotline \
    --site harbour-tv-hq --service ingest --assets encoder-02 --error-codes FAN2-LOW \
    --category server_damage --fault-grade degraded --impact low --urgency medium \
    --assignment-group live-operations --assigned-to li.wei --at 14:26 --body texts/INC-20261118-BFK2.md \
    => INC-20261118-BFK2

@ 2026-11-18 14:33:07 li.wei
servicebook ack INC-20261118-BFK2 --via phone --to 陈工

@ 2026-11-18 14:46:30 li.wei
servicebook note INC-20261118-BFK2 --event remote_session --via remote

@ 2026-11-18 15:21:59 li.wei
servicebook arrive INC-20261118-BFK2

@ 2026-11-18 16:05:59 li.wei
servicebook pause INC-20261118-BFK2 --reason waiting_supplier \
    --note '风扇模组无库存，代理商承诺 11 月 20 日下午到货' --until 2026-11-20T17:00

@ 2026-11-18 18:00 wang.fang
servicebook done MTG-20261116-4KQT 1

@ 2026-11-19 02:40:24 zhou.min
servicebook note INC-20261118-BFK2 '恢复时限已过，温度 61 度，稳定'

@ 2026-11-19 10:30:55 he.jun
servicebook submit CHG-20261117-FR61

# --- Monthly viewing figures by channel and hour

@ 2026-11-19 13:05:58 wang.fang
servicebook new service_request --title 'Monthly viewing figures by channel and hour' \
    --audience internal,customer:yunshan-media --customer yunshan-media --requested-by 'Ms Fang' \
    --contact-type form --request-type information --service cdn-delivery --catalog-item 'Ad-hoc report' \
    --due-on 2026-11-27 --impact low --urgency low --assignment-group live-operations \
    --assigned-to emma.clarke --at 13:05 --body texts/REQ-20261119-YN4K.md => REQ-20261119-YN4K

@ 2026-11-19 13:22:43 emma.clarke
servicebook ack REQ-20261119-YN4K --via phone --to 'Ms Fang'

# --- 咨询：媒资检索按人名搜不到去年以前的节目

@ 2026-11-19 16:42:37 wang.fang
servicebook new incident --title '咨询：媒资检索按人名搜不到去年以前的节目' \
    --audience internal,customer:yunshan-media --customer yunshan-media --set caller.name=许编辑 \
    --set caller.role=点播编辑 --set caller.phone_ref=yunshan-media/vod-desk \
    --set caller.third_party_maintenance=none --contact-type hotline --site yunshan-hq \
    --service media-asset-management --assets ys-mam-app --category program_error --fault-grade consultation \
    --impact low --urgency low --assignment-group application-team --assigned-to ma.lin --at 16:41 \
    --body texts/INC-20261119-PA12.md => INC-20261119-PA12

@ 2026-11-19 16:50:51 ma.lin
servicebook ack INC-20261119-PA12 --via phone --to 许编辑

@ 2026-11-19 17:00:05 gao.feng
servicebook note REQ-20261118-NVW5 '编码器选型两种，估价在做'

# --- CDN purge requests are accepted but never carried out

@ 2026-11-19 20:29:30 zhou.min
servicebook new incident --title 'CDN purge requests are accepted but never carried out' \
    --audience internal,customer:yunshan-media --customer yunshan-media --set 'caller.name=Ms Fang' \
    --set 'caller.role=product owner TV app' --set caller.phone_ref=yunshan-media/product \
    --set caller.third_party_maintenance=none --contact-type hotline --site yunshan-hq \
    --service cdn-delivery --assets cdn-edge-yunshan --error-codes PURGE-202 --category program_error \
    --fault-grade degraded --impact medium --urgency high --assignment-group live-operations \
    --assigned-to emma.clarke --at 20:28 --body texts/INC-20261119-VDFH.md => INC-20261119-VDFH

@ 2026-11-19 20:41:20 emma.clarke
servicebook ack INC-20261119-VDFH --via phone --to 'Ms Fang'

@ 2026-11-19 21:10:29 emma.clarke
servicebook note INC-20261119-VDFH --event remote_session --via remote

@ 2026-11-20 02:30:20 emma.clarke
servicebook escalate INC-20261119-VDFH --to gao.feng \
    --note "supplier's queue is stuck and their night shift may not restart it" --kind difficulty \
    --step 'restore 50%'

# --- 云山早间直播卡顿，一路转码输出掉帧

@ 2026-11-20 06:13:10 zhou.min
servicebook new incident --title '云山早间直播卡顿，一路转码输出掉帧' \
    --audience internal,customer:yunshan-media --customer yunshan-media --set caller.name=罗工 \
    --set caller.role=播出部工程师 --set caller.phone_ref=yunshan-media/playout \
    --set caller.third_party_maintenance=none --contact-type on_call_mobile --site yunshan-hq \
    --service live-streaming --assets ys-transcoder-01 --error-codes E-TC-3390 --category program_error \
    --fault-grade severe --impact high --urgency high --assignment-group live-operations \
    --assigned-to li.wei --tags 直播,卡顿 --at 06:11 --body texts/INC-20261120-BT1Z.md => INC-20261120-BT1Z

@ 2026-11-20 06:20:02 li.wei
servicebook ack INC-20261120-BT1Z --via phone --to 罗工

@ 2026-11-20 06:48:41 li.wei
servicebook note INC-20261120-BT1Z --event remote_session --via remote --with 罗工

@ 2026-11-20 08:14:07 li.wei
servicebook escalate INC-20261120-BT1Z --to gao.feng --note 请求加派陈浩 --kind difficulty \
    --step 'restore 50%'

@ 2026-11-20 08:31:36 gao.feng
servicebook assign INC-20261120-BT1Z li.wei live-operations --note '陈浩协助，从 GPU 驱动查起'

@ 2026-11-20 08:35:31 lin.yue
servicebook tell INC-20261119-VDFH --to 'Ms Fang' --via phone \
    'restore target of 08:28 missed, next news at 10:30'

# --- 重置制作网两个共享文件夹的权限

@ 2026-11-20 08:37:06 wang.fang
servicebook new service_request --title 重置制作网两个共享文件夹的权限 \
    --audience internal,customer:harbour-tv --customer harbour-tv --requested-by 周编导 \
    --requested-for 专题部 --contact-type hotline --site harbour-tv-hq --request-type access \
    --service storage --assets nas-01 --impact low --urgency medium --assignment-group infrastructure \
    --at 08:36 --body texts/REQ-20261120-2C3S.md => REQ-20261120-2C3S

@ 2026-11-20 08:40:12 gao.feng
servicebook emergency INC-20261120-BT1Z --suspected-cause 'GPU 1 频率锁在 300 MHz，怀疑板卡供电线松动' \
    --expected-start-at 09:35 --expected-duration 2h --lead wu.qiang --engineers wu.qiang \
    --skills-needed 编码与转码 --tools 备用供电线,万用表 \
    --work-items '频道先倒到备机,断电重插 GPU 供电线，量电压,开机核对频率，倒回主用' \
    --special-notes '倒备机时大屏会闪一下，放在 9 点 40 分的广告档' --role operations_engineer=0.5

@ 2026-11-20 08:46:30 lin.yue
servicebook consent INC-20261120-BT1Z --to 罗工 --via phone

@ 2026-11-20 08:47 lin.yue
servicebook tell INC-20261120-BT1Z --to 罗工 --via phone --next 09:30 '默认档已降到 720p，现场处置待批'

# --- Replay of last night's council meeting stops after eleven minutes

@ 2026-11-20 08:47:55 wang.fang
servicebook new incident --title "Replay of last night's council meeting stops after eleven minutes" \
    --audience internal,customer:qinglan-centre --customer qinglan-centre --set 'caller.name=Director Tian' \
    --set 'caller.role=head of the centre' --set caller.phone_ref=qinglan-centre/office \
    --set caller.third_party_maintenance=none --contact-type email --site qinglan-office \
    --service packaging-origin --assets ql-server-01 --category data_error_or_loss --fault-grade degraded \
    --impact low --urgency medium --assignment-group live-operations --at 08:44 \
    --body texts/INC-20261120-BETS.md => INC-20261120-BETS
