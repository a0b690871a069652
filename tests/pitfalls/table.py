"""Every kind of fault that users of similar tools met, and the tests that hold what this one does instead.

A test fails if the fault comes back; its name alone is no evidence. Test ids are ``file::test`` below ``tests/``.
"""

from __future__ import annotations

IN = "pitfalls/test_getting_data_in.py"
RIGHT = "pitfalls/test_looks_right.py"
NUMBERS = "pitfalls/test_privacy_numbers.py"
REST = "pitfalls/test_messages_installing.py"

#: Number → (the fault, the tests that hold against it).
PITFALLS: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("Values come out in a form nobody expected", (
        f"{IN}::test_every_role_says_what_comes_out_and_synthetic_rows_keep_to_it",
        f"{IN}::test_the_page_shows_it_before_training_and_a_role_is_changed_there",
        "pages/test_results.py::test_a_role_can_be_changed_without_losing_the_table",
        "generators/test_aside.py::test_number_ids_stay_numbers_of_as_many_digits")),
    2: ("Real e-mail addresses are sampled", (
        f"{IN}::test_what_names_a_person_is_never_sampled",
        "tables/test_roles.py::test_proposed_role_and_reason")),
    3: ("Guesses are edited by hand every time", (
        f"{IN}::test_a_small_whole_number_stays_a_number_and_a_wish_is_remembered_for_the_next_file",
        f"{IN}::test_the_order_is_remembered_for_the_next_file",
        "tables/test_library.py::test_choices_are_taken_over_for_files_with_the_same_headers")),
    4: ("An error names no column", (
        f"{IN}::test_values_that_are_no_cells_name_column_example_and_way_out",
        "tables/test_roles.py::test_roles_that_do_not_fit_name_column_value_and_way_out",
        "tables/test_bad_input.py::test_any_bytes_give_a_table_or_a_plain_error")),
    5: ("Dates written as numbers become 1970", (
        f"{IN}::test_dates_written_as_numbers_are_dated_rightly_with_their_range_to_confirm",
        f"{IN}::test_a_number_made_a_date_by_hand_shows_its_range_too")),
    6: ("Day and month are guessed, unread dates vanish", (
        f"{IN}::test_day_or_month_first_is_asked_where_both_fit_and_the_answer_changes_every_date",
        f"{IN}::test_the_page_asks_and_stores_the_answer",
        f"{IN}::test_unread_dates_and_numbers_are_counted_in_what_the_page_shows",
        "tables/test_reading.py::test_dates_in_many_forms")),
    7: ("A setting is ignored silently", (
        f"{IN}::test_no_setting_is_ignored_silently",
        f"{IN}::test_an_unknown_setting_of_a_generator_is_refused",
        "generators/test_registry.py::test_a_setting_outside_its_limits_is_refused_in_words")),
    8: ("Leading zeros are lost", (
        "tables/test_reading.py::test_leading_zeros_stay_text",
        "tables/test_export.py::test_a_round_trip_keeps_kinds_formats_and_zeros",
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from")),
    9: ("Separators and encodings are taken for granted", (
        f"{IN}::test_separators_decimals_and_encodings_together",
        "tables/test_reading.py::test_delimiter_is_found",
        "tables/test_reading.py::test_encoding_is_found")),
    10: ("One word turns numbers into categories", (
        f"{IN}::test_one_word_does_not_turn_numbers_into_categories",
        "tables/test_reading.py::test_one_real_word_in_twenty_numbers_is_not_silently_dropped")),
    11: ("Odd headers crash", (
        "tables/test_reading.py::test_duplicate_blank_and_integer_headers",
        "tables/test_export.py::test_repeated_and_blank_headers_get_names_and_others_their_own",
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from")),
    12: ("Empty columns crash", (
        f"{IN}::test_a_column_without_values_is_set_aside_said_and_put_back",)),
    13: ("Constant columns spoil metrics without a name", (
        f"{IN}::test_all_constants_are_named_not_counted",
        "fidelity/test_report.py::test_columns_set_aside_are_listed_with_a_reason")),
    14: ("Whole numbers become decimals", (
        f"{IN}::test_whole_numbers_of_any_dtype_stay_whole_and_gaps_stay_blank",)),
    15: ("A dtype of the user's crashes", (
        f"{IN}::test_no_dtype_of_the_users_reaches_a_generator",
        "tables/test_reading.py::test_frames_with_awkward_dtypes")),
    16: ("Tiny tables fail late and obscurely", (
        f"{IN}::test_too_small_is_a_plain_sentence_in_under_a_second",
        "tables/test_bad_input.py::test_unusable_files")),
    17: ("Many categories take all memory", (
        "generators/test_neural.py::test_width_time_and_memory_are_told_before_the_start",
        "generators/test_neural.py::test_a_wide_table_is_narrowed_and_a_hopeless_one_refused",
        "generators/test_prepare.py::test_rare_levels_are_pooled_and_drawn_back_by_their_frequency",
        "pages/test_training.py::test_width_updates_time_and_memory_are_shown_before_the_start")),
    18: ("It hangs before the first epoch", (
        "generators/test_neural.py::test_a_wish_to_stop_is_heard_between_columns_and_between_chunks",
        "generators/test_contract.py::test_a_wish_to_stop_ends_the_work",
        "runs/test_progress.py::test_the_last_report_before_a_long_silence_is_shown")),
    19: ("No progress in sight", (
        "runs/test_progress.py::test_the_estimate_counts_down_and_grows_when_the_next_report_is_overdue",
        "pages/test_training.py::test_the_distance_is_drawn_while_it_runs_and_losses_are_not_shown")),
    20: ("Training cannot be cancelled", (
        "generators/test_neural.py::test_a_wish_to_stop_is_heard_within_one_update",
        "runs/test_ends.py::test_cancel_ends_every_kind_of_work_within_ten_seconds")),
    21: ("An early stop is not explained", (
        "generators/test_neural.py::test_training_stops_when_nothing_improves_and_says_so",)),
    22: ("SMOTE takes all memory", (
        "generators/test_smote.py::test_a_large_class_is_cut_for_the_neighbours_and_said",)),
    23: ("Distances take all memory", (
        f"{NUMBERS}::test_distances_between_many_rows_take_little_memory_and_say_how_many_were_compared",
        "privacy/test_neighbours.py::test_many_levels_take_few_dimensions_and_stay_apart",
        "privacy/test_meters.py::test_unequal_sizes_do_not_move_the_neutral_point")),
    24: ("Exact matches are slow and fragile", (
        f"{NUMBERS}::test_exact_matches_over_many_columns_are_those_of_a_join",
        "tables/test_row_keys.py::test_rows_have_the_same_key_exactly_where_they_are_equal",
        "privacy/test_meters.py::test_every_meter_flags_a_verbatim_copy",
        "privacy/test_neighbours.py::test_rows_are_at_distance_zero_exactly_where_they_are_equal")),
    25: ("The batch size does not divide the rows", (
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from",
        "generators/test_neural.py::test_presets_grow_with_the_table_and_batches_stay_small")),
    26: ("A network is silently untrained", (
        "generators/test_neural.py::test_updates_are_reported_and_noted",)),
    27: ("High quality, useless rows", (
        "lift/test_study.py::test_rows_with_wrong_outcomes_hurt",
        "pages/test_lift_results.py::test_a_study_of_two_classes_has_its_pictures_and_all_scores",
        "fidelity/test_report.py::test_shuffled_outcomes_keep_marginals_but_lose_the_relation")),
    28: ("A loss is taken for quality", (
        "pages/test_training.py::test_the_distance_is_drawn_while_it_runs_and_losses_are_not_shown",
        "generators/test_neural.py::test_from_a_thousand_rows_on_a_tenth_is_held_out_of_training")),
    29: ("Rare categories vanish", (
        f"{RIGHT}::test_every_category_and_class_is_checked_after_sampling",
        f"{RIGHT}::test_absent_levels_are_added_with_the_effort_told",
        f"{RIGHT}::test_the_page_names_absent_levels_and_a_run_adds_them",
        f"{RIGHT}::test_a_topped_up_run_says_how_many_rows_were_added")),
    30: ("Conditions end in nothing", (
        f"{RIGHT}::test_the_acceptance_rate_is_told_while_it_runs_and_giving_up_has_a_count",
        "generators/test_trees.py::test_generators_that_cannot_aim_pick_from_many_and_say_so")),
    31: ("Repeated rows from few rows", (
        f"{RIGHT}::test_networks_refuse_a_handful_of_rows_and_name_what_fits",
        "fidelity/test_scores.py::test_repeated_rows_by_hand")),
    32: ("On few rows augmentation hurts", (
        "advice/test_situations.py::test_plainest_generator_for_a_few_dozen_rows",
        "advice/test_situations.py::test_networks_are_passed_over_below_their_rows",
        "lift/test_study.py::test_under_50_positives_there_is_no_verdict")),
    33: ("A column comes out constant", (
        "tables/test_alignment.py::test_a_constant_column_is_a_red_flag_and_its_correlations_are_listed",
        "fidelity/test_differences.py::test_each_fault_is_named")),
    34: ("Missing values vanish", (
        f"{RIGHT}::test_zeros_gaps_and_signs_stay",
        "fidelity/test_scores.py::test_each_fault_moves_its_score",
        "generators/test_trees.py::test_missing_values_stay_tied_to_what_explains_them")),
    35: ("Missing values crash sampling", (
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from",
        "generators/test_prepare.py::test_encoded_values_have_no_gaps_and_stand_ins_are_observed_values")),
    36: ("Negative spend, no zeros", (
        f"{RIGHT}::test_zeros_gaps_and_signs_stay",
        f"{RIGHT}::test_values_brought_back_to_the_range_are_counted_and_said",
        "generators/test_neural.py::test_spikes_scales_and_rare_levels_survive")),
    37: ("Rules between columns break", (
        "generators/test_rules.py::test_every_generator_keeps_every_rule",
        "tables/test_rules.py::test_an_advertising_report_has_its_rules_proposed_with_support",
        "generators/test_rules.py::test_computed_columns_follow_from_the_rows_own_values")),
    38: ("The same settings give other rows", (
        "pages/test_lift_results.py::test_what_repeats_the_study_and_how_far_its_repeats_lie_apart_is_on_the_page",
        "lift/test_leaks.py::test_all_arms_of_a_fold_share_one_seed_and_folds_differ",
        "generators/test_contract.py::test_the_seeds_decide_everything",
        "lift/test_study.py::test_same_seed_same_study_in_any_number_of_processes",
        "runs/test_tasks.py::test_the_same_run_again_gives_the_same_rows")),
    39: ("A loaded model always makes the same rows", (
        f"{RIGHT}::test_a_loaded_generator_makes_other_rows_with_every_click_unless_asked_to_repeat",)),
    40: ("Fewer rows than asked, silently", (
        "pages/test_results.py::test_generate_shows_requested_and_delivered_rows_and_the_seed",
        f"{RIGHT}::test_a_topped_up_run_says_how_many_rows_were_added",
        "generators/test_contract.py::test_any_number_of_rows")),
    41: ("Keys repeat", (
        f"{RIGHT}::test_keys_are_unique_in_any_number_of_rows",
        "generators/test_prepare.py::test_ids_are_new_and_of_the_same_kind")),
    42: ("More neighbours than rows", (
        "generators/test_smote.py::test_neighbours_are_lowered_to_the_class_and_said",
        "generators/test_smote.py::test_a_single_row_of_a_class_is_repeated_and_said")),
    43: ("A SMOTE variant finds no row", (
        "generators/test_smote.py::test_classes_far_apart_fall_back_to_smote_and_say_so",)),
    44: ("SMOTE meets missing values", (
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from",
        f"{RIGHT}::test_zeros_gaps_and_signs_stay")),
    45: ("The wrong SMOTE for the columns", (
        "generators/test_smote.py::test_a_table_of_categories_only",
        "generators/test_smote.py::test_categories_stay_real_levels")),
    46: ("Whole numbers are cut", (
        "generators/test_smote.py::test_integers_are_rounded_not_cut",)),
    47: ("Resampling before the split", (
        "pages/test_lift_results.py::test_what_repeats_the_study_and_how_far_its_repeats_lie_apart_is_on_the_page",
        "lift/test_leaks.py::test_synthetic_rows_added_before_the_split_are_refused",
        "lift/test_leaks.py::test_rows_kept_for_scoring_cannot_be_fitted_on",
        "generators/test_contract.py::test_only_training_rows_are_accepted")),
    48: ("Features and label are put together wrongly", (
        "tables/test_export.py::test_combined_marks_which_rows_are_synthetic",)),
    49: ("Real personal data in a model or in the rows", (
        "generators/test_saving.py::test_no_sensitive_value_and_no_row_is_in_the_file",
        "pages/test_releases.py::test_downloads_are_closed_where_real_values_are_among_the_rows",
        "runs/test_tasks.py::test_the_training_rows_are_not_copied_into_the_run")),
    50: ("Attacks that read too low", (
        f"{NUMBERS}::test_a_share_is_of_the_attacks_that_were_made_and_a_copy_reads_high",
        f"{NUMBERS}::test_descriptions_that_could_not_be_made_do_not_lower_the_share",
        "privacy/test_meters.py::test_every_meter_flags_a_verbatim_copy",
        "privacy/test_meters.py::TestPresets::test_travel_sample")),
    51: ("Numbers without direction, reference or source", (
        f"{NUMBERS}::test_every_meter_says_which_way_is_good_against_what_and_where_it_comes_from",
        f"{REST}::test_every_score_has_direction_reference_sentence_and_source",
        "pages/test_privacy.py::test_every_number_of_a_report_is_on_the_page",
        "pages/test_privacy.py::test_the_formula_of_every_meter_is_its_tooltip")),
    52: ("Too small an epsilon, said afterwards", (
        "pages/test_budget.py::test_the_smallest_workable_epsilon_is_told",
        "generators/dp/test_accountant.py::test_a_refusal_names_an_epsilon_that_works")),
    53: ("A larger epsilon changes nothing", (
        "runs/test_ledger.py::test_the_curve_measures_every_epsilon_between_its_baselines",
        "generators/dp/test_measure.py::test_at_a_huge_epsilon_the_counts_are_those_of_the_table")),
    54: ("Calibration hangs", (
        "generators/dp/test_accountant.py::test_agrees_with_the_map_of_opendp",
        "generators/dp/test_measure.py::test_extremes_give_an_answer_or_a_clear_refusal")),
    55: ("A placeholder leaves", (
        f"{RIGHT}::test_no_pooled_level_leaves_as_a_placeholder",
        "generators/test_contract.py::test_rows_come_back_as_the_table_they_came_from")),
    56: ("The seed is ignored", (
        "generators/test_contract.py::test_the_seeds_decide_everything",
        "tables/test_split.py::test_same_seed_same_rows_and_another_seed_others")),
    57: ("Failed: failed", (
        "runs/test_life.py::test_a_bug_is_one_sentence_and_the_traceback_is_in_the_log",
        "pages/test_states.py::test_a_failed_run_says_why_and_can_be_run_again")),
    58: ("A metric is silently absent", (
        "tables/test_alignment.py::test_any_frame_is_compared_or_listed",
        "fidelity/test_report.py::test_what_needs_an_outcome_or_a_holdout_says_so")),
    59: ("Formula and code differ", (
        f"{REST}::test_the_average_shown_is_the_average_of_what_is_shown",
        f"{REST}::test_the_average_of_pairs_is_that_of_the_pairs_listed",
        f"{REST}::test_formulas_stand_beside_the_code_and_reach_the_report",
        "fidelity/test_against_sdmetrics.py::test_any_numbers")),
    60: ("It needs an account or a network", (
        f"{REST}::test_the_main_path_asks_no_network",
        f"{REST}::test_every_dependency_is_bounded_and_installed_within_its_bounds",
        "voice/test_no_network.py::test_the_guard_does_stop_a_call")),
    61: ("One kind of column only, or one column", (
        f"{REST}::test_all_numbers_all_categories_and_one_column",
        "generators/test_contract.py::test_a_table_of_one_column_without_a_target")),
    62: ("A licence is unclear", (
        f"{REST}::test_licences_are_as_the_readme_states",
        f"{REST}::test_only_the_copula_needs_a_restricted_library",
        "generators/test_registry.py::test_trees_smote_fidelity_and_lift_work_without_sdv")),
}  # fmt: skip
