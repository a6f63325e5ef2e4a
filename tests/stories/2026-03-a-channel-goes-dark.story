# A channel goes dark, and again a week later
#
# Channel 3 is black on the web; a restart helps. A week later two channels go dark in the evening news: a major
# incident, a duplicate from the call centre, a problem. A standard change keeps the processes young until the
# release with the maker's remedy is tested, approved and deployed; then the known error is cured.

# --- 直播频道 3 黑屏，有声无画

@ 2026-03-12 08:43:37 wang.fang
servicebook new incident --title '直播频道 3 黑屏，有声无画' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=陈工 --set caller.role=播控值班 \
    --set caller.phone_ref=harbour-tv/duty-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site harbour-tv-hq --service live-streaming --assets transcoder-03 \
    --category program_error --fault-grade severe --impact high --urgency high \
    --assignment-group live-operations --assigned-to li.wei --tags 直播,黑屏 --error-codes E-TC-5104 \
    --at 08:41 --body texts/INC-20260312-0FPE.md => INC-20260312-0FPE

@ 2026-03-12 08:52:39 li.wei
servicebook ack INC-20260312-0FPE --via phone --to 陈工

@ 2026-03-12 09:05:38 li.wei
servicebook note INC-20260312-0FPE --event remote_session 与播控值班共同查看编码器输入

@ 2026-03-12 09:40:59 li.wei
servicebook resolve INC-20260312-0FPE --code workaround --cause software --method '重启频道 3 的转码进程' \
    --confirmed-by 陈工 --human-caused no --set 'loss=频道 3 网络直播无画面 64 分钟' \
    --set outage_start_at=2026-03-12T08:33:00+08:00 --set outage_end_at=2026-03-12T09:37:00+08:00 \
    --set problem_review.result=linked --set problem_review.by=xu.jing

@ 2026-03-12 18:10:33 li.wei
servicebook report INC-20260312-0FPE --via email --to 黄主任

# --- 直播转码 26.5 小时后输出黑场

@ 2026-03-13 09:30:12 xu.jing
servicebook new problem --first-reported-by-task INC-20260312-0FPE --title '直播转码 26.5 小时后输出黑场' \
    --audience internal,customer:harbour-tv --problem-type reactive --customer harbour-tv \
    --service live-streaming --assets transcoder-01,transcoder-02,transcoder-03 --detected-from incident \
    --impact high --urgency high --assignment-group live-operations --assigned-to chen.hao \
    --problem-manager xu.jing --at 09:30 --body texts/PRB-20260313-ZMM1.md => PRB-20260313-ZMM1

@ 2026-03-13 09:30:17 xu.jing
servicebook link INC-20260312-0FPE PRB-20260313-ZMM1
servicebook link PRB-20260313-ZMM1 INC-20260312-0FPE

@ 2026-03-13 09:45:09 chen.hao
servicebook ack PRB-20260313-ZMM1

@ 2026-03-16 09:20:06 wang.fang
servicebook close INC-20260312-0FPE

# --- 晚间新闻直播时频道 3、5 同时黑屏

@ 2026-03-19 19:03:59 zhou.min
servicebook new incident --title '晚间新闻直播时频道 3、5 同时黑屏' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=陈工 --set caller.role=播控值班 \
    --set caller.phone_ref=harbour-tv/duty-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site harbour-tv-hq --service live-streaming \
    --assets transcoder-02,transcoder-03 --category program_error --fault-grade severe --impact high \
    --urgency high --assignment-group live-operations --assigned-to li.wei --tags 直播,黑屏 \
    --error-codes E-TC-5104 --at 19:02 --body texts/INC-20260319-VZ3T.md => INC-20260319-VZ3T

@ 2026-03-19 19:04:04 zhou.min
servicebook link INC-20260319-VZ3T PRB-20260313-ZMM1
servicebook link PRB-20260313-ZMM1 INC-20260319-VZ3T

# --- 频道 5 网络直播没有图像

@ 2026-03-19 19:06:58 zhou.min
servicebook new incident --title '频道 5 网络直播没有图像' --customer harbour-tv --set caller.name=小吴 \
    --set caller.role=客服中心坐席 --set caller.phone_ref=harbour-tv/call-centre \
    --set caller.third_party_maintenance=unknown --contact-type form --site harbour-tv-hq \
    --service live-streaming --assets transcoder-02 --category program_error --fault-grade severe \
    --impact high --urgency high --assignment-group service-desk --assigned-to zhou.min --at 19:06 \
    --body texts/INC-20260319-Q2MY.md => INC-20260319-Q2MY

@ 2026-03-19 19:07:03 zhou.min
servicebook link INC-20260319-Q2MY INC-20260319-VZ3T --as duplicate_of

@ 2026-03-19 19:07:09 li.wei
servicebook ack INC-20260319-VZ3T --via phone --to 陈工

@ 2026-03-19 19:08:40 tang.bo
servicebook note INC-20260319-VZ3T --event major_incident '新闻直播时段，双频道'

@ 2026-03-19 19:10:43 zhou.min
servicebook ack INC-20260319-Q2MY --via phone --to 小吴

@ 2026-03-19 19:11:11 zhou.min
servicebook cancel INC-20260319-Q2MY --reason '与播控报的双频道黑屏是同一故障，并入 INC-20260319-VZ3T'

@ 2026-03-19 19:19:59 li.wei
servicebook note INC-20260319-VZ3T --event remote_session --via remote --with 陈工

@ 2026-03-19 19:20:35 li.wei
servicebook note INC-20260319-VZ3T --event workaround_found '切到 transcoder-01 的备路'

@ 2026-03-19 19:24:46 li.wei
servicebook resolve INC-20260319-VZ3T --code workaround --cause software --method 主备切换后重启主用转码进程 \
    --confirmed-by 陈工 --human-caused no --set 'loss=晚间新闻网络直播无画面 25 分钟' \
    --set outage_start_at=2026-03-19T18:59:00+08:00 --set outage_end_at=2026-03-19T19:24:00+08:00 \
    --set problem_review.result=linked --set problem_review.by=xu.jing

@ 2026-03-19 19:30:24 lin.yue
servicebook tell INC-20260319-VZ3T --to 黄主任

@ 2026-03-19 21:10:11 chen.hao
servicebook note PRB-20260313-ZMM1 '第二次发生，两路运行时长都约 26.5 小时'

@ 2026-03-20 09:55:26 li.wei
servicebook report INC-20260319-VZ3T --via email --to 黄主任

@ 2026-03-20 15:00:29 chen.hao
servicebook note PRB-20260313-ZMM1 --event workaround_found

@ 2026-03-20 15:00:30 chen.hao
servicebook set PRB-20260313-ZMM1 \
    'workaround=切到备路并重启主用进程；每天清晨定时重启，使运行时长不超过 26 小时'

# --- 直播转码 4.8.2 运行 26.5 小时后输出黑场

@ 2026-03-20 15:05:29 chen.hao
servicebook new known_error --title '直播转码 4.8.2 运行 26.5 小时后输出黑场' \
    --audience internal,customer:harbour-tv --problem PRB-20260313-ZMM1 \
    --services live-streaming,transcoding --assets transcoder-01,transcoder-02,transcoder-03 \
    --affected-versions 4.8.0,4.8.1,4.8.2 \
    --symptoms '网络直播黑屏、有声音，所有清晰度一样,电视信号正常，切片仍在更新' --error-codes E-TC-5104 \
    --workaround '把频道切到备路，重启主用的 tcd 进程，60 秒后切回；不要花时间重推源流' \
    --root-cause 'GOP 对齐线程对 33 位时间戳回绕处理错误' --owner chen.hao --review-on 2027-04-01 \
    --body texts/KE-20260320-ZBZ5.md => KE-20260320-ZBZ5

@ 2026-03-20 15:05:34 chen.hao
servicebook link INC-20260312-0FPE KE-20260320-ZBZ5
servicebook link INC-20260319-VZ3T KE-20260320-ZBZ5
servicebook link PRB-20260313-ZMM1 KE-20260320-ZBZ5

# --- 标准变更：每日 05:40 滚动重启直播转码进程

@ 2026-03-21 10:20:08 chen.hao
servicebook new change --title '标准变更：每日 05:40 滚动重启直播转码进程' \
    --audience internal,customer:harbour-tv --change-type standard \
    --reason '直播黑屏的根因未除之前，使进程运行时长不超过 26 小时' --customer harbour-tv \
    --site east-quay-idc --service live-streaming --assets transcoder-01,transcoder-02,transcoder-03 \
    --risk low --impact low --requested-by chen.hao --assignment-group live-operations --assigned-to li.wei \
    --planned-start-at 2026-03-22T05:40:00+08:00 --planned-end-at 2026-03-22T06:10:00+08:00 \
    --expected-outage 0s --template standard-change-transcoder-restart \
    --set 'plan.implementation=逐台把频道切到备路、重启进程、切回，每台约 8 分钟；定时任务每天执行，值班员看结果' \
    --set 'plan.test=每台切回后看 60 秒画面，日志无 E-TC-5104' \
    --set 'plan.backout=停用定时任务，频道留在备路' --body texts/CHG-20260321-DM4F.md => CHG-20260321-DM4F

@ 2026-03-21 10:20:13 chen.hao
servicebook link CHG-20260321-DM4F PRB-20260313-ZMM1
servicebook link PRB-20260313-ZMM1 CHG-20260321-DM4F

@ 2026-03-21 10:30:52 chen.hao
servicebook submit CHG-20260321-DM4F

@ 2026-03-21 10:45:10 daniel.okafor
servicebook approve CHG-20260321-DM4F --note '按模板，一次批准，至根治为止'

@ 2026-03-22 05:40:35 li.wei
servicebook start CHG-20260321-DM4F

@ 2026-03-22 06:04:23 li.wei
servicebook implement CHG-20260321-DM4F --note 首日三台全部正常

@ 2026-03-22 17:00 chen.hao
servicebook set KE-20260320-ZBZ5 workaround_verified_on=2026-03-22

@ 2026-03-24 09:10:47 wang.fang
servicebook close INC-20260319-VZ3T

@ 2026-03-24 18:30:52 chen.hao
servicebook note PRB-20260313-ZMM1 --event root_cause_found

# --- 直播转码 4.8.5

@ 2026-03-25 09:30:24 priya.nair
servicebook new release --title '直播转码 4.8.5' --audience internal,customer:harbour-tv \
    --release-type minor --customer harbour-tv --service live-streaming --version 4.8.5 \
    --release-manager priya.nair --assignment-group live-operations \
    --planned-deploy-at 2026-04-02T02:00:00+08:00 --build-ref '厂商安装包 tcd-4.8.5-2.x86_64.rpm' \
    --media-location '制品库 /transcoding/4.8.5' \
    --environments 实验室,transcoder-01,transcoder-02,transcoder-03 \
    --backout '切换软链接回 4.8.2，每台 6 分钟' --acceptance-by 陈工 \
    --early-life-support-until-on 2026-04-16 --body texts/REL-20260325-6EJD.md --incomplete \
    => REL-20260325-6EJD

@ 2026-03-25 09:30:29 priya.nair
servicebook link PRB-20260313-ZMM1 REL-20260325-6EJD
servicebook link REL-20260325-6EJD PRB-20260313-ZMM1

@ 2026-03-26 09:00:23 chen.hao
servicebook build REL-20260325-6EJD --note 配置与安装包打成一个制品

# --- 直播转码软件由 4.8.2 升级到 4.8.5

@ 2026-03-26 11:00:02 xu.jing
servicebook new change --title '直播转码软件由 4.8.2 升级到 4.8.5' --audience internal,customer:harbour-tv \
    --change-type normal --reason 消除时间戳回绕造成的直播黑屏 --customer harbour-tv --site east-quay-idc \
    --service live-streaming --assets transcoder-01,transcoder-02,transcoder-03 --risk medium --impact high \
    --requested-by xu.jing --assignment-group live-operations --assigned-to chen.hao \
    --planned-start-at 2026-04-02T02:00:00+08:00 --planned-end-at 2026-04-02T05:00:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'plan.implementation=先备机 transcoder-01，再 02、03；每台切走频道、装 4.8.5、核对配置、切回' \
    --set 'plan.test=预置时间戳到回绕前 5 分钟的测试流连续跨越 3 次；每频道看 10 分钟' \
    --set 'plan.backout=保留 4.8.2 安装目录，切换软链接并重启，每台 6 分钟' \
    --set plan.point_of_no_return_at=2026-04-02T04:20:00+08:00 --body texts/CHG-20260326-H0AT.md \
    => CHG-20260326-H0AT

@ 2026-03-26 11:00:07 xu.jing
servicebook link CHG-20260326-H0AT PRB-20260313-ZMM1
servicebook link CHG-20260326-H0AT KE-20260320-ZBZ5
servicebook link CHG-20260326-H0AT REL-20260325-6EJD
servicebook link PRB-20260313-ZMM1 CHG-20260326-H0AT

@ 2026-03-26 11:00:11 priya.nair
servicebook set REL-20260325-6EJD changes=CHG-20260326-H0AT

@ 2026-03-26 16:20:15 chen.hao
servicebook submit CHG-20260326-H0AT

@ 2026-03-27 10:00:14 chen.hao
servicebook test REL-20260325-6EJD

@ 2026-03-30 15:30:58 daniel.okafor
servicebook approve CHG-20260326-H0AT --note '变更委员会例会，四票全过，客户代表黄主任到会'

@ 2026-03-31 17:40:15 chen.hao
servicebook pass REL-20260325-6EJD

@ 2026-04-02 02:03:01 chen.hao
servicebook start CHG-20260326-H0AT

@ 2026-04-02 02:03:31 chen.hao
servicebook deploy REL-20260325-6EJD

@ 2026-04-02 04:31:27 chen.hao
servicebook implement CHG-20260326-H0AT

@ 2026-04-02 04:31:36 chen.hao
servicebook finish REL-20260325-6EJD

@ 2026-04-02 04:39:27 chen.hao
servicebook cure KE-20260320-ZBZ5 --set permanent_fix=CHG-20260326-H0AT --set fixed_in_version=4.8.5

@ 2026-04-02 04:40:05 chen.hao
servicebook resolve PRB-20260313-ZMM1 --code removed --cause software \
    --method '转码软件 4.8.2 的 GOP 对齐线程用有符号 33 位差值比较时间戳，PTS 回绕后差值恒为负，线程永远等待' \
    --note '4.8.5 上线'

@ 2026-04-02 09:00:44 daniel.okafor
servicebook close CHG-20260321-DM4F --note '4.8.5 上线，停用定时任务' \
    --set 'review.result=十二天共执行 12 次，其间无黑屏；第 5 天 transcoder-02 切回慢了 20 秒，观众无感知' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-04-16 10:00:11 xu.jing
servicebook close PRB-20260313-ZMM1 --note '早期支持两周，四路各运行超过 72 小时无复发'

@ 2026-04-16 11:00:43 daniel.okafor
servicebook close CHG-20260326-H0AT --set 'review.result=按计划完成，跨越回绕无异常，两周观察无复发' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-04-16 11:30:33 priya.nair
servicebook close REL-20260325-6EJD
