# Inspections, and one that finds something
#
# Plans make the inspections that come; each is ticked item by item and signed off. In November one item fails and
# becomes an incident in one command. The network's records are held against what hangs in the racks.

# --- 2 records

@ 2026-08-28 10:00 he.jun
servicebook plan backup-monthly --days 34 => INS-20260828-Z29P INS-20260828-KQ22

# --- 东码头机房用电与环境安全，每季度, 2026-09-08
servicebook plan machine-room-quarterly --days 11 => INS-20260828-REHG

@ 2026-09-01 10:02 he.jun
servicebook start INS-20260828-Z29P

@ 2026-09-01 11:43 he.jun
servicebook tick INS-20260828-Z29P age=14
servicebook tick INS-20260828-Z29P restore=same
servicebook tick INS-20260828-Z29P free=41

@ 2026-09-01 11:45 he.jun
servicebook signoff INS-20260828-Z29P --set sign_off.by=何俊 --set sign_off.signed_on=2026-09-01

@ 2026-09-08 09:30 he.jun
servicebook start INS-20260828-REHG

@ 2026-09-08 11:18 he.jun
servicebook tick INS-20260828-REHG heat=22.5
servicebook tick INS-20260828-REHG power=34
servicebook tick INS-20260828-REHG earth=0.6
servicebook tick INS-20260828-REHG clean=已完成

@ 2026-09-08 11:20 he.jun
servicebook signoff INS-20260828-REHG --set sign_off.by=陈工 --set sign_off.signed_on=2026-09-08

# --- 3 records

@ 2026-10-02 10:00 chen.hao
servicebook plan transcoders-weekly --days 17 => INS-20261002-7DD8 INS-20261002-HH5Y INS-20261002-818E

@ 2026-10-02 10:10 he.jun
servicebook start INS-20260828-KQ22

@ 2026-10-02 11:23 he.jun
servicebook tick INS-20260828-KQ22 age=15
servicebook tick INS-20260828-KQ22 restore=same
servicebook tick INS-20260828-KQ22 free=36 --note '2 October, the first is a holiday'

@ 2026-10-02 11:25 he.jun
servicebook signoff INS-20260828-KQ22 --set sign_off.by=何俊 --set sign_off.signed_on=2026-10-02

@ 2026-10-05 02:11 li.wei
servicebook start INS-20261002-7DD8

@ 2026-10-05 09:03 li.wei
servicebook tick INS-20261002-7DD8 cpu=61
servicebook tick INS-20261002-7DD8 memory=38
servicebook tick INS-20261002-7DD8 logs=none
servicebook tick INS-20261002-7DD8 processes=12

@ 2026-10-05 09:05 li.wei
servicebook signoff INS-20261002-7DD8 --set sign_off.by=陈工 --set sign_off.signed_on=2026-10-05

@ 2026-10-12 02:06 li.wei
servicebook start INS-20261002-HH5Y

@ 2026-10-12 09:18 li.wei
servicebook tick INS-20261002-HH5Y cpu=64
servicebook tick INS-20261002-HH5Y memory=39
servicebook tick INS-20261002-HH5Y logs=none
servicebook tick INS-20261002-HH5Y processes=12

@ 2026-10-12 09:20 li.wei
servicebook signoff INS-20261002-HH5Y --set sign_off.by=陈工 --set sign_off.signed_on=2026-10-12

@ 2026-10-20 02:15 chen.hao
servicebook start INS-20261002-818E

@ 2026-10-20 08:58 chen.hao
servicebook tick INS-20261002-818E cpu=71
servicebook tick INS-20261002-818E memory=41
servicebook tick INS-20261002-818E 'logs=one restart' --ok logs
servicebook tick INS-20261002-818E processes=12 --note 'a day late, the gala rehearsal ran on Monday'

@ 2026-10-20 09:00 chen.hao
servicebook signoff INS-20261002-818E --set sign_off.by=陈工 --set sign_off.signed_on=2026-10-20

# --- 4 records

@ 2026-10-23 10:00 chen.hao
servicebook plan transcoders-weekly --days 24 \
    => INS-20261023-79YP INS-20261023-EKV2 INS-20261023-00RT INS-20261023-X73S

@ 2026-10-26 02:09 li.wei
servicebook start INS-20261023-79YP

@ 2026-10-26 09:08 li.wei
servicebook tick INS-20261023-79YP cpu=68
servicebook tick INS-20261023-79YP memory=40
servicebook tick INS-20261023-79YP logs=none
servicebook tick INS-20261023-79YP processes=12

@ 2026-10-26 09:10 li.wei
servicebook signoff INS-20261023-79YP --set sign_off.by=陈工 --set sign_off.signed_on=2026-10-26

# --- Storage and tape, counted once a year, 2026-10-28

@ 2026-10-28 09:02 he.jun
servicebook plan storage-stocktake --days 0 => INS-20261028-3FTZ

@ 2026-10-28 09:03 he.jun
servicebook set INS-20261028-3FTZ title_zh=存储与磁带设备年度盘点，2026-10-28

@ 2026-10-28 09:30:10 he.jun
servicebook start INS-20261028-3FTZ

# --- 2 records

@ 2026-10-28 10:00 he.jun
servicebook plan backup-monthly --days 34 => INS-20261028-7096 INS-20261028-5P6M

# --- 东码头机房用电与环境安全，每季度, 2026-12-08
servicebook plan machine-room-quarterly --days 41 => INS-20261028-K839

@ 2026-10-28 10:18 he.jun
servicebook tick INS-20261028-3FTZ there=all --ok there
servicebook tick INS-20261028-3FTZ serial=all --ok serial
servicebook set INS-20261028-3FTZ 'summary=Three devices, three records, no difference' \
    'found=[{asset: nas-01, field: serial_number, value: BS24-7750}, {asset: nas-02, field: serial_number, value: BS24-7751}, {asset: tape-library-01, field: serial_number, value: L480-30217}]'

@ 2026-10-28 10:20:30 he.jun
servicebook signoff INS-20261028-3FTZ --set sign_off.by=何军 --set sign_off.signed_on=2026-10-28

@ 2026-11-02 02:04 li.wei
servicebook start INS-20261023-EKV2

@ 2026-11-02 09:00 li.wei
servicebook tick INS-20261023-EKV2 cpu=72
servicebook tick INS-20261023-EKV2 memory=43
servicebook tick INS-20261023-EKV2 logs=none
servicebook tick INS-20261023-EKV2 processes=12

@ 2026-11-02 09:02 li.wei
servicebook signoff INS-20261023-EKV2 --set sign_off.by=陈工 --set sign_off.signed_on=2026-11-02

@ 2026-11-02 10:05 he.jun
servicebook start INS-20261028-7096

@ 2026-11-02 11:33 he.jun
servicebook tick INS-20261028-7096 age=16
servicebook tick INS-20261028-7096 restore=same
servicebook tick INS-20261028-7096 free=31

@ 2026-11-02 11:35 he.jun
servicebook signoff INS-20261028-7096 --set sign_off.by=何俊 --set sign_off.signed_on=2026-11-02

@ 2026-11-09 02:12 li.wei
servicebook start INS-20261023-00RT

@ 2026-11-09 09:13 li.wei
servicebook tick INS-20261023-00RT cpu=76
servicebook tick INS-20261023-00RT memory=45
servicebook tick INS-20261023-00RT logs=none
servicebook tick INS-20261023-00RT processes=12

@ 2026-11-09 09:15 li.wei
servicebook signoff INS-20261023-00RT --set sign_off.by=陈工 --set sign_off.signed_on=2026-11-09

# --- 网络资产记录核查，2026 年

@ 2026-11-12 13:50:12 zhao.lei
servicebook plan network-records-yearly --days 0 => INS-20261112-4XQP

@ 2026-11-12 13:51 zhao.lei
servicebook set INS-20261112-4XQP 'title=网络资产记录核查，2026 年' title_zh=

@ 2026-11-12 14:00:05 zhao.lei
servicebook start INS-20261112-4XQP

@ 2026-11-12 17:23:40 zhao.lei
servicebook tick INS-20261112-4XQP label=三台一致 --ok label
servicebook tick INS-20261112-4XQP version=三台一致 --ok version
servicebook tick INS-20261112-4XQP 'place=信号山一台不符，当天已更正' --ok place \
    --note '5 月换柜之后没有改记录'
servicebook tick INS-20261112-4XQP ties=一致 --ok ties

@ 2026-11-12 17:24 zhao.lei
servicebook set INS-20261112-4XQP started_at=2026-11-12T14:00 ended_at=2026-11-12T17:20 \
    'found=[{asset: core-switch-01, field: version, value: MOS 12.4.7}, {asset: core-switch-02, field: version, value: MOS 12.4.7}, {asset: signal-hill-switch, field: location, value: 传输间 2 号柜}]' \
    'summary=一处位置不符，当天已更正记录'

@ 2026-11-12 17:25:40 zhao.lei
servicebook signoff INS-20261112-4XQP --set sign_off.by=赵磊 --set sign_off.signed_on=2026-11-12

@ 2026-11-16 02:08 li.wei
servicebook start INS-20261023-X73S

@ 2026-11-16 02:48 li.wei
servicebook tick INS-20261023-X73S cpu=86
servicebook tick INS-20261023-X73S memory=47
servicebook tick INS-20261023-X73S logs=none
servicebook tick INS-20261023-X73S processes=12

# --- Highest load of the processors in the night hours: 86 % (≤ 80 %)

@ 2026-11-16 02:50 li.wei
servicebook raise INS-20261023-X73S cpu --category resource_shortage --fault-grade consultation \
    --set impact=low --set urgency=medium --set assignment_group=live-operations --set assigned_to=li.wei \
    => INC-20261116-HX5Z

@ 2026-11-16 02:58 li.wei
servicebook ack INC-20261116-HX5Z --via phone --to 陈工
servicebook assign INC-20261116-HX5Z li.wei

@ 2026-11-16 09:06 li.wei
servicebook signoff INS-20261023-X73S --set sign_off.by=陈工 --set sign_off.signed_on=2026-11-16

@ 2026-11-16 10:40 li.wei
servicebook note INC-20261116-HX5Z \
    'Channel 5 moved from transcoder-03 to transcoder-01, its encoder profile is twice as dear since the HDR test'

@ 2026-11-17 02:30 li.wei
servicebook resolve INC-20261116-HX5Z --code fixed --cause configuration \
    --method 'moved channel 5 to transcoder-01; highest load of the night 58 %' --human-caused no \
    --set loss=none --set problem_review.result=not_needed --set problem_review.by=chen.hao \
    --set 'problem_review.reason=load follows from one profile, noted in the capacity sheet'

@ 2026-11-17 09:30 li.wei
servicebook report INC-20261116-HX5Z --note 'sent to the duty desk'

@ 2026-11-19 10:00 wang.fang
servicebook close INC-20261116-HX5Z
