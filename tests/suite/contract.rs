//! What holds of every entity, shown of each.

mod access;
mod changes;
mod entity;
mod forms;
mod lists;

pub use entity::{Entity, ITEMS, ROLES, USERS};

/// Each clause as a test of its own for each entity.
macro_rules! contract {
    ($($entity:ident: $of:ident),+ ; $clauses:tt) => {$(
        mod $entity {
            contract! { @ $of $clauses }
        }
    )+};
    (@ $of:ident { $($file:ident::$clause:ident,)+ }) => {$(
        #[actix_web::test]
        async fn $clause() {
            super::$file::$clause(&super::$of).await;
        }
    )+};
}

contract! {
    users: USERS, items: ITEMS, roles: ROLES;
    {
        lists::the_list_shows_each_record_with_the_way_to_it,
        lists::a_search_wants_each_word_in_some_field,
        lists::a_search_takes_every_character_as_it_is,
        lists::a_search_ignores_case_in_every_language,
        lists::the_list_is_sorted_by_each_column_both_ways,
        lists::pages_lead_to_the_end_and_back_without_losing_or_repeating_a_row,
        lists::each_filter_leaves_what_it_says,
        forms::a_new_record_is_stored_and_shown,
        forms::a_refused_form_comes_back_as_typed,
        forms::the_form_tells_that_a_name_is_taken,
        forms::a_save_changes_only_what_was_sent,
        forms::the_form_of_a_record_saves_it_without_scripts,
        changes::a_cell_is_edited_in_place,
        changes::a_save_over_a_newer_change_shows_both,
        changes::the_question_before_a_deletion_counts_what_goes_with_it,
        changes::a_deleted_record_is_gone_with_all_that_belongs_to_it,
        access::nothing_is_shown_without_the_permission,
        access::who_may_only_look_sees_no_way_to_change_anything,
        access::each_permission_permits_just_what_it_says,
    }
}
