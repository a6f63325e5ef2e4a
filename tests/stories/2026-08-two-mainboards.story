# Two mainboards
#
# The same server model loses its mainboard twice. In August the part is in the store and goes out within the hour;
# in October the store is empty and the maker's depot sends one. Both old boards go back to the maker.

@ 2025-11-20 10:30 gao.feng
servicebook part receive mainboard-r640 --serial MB-7K21-0933 --from northwell-service

# --- cms-app-02 反复宕机，主板损坏更换

@ 2026-08-06 02:19:40 zhou.min
servicebook new incident --title 'cms-app-02 反复宕机，主板损坏更换' --audience internal,customer:harbour-tv \
    --customer harbour-tv --set caller.name=小马 --set caller.role=机房值班 \
    --set caller.phone_ref=harbour-tv/idc-desk --set caller.third_party_maintenance=none \
    --set caller.someone_on_site=yes --contact-type hotline --site east-quay-idc --service cms \
    --assets cms-app-02 --error-codes MCE-BANK5 --category server_damage --fault-grade degraded --impact low \
    --urgency high --assignment-group infrastructure --assigned-to he.jun --at 02:17 \
    --body texts/INC-20260806-P387.md => INC-20260806-P387

@ 2026-08-06 02:29:10 he.jun
servicebook ack INC-20260806-P387 --via phone --to 小马

@ 2026-08-06 02:37:58 he.jun
servicebook note INC-20260806-P387 --event remote_session --via remote

@ 2026-08-06 02:49 gao.feng
servicebook emergency INC-20260806-P387 --suspected-cause 'CPU 或主板故障，内存已排除' \
    --expected-start-at 04:00 --expected-duration 3h --lead he.jun --engineers he.jun \
    --parts '同型号主板 一块,导热硅脂' --work-items '最小化配置定位,更换主板,核对 BIOS 与网卡 MAC' \
    --estimate 500

@ 2026-08-06 02:52 lin.yue
servicebook consent INC-20260806-P387 --to 黄主任 --via phone

@ 2026-08-06 02:55:10 gao.feng
servicebook approve INC-20260806-P387 --via phone --by tang.bo

@ 2026-08-06 02:56:10 gao.feng
servicebook emergency INC-20260806-P387 --parts-released-by gao.feng

@ 2026-08-06 03:00 gao.feng
servicebook part issue mainboard-r640 --serial MB-7K21-0933 --ticket INC-20260806-P387 --note 电话放行

@ 2026-08-06 03:05:10 he.jun
servicebook depart INC-20260806-P387 --transport 出租车 --pass 机房夜间门禁登记 --eta 03:35

@ 2026-08-06 03:06 gao.feng
servicebook tell INC-20260806-P387 --via phone

@ 2026-08-06 03:07 gao.feng
servicebook tell INC-20260806-P387 --via sms

@ 2026-08-06 03:33:14 he.jun
servicebook arrive INC-20260806-P387

@ 2026-08-06 05:50:47 he.jun
servicebook note INC-20260806-P387 --event part_replaced --set asset=cms-app-02 \
    --set serial_number=MB-7K21-0933

@ 2026-08-06 06:42:12 he.jun
servicebook resolve INC-20260806-P387 --code replaced --cause hardware --method '更换主板，旧件返厂' \
    --confirmed-by 小马 --human-caused no \
    --set 'parts_replaced=[{part: 主板, old_serial: MB-7K19-4410, new_serial: MB-7K21-0933}]' \
    --set 'loss=门户由单机支撑 4 小时 25 分，无中断' --set problem_review.result=not_needed \
    --set problem_review.by=xu.jing --set 'problem_review.reason=单件硬件故障，同批次另一台已检查电容无鼓包'

@ 2026-08-06 07:15 he.jun
servicebook leave INC-20260806-P387

@ 2026-08-06 07:40 he.jun
servicebook part return mainboard-r640 --serial MB-7K19-4410 --ticket INC-20260806-P387 --broken

@ 2026-08-06 10:20:47 tang.bo
servicebook confirm INC-20260806-P387 --via email

@ 2026-08-06 16:00:02 he.jun
servicebook report INC-20260806-P387 --via email --to 黄主任

@ 2026-08-07 15:10 he.jun
servicebook part ship mainboard-r640 --serial MB-7K19-4410 --to northwell-service --rma NW-260807-11 \
    --broken

# --- cms-app-02 更换主板的满意度

@ 2026-08-10 16:30 wang.fang
servicebook survey INC-20260806-P387 4 4 5 --respondent 陈工 --comment '换主板时停机比预计短。' \
    => SUR-20260810-86E4

@ 2026-08-10 16:31 wang.fang
servicebook set SUR-20260810-86E4 'title=cms-app-02 更换主板的满意度'

@ 2026-08-11 09:25:11 wang.fang
servicebook close INC-20260806-P387

@ 2026-09-01 11:05 he.jun
servicebook part receive mainboard-r640 --serial MB-7K22-1507 --from northwell-service --rma NW-260807-11

# --- Mainboard of the second CMS application server gone after the holiday

@ 2026-10-08 09:16:48 wang.fang
servicebook new incident --title 'Mainboard of the second CMS application server gone after the holiday' \
    --title-zh '节后第二台 CMS 应用服务器主板损坏' --audience internal,customer:harbour-tv \
    --customer harbour-tv --contract harbour-newmedia-2025 --set caller.name=Lin \
    --set 'caller.role=new media editor' --set caller.phone_ref=harbour-tv/web-desk \
    --set caller.third_party_maintenance=none --contact-type email --site east-quay-idc --service cms \
    --assets cms-app-02 --category server_damage --fault-grade degraded --impact medium --urgency medium \
    --assignment-group infrastructure --assigned-to he.jun --at 09:12 --body texts/INC-20261008-F90H.md \
    => INC-20261008-F90H

@ 2026-10-08 09:35:05 he.jun
servicebook ack INC-20261008-F90H --via phone --to Lin

@ 2026-10-08 09:58:41 he.jun
servicebook note INC-20261008-F90H --event remote_session --via remote --with Lin

@ 2026-10-08 10:18 gao.feng
servicebook emergency INC-20261008-F90H \
    --suspected-cause 'mainboard, after the memory was ruled out from afar' --expected-start-at 11:10 \
    --expected-duration 2h --lead he.jun --engineers he.jun --skills-needed servers \
    --tools 'spare memory,thermal paste' \
    --work-items 'start with the least hardware,name the failing board to the maker,bring the spare board in when it is there' \
    --role operations_engineer=1

@ 2026-10-08 10:21 lin.yue
servicebook consent INC-20261008-F90H --to Lin --via phone

@ 2026-10-08 10:32 tang.bo
servicebook approve INC-20261008-F90H

@ 2026-10-08 10:40 he.jun
servicebook depart INC-20261008-F90H --transport taxi --pass 'standing pass of the data centre' --eta 11:10

@ 2026-10-08 10:42 gao.feng
servicebook tell INC-20261008-F90H --via phone

@ 2026-10-08 10:43 gao.feng
servicebook tell INC-20261008-F90H --via sms

@ 2026-10-08 11:05:30 he.jun
servicebook arrive INC-20261008-F90H

@ 2026-10-08 12:40 he.jun
servicebook leave INC-20261008-F90H

@ 2026-10-08 17:44 he.jun
servicebook note INC-20261008-F90H --event part_shipped "mainboard from the maker's depot by van"

@ 2026-10-08 18:02 he.jun
servicebook escalate INC-20261008-F90H --to lin.yue --via phone \
    --reason "the maker's board comes in two days" --step 'restore 50%'

@ 2026-10-10 15:20 he.jun
servicebook note INC-20261008-F90H --event part_arrived
servicebook part receive mainboard-r640 --serial MB-440871 --from northwell-service \
    --note 原厂备件库专车送到

@ 2026-10-10 15:25 gao.feng
servicebook part issue mainboard-r640 --serial MB-440871 --ticket INC-20261008-F90H

@ 2026-10-10 16:31:10 he.jun
servicebook note INC-20261008-F90H --event part_replaced --set serial_number=MB-440871

@ 2026-10-10 17:05:52 he.jun
servicebook resolve INC-20261008-F90H --code fixed --cause hardware \
    --method "mainboard replaced under the maker's warranty" --confirmed-by Lin --human-caused no \
    --set 'parts_replaced=[{old_serial: MB-391022, new_serial: MB-440871}]' \
    --set 'loss=editors worked on one server for two days, pages a second slower' \
    --set problem_review.result=not_needed --set problem_review.by=xu.jing \
    --set 'problem_review.reason=a single board of its series'

@ 2026-10-10 18:00 he.jun
servicebook part return mainboard-r640 --serial MB-391022 --ticket INC-20261008-F90H --broken

@ 2026-10-11 09:00 he.jun
servicebook report INC-20261008-F90H --via email --to Lin

@ 2026-10-12 10:02 wang.fang
servicebook close INC-20261008-F90H

@ 2026-10-12 10:20 he.jun
servicebook part ship mainboard-r640 --serial MB-391022 --to northwell-service --rma NW-261012-04 --broken

# --- How content with: Mainboard of the second CMS application server gone after the holiday

@ 2026-10-16 16:30 lin.yue
servicebook survey INC-20261008-F90H 4 4 4 --respondent 林编辑 => SUR-20261016-EEHM
