# A leak that needs patience
#
# A packager is killed by the kernel, another is restarted before it can happen. The cause is found from a heap
# profile; release and change wait for the board at the end of the year's story.

# --- packager-01 killed by the kernel, four channels restart

@ 2026-10-16 04:26:32 zhou.min
servicebook new incident --title 'packager-01 killed by the kernel, four channels restart' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set 'caller.name=Chen Gong' \
    --set 'caller.role=playout duty engineer' --set caller.phone_ref=harbour-tv/duty-desk \
    --set caller.third_party_maintenance=none --contact-type monitoring --site east-quay-idc \
    --service packaging-origin --assets packager-01 --error-codes OOM --category program_error \
    --fault-grade severe --impact high --urgency high --assignment-group live-operations \
    --assigned-to chen.hao --at 04:25 --body texts/INC-20261016-FNA3.md => INC-20261016-FNA3

@ 2026-10-16 04:37:30 chen.hao
servicebook ack INC-20261016-FNA3 --via phone --to 'Chen Gong'

@ 2026-10-16 04:46:47 chen.hao
servicebook note INC-20261016-FNA3 --event remote_session --via remote

@ 2026-10-16 05:20:53 chen.hao
servicebook resolve INC-20261016-FNA3 --code restarted --cause software \
    --method 'process restarted by its unit; memory limit and an earlier warning added' \
    --confirmed-by 'Chen Gong' --human-caused no --set 'loss=four channels black for 70 seconds at 04:21' \
    --set problem_review.result=linked --set problem_review.by=xu.jing

@ 2026-10-16 10:15:40 chen.hao
servicebook report INC-20261016-FNA3 --via email --to Huang

# --- Packager 3.2 leaks about 3 GB of memory a day

@ 2026-10-19 09:15:45 xu.jing
servicebook new problem --first-reported-by-task INC-20261016-FNA3 \
    --title 'Packager 3.2 leaks about 3 GB of memory a day' --audience internal,customer:harbour-tv \
    --problem-type reactive --customer harbour-tv --service packaging-origin \
    --assets packager-01,packager-02 --detected-from incident --impact high --urgency medium \
    --assignment-group live-operations --assigned-to chen.hao --problem-manager xu.jing \
    --review-on 2026-12-10 --at 09:15 --body texts/PRB-20261019-C8J8.md => PRB-20261019-C8J8

@ 2026-10-19 09:15:50 xu.jing
servicebook link INC-20261016-FNA3 PRB-20261019-C8J8
servicebook link PRB-20261019-C8J8 INC-20261016-FNA3

@ 2026-10-19 09:40:27 chen.hao
servicebook ack PRB-20261019-C8J8

@ 2026-10-20 09:10:21 wang.fang
servicebook close INC-20261016-FNA3

@ 2026-10-27 17:30:59 chen.hao
servicebook note PRB-20261019-C8J8 --event workaround_found

@ 2026-10-27 17:31 chen.hao
servicebook set PRB-20261019-C8J8 'workaround=rolling restart when a packager passes 40 GB'

# --- Packager 3.2 grows by 3 GB a day with low-latency HLS

@ 2026-10-28 16:00 chen.hao
servicebook new known_error --title 'Packager 3.2 grows by 3 GB a day with low-latency HLS' \
    --audience internal,customer:harbour-tv --problem PRB-20261019-C8J8 \
    --services packaging-origin,live-streaming --assets packager-01,packager-02 \
    --affected-versions 'packager 3.2.0,packager 3.2.1,packager 3.2.2' \
    --symptoms '[packagerd passes 40 GB about thirteen days after its start, "All channels of one packager restart within a minute, playlist sequence jumps to 0"]' \
    --error-codes OOM \
    --workaround 'rolling restart with --resume-from-peer when a packager passes 40 GB, in a quiet hour' \
    --root-cause 'encryption contexts of low-latency parts are never freed' \
    --risk-if-untreated 'black screen of about a minute on four channels every three weeks' --owner chen.hao \
    --review-on 2026-12-10 --body texts/KE-20261028-QWPH.md => KE-20261028-QWPH

@ 2026-10-28 16:00:05 chen.hao
servicebook link INC-20261016-FNA3 KE-20261028-QWPH
servicebook link PRB-20261019-C8J8 KE-20261028-QWPH

# --- Memory warning on packager-02, restarted before it could fail

@ 2026-11-06 01:12:25 zhou.min
servicebook new incident --title 'Memory warning on packager-02, restarted before it could fail' \
    --customer harbour-tv --set 'caller.name=Zhou Min' --set 'caller.role=service desk' \
    --set caller.third_party_maintenance=none --contact-type monitoring --site east-quay-idc \
    --service packaging-origin --assets packager-02 --error-codes OOM --category resource_shortage \
    --fault-grade degraded --impact low --urgency medium --assignment-group live-operations \
    --assigned-to chen.hao --at 01:12 --body texts/INC-20261106-PHX3.md => INC-20261106-PHX3

@ 2026-11-06 01:12:30 zhou.min
servicebook link INC-20261106-PHX3 PRB-20261019-C8J8
servicebook link INC-20261106-PHX3 KE-20261028-QWPH
servicebook link PRB-20261019-C8J8 INC-20261106-PHX3

@ 2026-11-06 01:20:01 chen.hao
servicebook ack INC-20261106-PHX3 --via phone --to 'playout duty desk'

@ 2026-11-06 01:32:29 chen.hao
servicebook note INC-20261106-PHX3 --event remote_session --via remote

@ 2026-11-06 02:06:37 chen.hao
servicebook resolve INC-20261106-PHX3 --code workaround --cause software \
    --method 'rolling restart as the known error says' --confirmed-by 'playout duty desk' --human-caused no \
    --set loss=none --set problem_review.result=linked --set problem_review.by=xu.jing

@ 2026-11-06 09:00:06 chen.hao
servicebook report INC-20261106-PHX3 --via email --to Huang

@ 2026-11-06 17:00 chen.hao
servicebook set KE-20261028-QWPH workaround_verified_on=2026-11-06

@ 2026-11-10 09:00:29 wang.fang
servicebook close INC-20261106-PHX3

@ 2026-11-10 18:20:29 chen.hao
servicebook note PRB-20261019-C8J8 --event root_cause_found 'from the heap profile of 6 November'

@ 2026-11-10 18:20:31 chen.hao
servicebook set PRB-20261019-C8J8 \
    'root_cause=encryption contexts of low-latency parts are kept in a table that is never trimmed'
servicebook set PRB-20261019-C8J8 cause_code=software

# --- Packager 3.2.3 on both packagers to end the memory leak

@ 2026-11-12 14:00:16 chen.hao
servicebook new change --title 'Packager 3.2.3 on both packagers to end the memory leak' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'packagerd grows by 3 GB a day and must be restarted every two weeks' --customer harbour-tv \
    --site east-quay-idc --service packaging-origin --assets packager-01,packager-02 --risk medium \
    --impact high --requested-by chen.hao --assignment-group live-operations --assigned-to chen.hao \
    --planned-start-at 2026-11-27T02:30:00+08:00 --planned-end-at 2026-11-27T04:30:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'asset_changes=[{asset: packager-01, field: version, becomes: packager 3.2.3}, {asset: packager-02, field: version, becomes: packager 3.2.3}]' \
    --set 'plan.implementation=packager-02 first, 24 hours of watching, then packager-01 in the following night' \
    --set 'plan.test=memory of packager-02 flat within 200 MB for 24 hours with low-latency channels on' \
    --set 'plan.backout=package 3.2.0 is kept; roll back one packager while the other carries' \
    --body texts/CHG-20261112-FTBB.md => CHG-20261112-FTBB

@ 2026-11-12 14:00:21 chen.hao
servicebook link CHG-20261112-FTBB PRB-20261019-C8J8
servicebook link CHG-20261112-FTBB KE-20261028-QWPH
servicebook link PRB-20261019-C8J8 CHG-20261112-FTBB

# --- How content with: Memory warning on packager-02, restarted before it could fail

@ 2026-11-12 16:30 wang.fang
servicebook survey INC-20261106-PHX3 --via email --sent => SUR-20261112-XMHT

# --- Packager 3.2.3

@ 2026-11-16 10:00:53 priya.nair
servicebook new release --title 'Packager 3.2.3' --audience internal,customer:harbour-tv \
    --release-type minor --customer harbour-tv --service packaging-origin --version 3.2.3 \
    --changes CHG-20261112-FTBB --release-manager priya.nair --assignment-group live-operations \
    --planned-deploy-at 2026-11-27T02:30:00+08:00 --build-ref "maker's package packager-3.2.3-1" \
    --media-location 'artefact store, packager/3.2.3' --environments lab,packager-02,packager-01 \
    --backout 'reinstall 3.2.0 on one packager while the other carries the traffic' \
    --acceptance-by 'Chen Gong' --body texts/REL-20261116-7XBX.md => REL-20261116-7XBX

@ 2026-11-16 10:00:58 priya.nair
servicebook link CHG-20261112-FTBB REL-20261116-7XBX
servicebook link PRB-20261019-C8J8 REL-20261116-7XBX
servicebook link REL-20261116-7XBX PRB-20261019-C8J8
servicebook link REL-20261116-7XBX KE-20261028-QWPH

@ 2026-11-16 14:00:08 chen.hao
servicebook build REL-20261116-7XBX

@ 2026-11-18 09:00:45 chen.hao
servicebook test REL-20261116-7XBX

@ 2026-11-18 16:00:41 chen.hao
servicebook submit CHG-20261112-FTBB
