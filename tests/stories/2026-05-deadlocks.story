# Deadlocks in the morning
#
# Two incidents with one error code lead to a problem. The release that removes the cause fails its first test, is
# built anew, and passes.

# --- 发布稿件报错 1213，数据库死锁

@ 2026-05-18 10:13:43 wang.fang
servicebook new incident --title '发布稿件报错 1213，数据库死锁' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=林编辑 --set caller.role=新媒体编辑部 \
    --set caller.phone_ref=harbour-tv/web-desk --set caller.third_party_maintenance=none \
    --contact-type hotline --site harbour-tv-hq --service cms --assets db-mysql-primary,cms-app-01 \
    --error-codes 1213,40001 --tags 死锁 --category program_error --fault-grade degraded --impact medium \
    --urgency high --assignment-group database-team --assigned-to sun.yan --at 10:12 \
    --body texts/INC-20260518-A49N.md => INC-20260518-A49N

@ 2026-05-18 10:21:48 sun.yan
servicebook ack INC-20260518-A49N --via phone --to 林编辑

@ 2026-05-18 10:26:14 sun.yan
servicebook note INC-20260518-A49N --event remote_session --via remote

@ 2026-05-18 11:07:16 sun.yan
servicebook resolve INC-20260518-A49N --code workaround --cause software \
    --method '终止标签批处理任务，改到夜间跑' --confirmed-by 林编辑 --human-caused no \
    --set 'loss=57 次发布失败，编辑重试后全部成功' --set problem_review.result=linked \
    --set problem_review.by=xu.jing

@ 2026-05-18 16:45:18 sun.yan
servicebook report INC-20260518-A49N --via email --to 黄主任

@ 2026-05-20 09:30:14 wang.fang
servicebook close INC-20260518-A49N

# --- Homepage carousel not saved, MySQL error 1213 while the tagger runs

@ 2026-05-26 09:41:14 wang.fang
servicebook new incident --title 'Homepage carousel not saved, MySQL error 1213 while the tagger runs' \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Lin \
    --set 'caller.role=new media editor' --set caller.phone_ref=harbour-tv/web-desk \
    --set caller.third_party_maintenance=none --contact-type form --site harbour-tv-hq --service cms \
    --assets db-mysql-primary --error-codes 1213 --tags deadlock --category program_error \
    --fault-grade degraded --impact medium --urgency medium --assignment-group database-team \
    --assigned-to sun.yan --at 09:40 --body texts/INC-20260526-JNV8.md => INC-20260526-JNV8

@ 2026-05-26 09:55:52 sun.yan
servicebook ack INC-20260526-JNV8 --via phone --to Lin

@ 2026-05-26 09:59:08 sun.yan
servicebook note INC-20260526-JNV8 --event remote_session --via remote

@ 2026-05-26 10:20:55 sun.yan
servicebook note INC-20260526-JNV8 --event workaround_found "READ COMMITTED for the tagger's session"

@ 2026-05-26 10:33:16 sun.yan
servicebook resolve INC-20260526-JNV8 --code workaround --cause software \
    --method 'tagger runs with READ COMMITTED and in batches of 200' --confirmed-by Lin --human-caused no \
    --set 'loss=the carousel was saved again by hand, four times in two days' \
    --set problem_review.result=linked --set problem_review.by=xu.jing

# --- Deadlocks between publishing and the tag batch job in cms_prod

@ 2026-05-26 11:00:12 xu.jing
servicebook new problem --first-reported-by-task INC-20260518-A49N \
    --title 'Deadlocks between publishing and the tag batch job in cms_prod' \
    --audience internal,customer:harbour-tv --problem-type reactive --customer harbour-tv --service database \
    --assets db-mysql-primary,cms-app-01 --detected-from incident --impact medium --urgency high \
    --assignment-group database-team --assigned-to sun.yan --problem-manager xu.jing --at 11:00 \
    --body texts/PRB-20260526-TWWG.md => PRB-20260526-TWWG

@ 2026-05-26 11:00:17 xu.jing
servicebook link INC-20260518-A49N PRB-20260526-TWWG
servicebook link INC-20260526-JNV8 PRB-20260526-TWWG
servicebook link PRB-20260526-TWWG INC-20260518-A49N
servicebook link PRB-20260526-TWWG INC-20260526-JNV8

@ 2026-05-26 11:20:02 sun.yan
servicebook ack PRB-20260526-TWWG

@ 2026-05-26 17:10:35 sun.yan
servicebook report INC-20260526-JNV8 --via email --to Huang

@ 2026-05-28 16:40:04 sun.yan
servicebook note PRB-20260526-TWWG --event root_cause_found

@ 2026-05-28 16:40:05 sun.yan
servicebook set PRB-20260526-TWWG \
    'workaround=run the tagger at night only, with READ COMMITTED and batches of 200'

# --- Error 1213 on save while the tag batch job runs

@ 2026-05-28 16:45:04 sun.yan
servicebook new known_error --title 'Error 1213 on save while the tag batch job runs' \
    --audience internal,customer:harbour-tv --problem PRB-20260526-TWWG --services cms,database \
    --assets db-mysql-primary --affected-versions 'CMS 3.5,CMS 3.6.0' \
    --symptoms '["Editors see \"save failed, try again\", most of all in the morning", 编辑发布或保存时提示“保存失败，请重试”，多试几次又成功（数据库死锁）]' \
    --error-codes 1213,40001 \
    --workaround 'pause the tagger with `jobctl pause tag:reweight`; editors save again, nothing is lost. Restart it at night with READ COMMITTED and batches of 200.' \
    --workaround-verified-on 2026-05-28 \
    --root-cause 'publishing and tagging take the same locks in opposite order, over wide gaps for want of an index' \
    --owner sun.yan --review-on 2027-06-01 --body texts/KE-20260528-H2G6.md => KE-20260528-H2G6

@ 2026-05-28 16:45:09 sun.yan
servicebook link INC-20260518-A49N KE-20260528-H2G6
servicebook link INC-20260526-JNV8 KE-20260528-H2G6
servicebook link PRB-20260526-TWWG KE-20260528-H2G6

@ 2026-05-29 09:15:06 wang.fang
servicebook close INC-20260526-JNV8

# --- CMS 3.6.1

@ 2026-06-05 10:00:24 priya.nair
servicebook new release --title 'CMS 3.6.1' --audience internal,customer:harbour-tv --release-type minor \
    --customer harbour-tv --service cms --version 3.6.1 --release-manager priya.nair \
    --assignment-group application-team --planned-deploy-at 2026-06-16T03:00:00+08:00 \
    --build-ref 'cms tag v3.6.1' --media-location 'artefact store, cms/3.6.1' \
    --environments test,staging,cms-app-01,cms-app-02 --backout 'redeploy 3.6.0; the index may stay' \
    --acceptance-by Lin --early-life-support-until-on 2026-06-30 --body texts/REL-20260605-QN01.md \
    --incomplete => REL-20260605-QN01

@ 2026-06-05 10:00:29 priya.nair
servicebook link PRB-20260526-TWWG REL-20260605-QN01
servicebook link REL-20260605-QN01 PRB-20260526-TWWG

@ 2026-06-05 10:30:54 liu.yang
servicebook build REL-20260605-QN01

@ 2026-06-06 09:00:18 liu.yang
servicebook test REL-20260605-QN01

@ 2026-06-08 18:00:18 liu.yang
servicebook build REL-20260605-QN01 --note 'failed - the retry counted its own timeout as a deadlock'

@ 2026-06-09 09:00:07 liu.yang
servicebook test REL-20260605-QN01

# --- CMS 3.6.1 index on article_tag and one lock order for tagging and publishing

@ 2026-06-09 10:00:24 sun.yan
servicebook new change \
    --title 'CMS 3.6.1 index on article_tag and one lock order for tagging and publishing' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'remove the deadlocks between publishing and the tag batch job' --customer harbour-tv \
    --site east-quay-idc --service database --assets db-mysql-primary,cms-app-01,cms-app-02 --risk medium \
    --impact medium --requested-by sun.yan --assignment-group database-team --assigned-to sun.yan \
    --planned-start-at 2026-06-16T02:00:00+08:00 --planned-end-at 2026-06-16T04:00:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'plan.implementation=build the index online on the replica first, switch roles, build on the old primary, deploy CMS 3.6.1 to both application servers' \
    --set "plan.test=replay of one hour of May's load against both, counting error 1213" \
    --set 'plan.backout=drop the index, redeploy 3.6.0 from the artefact store' \
    --set plan.point_of_no_return_at=2026-06-16T03:20:00+08:00 --body texts/CHG-20260609-VS6M.md \
    => CHG-20260609-VS6M

@ 2026-06-09 10:00:29 sun.yan
servicebook link CHG-20260609-VS6M PRB-20260526-TWWG
servicebook link CHG-20260609-VS6M KE-20260528-H2G6
servicebook link CHG-20260609-VS6M REL-20260605-QN01
servicebook link PRB-20260526-TWWG CHG-20260609-VS6M

@ 2026-06-09 10:00:33 priya.nair
servicebook set REL-20260605-QN01 changes=CHG-20260609-VS6M

@ 2026-06-09 15:10:33 sun.yan
servicebook submit CHG-20260609-VS6M

@ 2026-06-11 17:30:21 liu.yang
servicebook pass REL-20260605-QN01

@ 2026-06-12 15:00:18 daniel.okafor
servicebook approve CHG-20260609-VS6M

@ 2026-06-16 02:00:49 sun.yan
servicebook start CHG-20260609-VS6M

@ 2026-06-16 02:00:50 sun.yan
servicebook deploy REL-20260605-QN01

@ 2026-06-16 03:20:51 liu.yang
servicebook finish REL-20260605-QN01

@ 2026-06-16 03:25:42 sun.yan
servicebook implement CHG-20260609-VS6M

@ 2026-06-16 03:28:51 sun.yan
servicebook cure KE-20260528-H2G6 --set permanent_fix=REL-20260605-QN01 --set 'fixed_in_version=CMS 3.6.1'

@ 2026-06-16 03:30:33 liu.yang
servicebook resolve PRB-20260526-TWWG --code removed --cause software \
    --method 'publishing locks article then article_tag, the tagger article_tag then article; without an index on article_tag(article_id) both take gap locks over wide ranges' \
    --note 'CMS 3.6.1 deployed'

@ 2026-06-30 14:00:08 xu.jing
servicebook close PRB-20260526-TWWG \
    --note 'error 1213 seen twice in two weeks, both retried by the application'

@ 2026-06-30 14:20:12 daniel.okafor
servicebook close CHG-20260609-VS6M \
    --set 'review.result=index built in 34 minutes, deployment without outage, two deadlocks in two weeks, both retried' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-06-30 15:00:08 priya.nair
servicebook close REL-20260605-QN01
