# Votes on two changes
#
# Both changes of the portal go to the board, which votes on them with signatures (servicebook verify tells that, from
# this project's own history; here is what the records say). One is done when its board has agreed, the other too early.

# --- Alarm on the share of 404 answers of the portal

@ 2026-11-12 10:02:14 liu.yang
servicebook new change --title 'Alarm on the share of 404 answers of the portal' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'at the back-out of 14 October the 404 rate rose to 11 %, and there was a graph but no alarm' \
    --customer harbour-tv --site east-quay-idc --service cms --assets monitoring-server --risk low --impact low \
    --requested-by liu.yang --assignment-group application-team --assigned-to liu.yang \
    --planned-start-at 2026-11-17T14:00:00+08:00 --planned-end-at 2026-11-17T15:00:00+08:00 \
    --expected-outage 0s --board cab \
    --set 'plan.implementation=a rule on the share of 404 answers in five minutes, above 2 %, to the application team' \
    --set 'plan.test=ask for an address that does not exist 200 times, the alarm comes within six minutes' \
    --set 'plan.backout=take the rule out' --body texts/CHG-20261112-7KQE.md => CHG-20261112-7KQE

@ 2026-11-12 16:00:00 liu.yang
servicebook submit CHG-20261112-7KQE

# --- Portal keeps its access log for thirty days

@ 2026-11-13 15:20:41 ma.lin
servicebook new change --title 'Portal keeps its access log for thirty days' \
    --audience internal,customer:harbour-tv --change-type normal \
    --reason 'a list of test links drawn from the access log needs more than the seven days that are kept' \
    --customer harbour-tv --site east-quay-idc --service cms --assets cms-portal-lb --risk low --impact low \
    --requested-by ma.lin --assignment-group application-team --assigned-to ma.lin \
    --planned-start-at 2026-11-18T14:00:00+08:00 --planned-end-at 2026-11-18T14:30:00+08:00 \
    --expected-outage 0s --board cab --set 'plan.implementation=logrotate from 7 to 30 files, compressed' \
    --set 'plan.test=logrotate in its dry run, then df after the first night' \
    --set 'plan.backout=back to 7 files' --body texts/CHG-20261113-3XWD.md => CHG-20261113-3XWD

@ 2026-11-13 16:10:00 ma.lin
servicebook submit CHG-20261113-3XWD

@ 2026-11-16 15:45:09 daniel.okafor
servicebook approve CHG-20261112-7KQE

@ 2026-11-17 14:03:26 liu.yang
servicebook start CHG-20261112-7KQE

@ 2026-11-17 14:38:50 liu.yang
servicebook implement CHG-20261112-7KQE --note 'the alarm came after five minutes and ten seconds'

@ 2026-11-18 13:55:02 ma.lin
servicebook approve CHG-20261113-3XWD

@ 2026-11-18 14:02:17 ma.lin
servicebook start CHG-20261113-3XWD

@ 2026-11-18 14:20:44 ma.lin
servicebook implement CHG-20261113-3XWD

@ 2026-11-19 11:00:31 daniel.okafor
servicebook close CHG-20261112-7KQE --set 'review.result=two quiet days; nobody was woken' \
    --set review.closure_code=successful --set review.assets_updated=yes

@ 2026-11-19 11:05:12 daniel.okafor
servicebook close CHG-20261113-3XWD \
    --set 'review.result=the logs are there; it was begun after one vote of two, and the second came two hours late' \
    --set review.closure_code=successful --set review.assets_updated=yes
