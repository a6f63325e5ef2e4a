"""Which test covers which of the cases that must be right.

| case | tests |
| --- | --- |
| no HEAD yet | test_pre_commit::test_the_first_commit_is_checked_too |
| detached HEAD | test_pre_commit::test_a_linked_worktree_on_a_detached_head |
| linked worktree | test_pre_commit::test_a_linked_worktree_on_a_detached_head |
| | test_odd_repositories::test_a_bare_repository_with_worktrees_beside_it |
| submodule | test_odd_repositories::test_a_desk_that_is_a_submodule_is_a_desk |
| sparse checkout | test_odd_repositories::test_a_sparse_checkout |
| shallow clone | test_odd_repositories::test_a_shallow_clone_is_checked_at_commit_and_says_when_it_cannot_tell |
| partial clone | test_odd_repositories::test_a_partial_clone |
| borrowed objects | test_odd_repositories::test_an_alternate_object_store |
| intent to add | test_odd_repositories::test_a_file_only_intended_for_adding_is_not_part_of_the_commit |
| rename | test_pre_commit::test_a_renamed_slug_passes_with_its_alias_and_stops_without |
| | test_kinds_of_files::test_a_file_that_moves_keeps_what_names_it_by_id |
| delete, still referenced | test_pre_commit::test_deleting_what_is_still_named_stops_the_commit |
| rename of case only | test_kinds_of_files::test_a_rename_that_changes_case_only_passes |
| | test_pre_commit::test_names_that_differ_in_case_only |
| NFC and NFD names | test_kinds_of_files::test_a_name_with_separate_accents_is_refused_and_one_beside_it_clashes |
| Chinese names | test_pre_commit::test_chinese_file_names |
| quoted names, not UTF-8 | test_kinds_of_files::test_names_that_git_would_quote_are_read_as_they_are |
| | test_kinds_of_files::test_a_name_that_is_not_utf8_is_told_and_not_read |
| symlink | test_pre_commit::test_a_symlink_is_refused_and_not_followed |
| gitlink | test_odd_repositories::test_a_submodule_among_the_records_is_refused |
| LFS pointer, BOM, GB18030 | test_kinds_of_files::test_a_record_that_cannot_be_read_is_refused_by_name |
| CRLF | test_kinds_of_files::test_crlf_in_what_is_staged_warns_and_passes |
| | test_odd_repositories::test_line_ends_that_git_converts_are_no_findings |
| conflict markers | test_odd_repositories::test_conflict_markers_do_not_get_in |
| | test_kinds_of_files::test_a_record_that_cannot_be_read_is_refused_by_name |
| a 10 MB file | test_kinds_of_files::test_ten_megabytes_are_refused_at_once |
| | test_kinds_of_files::test_ten_megabytes_beside_a_record_are_nobodys_business |
| no TTY | test_kinds_of_commit::test_without_a_terminal_and_without_an_input |
| | test_kinds_of_commit::test_on_a_terminal_nothing_is_asked |
| lists split by xargs | test_fix_in_frameworks::test_a_list_of_files_that_is_split |
| Ctrl-C | test_interrupts::test_a_commit_is_there_whole_or_not_at_all |
| | test_interrupts::test_a_hook_alone_ends_at_once_and_the_commit_is_not_made |
| split index, v4, fsmonitor off | test_kinds_of_commit::test_every_form_of_the_index_is_read |
| GIT_INDEX_FILE | test_odd_repositories::test_an_index_named_by_the_environment_is_the_one_that_is_judged |
| commit -a | test_kinds_of_commit::test_commit_dash_a_judges_its_own_index |
| commit -p | test_kinds_of_commit::test_commit_dash_p_takes_some_hunks_and_leaves_the_rest |
| commit -- path | test_pre_commit::test_commit_of_one_path_judges_that_path_alone |
| amend | test_kinds_of_commit::test_amend_mends_the_commit_before |
| | test_pre_commit::test_an_amend_of_the_message_alone_judges_the_commit |
| merge --no-ff | test_kinds_of_commit::test_a_merge_without_fast_forward_is_judged |
| rebase | test_kinds_of_commit::test_rebase_is_not_stopped_and_the_range_check_sees_it |
| revert | test_kinds_of_commit::test_a_revert_that_takes_an_event_back_is_seen_by_the_range_check |
| cherry-pick | test_kinds_of_commit::test_a_cherry_pick_is_judged_where_it_lands |
| am | test_kinds_of_commit::test_a_mailed_patch_is_judged_where_it_lands |
| stash | test_kinds_of_commit::test_a_stash_is_no_commit_of_the_desk |
| --no-verify | test_pre_receive::test_a_broken_one_is_refused_and_the_pusher_is_told_why |
| quarantine | test_pre_receive::test_a_refused_push_leaves_nothing_that_a_later_one_stumbles_over |
"""

from __future__ import annotations

import re
from pathlib import Path

ROWS = re.findall(r"^\| (.*?) ?\| (\w+)::(\w+) \|$", __doc__ or "", re.MULTILINE)


def test_each_test_in_the_table_is_there() -> None:
    assert len(ROWS) > 40
    for case, module, test in ROWS:
        text = (Path(__file__).parent / f"{module}.py").read_text("utf-8")
        assert re.search(rf"^def {test}\(", text, re.MULTILINE), f"{case}: {test}"
