# A change that is backed out
#
# The new load balancer passes its own test and breaks every link older than 2021. The incident names the change that
# caused it, the change is taken back, and a second one is planned with a better test.

# --- Portal load balancer to nginx 1.28 with the new rewrite map

@ 2026-10-09 10:00:08 liu.yang
servicebook new change --title 'Portal load balancer to nginx 1.28 with the new rewrite map' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'nginx 1.26 leaves support, and the rewrite file has grown to 9000 lines' --customer harbour-tv \
    --site east-quay-idc --service cms --assets cms-portal-lb --risk medium --impact high \
    --requested-by liu.yang --assignment-group application-team --assigned-to liu.yang \
    --planned-start-at 2026-10-14T02:00:00+08:00 --planned-end-at 2026-10-14T03:30:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'plan.implementation=install 1.28 beside 1.26, load the rewrite map, switch the listening address' \
    --set 'plan.test=forty known links, error log empty for ten minutes' \
    --set 'plan.backout=switch the address back to 1.26, old rewrite file' --body texts/CHG-20261009-MVRM.md \
    => CHG-20261009-MVRM

@ 2026-10-09 15:00:39 liu.yang
servicebook submit CHG-20261009-MVRM

@ 2026-10-12 15:20:13 daniel.okafor
servicebook approve CHG-20261009-MVRM

@ 2026-10-14 02:02:21 liu.yang
servicebook start CHG-20261009-MVRM

@ 2026-10-14 02:40:55 liu.yang
servicebook implement CHG-20261009-MVRM --note 'forty of forty links well'

# --- Old article links return 404 after the night's portal change

@ 2026-10-14 06:41:03 zhou.min
servicebook new incident --title "Old article links return 404 after the night's portal change" \
    --audience internal,customer:harbour-tv --customer harbour-tv --set caller.name=Lin \
    --set 'caller.role=new media editor' --set caller.phone_ref=harbour-tv/web-desk \
    --set caller.third_party_maintenance=none --contact-type hotline --site harbour-tv-hq --service cms \
    --assets cms-portal-lb --error-codes 404 --category page_error --fault-grade severe --impact high \
    --urgency high --assignment-group application-team --assigned-to liu.yang --at 06:40 \
    --body texts/INC-20261014-4QSW.md => INC-20261014-4QSW

@ 2026-10-14 06:41:08 zhou.min
servicebook link INC-20261014-4QSW CHG-20261009-MVRM --as caused_by_change

@ 2026-10-14 06:49:24 liu.yang
servicebook ack INC-20261014-4QSW --via phone --to Lin

@ 2026-10-14 06:54:35 liu.yang
servicebook note INC-20261014-4QSW --event remote_session --via remote --with Lin

@ 2026-10-14 06:58:30 liu.yang
servicebook note INC-20261014-4QSW --event linked --set ticket=CHG-20261009-MVRM \
    'portal change of 02:00 is the cause'

@ 2026-10-14 07:31:27 liu.yang
servicebook resolve INC-20261014-4QSW --code fixed --cause change \
    --method 'portal load balancer put back to nginx 1.26 with the old rewrite file' --confirmed-by Lin \
    --human-caused no \
    --set 'loss=links from search engines and messengers broken for 5 h 20 min; about 61000 requests' \
    --set outage_start_at=2026-10-14T02:11:00+08:00 --set outage_end_at=2026-10-14T07:31:00+08:00 \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=cause and remedy are in the change and its review' \
    --note 'change backed out'

@ 2026-10-14 07:31:58 liu.yang
servicebook backout CHG-20261009-MVRM \
    --reason 'links older than 2021 give 404, found by the editors at 06:40'

@ 2026-10-14 15:10:57 liu.yang
servicebook report INC-20261014-4QSW --via email --to Huang

@ 2026-10-16 09:40:24 wang.fang
servicebook close INC-20261014-4QSW

@ 2026-10-21 10:00:23 daniel.okafor
servicebook close CHG-20261009-MVRM \
    --set 'review.result=backed out after five hours; the test list missed the old link form and nobody looked at the 404 rate after the switch' \
    --set review.closure_code=backed_out --set review.assets_updated=yes

# --- Second try, portal load balancer to nginx 1.28

@ 2026-11-10 11:00:43 liu.yang
servicebook new change --title 'Second try, portal load balancer to nginx 1.28' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'the first try was backed out; the map is mended and tested with links by year' \
    --customer harbour-tv --site east-quay-idc --service cms --assets cms-portal-lb --risk medium \
    --impact high --requested-by liu.yang --assignment-group application-team --assigned-to liu.yang \
    --planned-start-at 2026-11-25T02:00:00+08:00 --planned-end-at 2026-11-25T04:00:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'asset_changes=[{asset: cms-portal-lb, field: version, becomes: nginx 1.28.0}]' \
    --set 'plan.implementation=as before, without `volatile` on the map; ten per cent of the traffic first' \
    --set 'plan.test=400 links drawn by year from the access log, and the 404 rate under 0.5 % for one hour' \
    --set 'plan.backout=switch the address back to 1.26; done by the watch without asking when the 404 rate passes 1 %' \
    --body texts/CHG-20261110-STA2.md => CHG-20261110-STA2

@ 2026-11-10 11:00:48 liu.yang
servicebook link CHG-20261110-STA2 CHG-20261009-MVRM

@ 2026-11-10 16:30:12 liu.yang
servicebook submit CHG-20261110-STA2

@ 2026-11-13 15:10:41 daniel.okafor
servicebook approve CHG-20261110-STA2 --note 'on condition that the alarm on 404 exists before the night'
