"""From a rule's name to a status and a form field: one table, for every way in.

The sentence a person reads comes from the database: raised by a function, or the comment on the
constraint of that name.
"""

from dataclasses import dataclass

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests


@dataclass
class Refused(Exception):
    """A rule said no. `field` is the form field it is about, if it is about one."""

    rule: str
    message: str
    hint: str = ""
    field: str | None = None
    status: int = 422

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


@dataclass
class Unavailable(Exception):
    """A part we need does not answer. `saved` says what became of the words that were sent."""

    part: str
    retry_after: int = 5
    saved: str = "Nothing was saved."

    def __str__(self) -> str:
        return f"{self.part} does not answer"


# Rules whose field is not plain from their name (`<table>_<field>_…`), and rules that are not a 422.
FIELDS = {
    "account_email_is_an_address": "email",
    "member_is_in_a_business_once": "email",
    "business_keeps_an_owner": "role",
    "business_tax_is_a_share": "tax",
    "business_payment_terms_are_sane": "payment_terms_days",
    "business_travel_buffer_is_sane": "travel_buffer_minutes",
    "business_travel_area_is_no_less": "travel_area_minutes",
    "business_travel_far_is_no_less": "travel_far_minutes",
    "business_arrival_is_sane": "arrival_minutes",
    "series_arrival_is_sane": "arrival_minutes",
    "ticket_arrival_is_sane": "arrival_minutes",
    # said at the top of the form: there is no one field to mend
    "close_out_work_is_answered": "",
    "close_out_note_is_answered": "",
    "close_out_next_is_answered": "",
    "line_item_estimate_is_confirmed": "",
    "proposal_value_is_given": "",
    "ticket_clock_times_are_given": "clocked_out_at",
    "close_out_visit_is_ahead": "follow_up_starts_at",
    "contact_preferred_method_is_known": "preferred_method",
    "contact_language_is_known": "language",
    "business_language_is_known": "language",
    "contact_merged_is_closed": "",
    "contact_merge_keeps_one_on_the_list": "",
    "contact_merge_takes_known_fields": "",
    "address_access_note_is_not_too_long": "access_note",
    "contact_import_mapping_has_a_name": "",
    "contact_import_mapping_is_for_each_column": "",
    "contact_import_mapping_is_known": "",
    "contact_import_rows_are_there": "",
    "contact_import_undo_has_something": "",
    "contact_import_duplicates_is_known": "duplicates",
    "contact_phone_e164_is_its_number": "phone",
    "contact_other_e164_is_its_number": "other_phone",
    "contact_name_is_confirmed": "name",
    "contact_erased_has_no_open_visit": "",
    "contact_erased_has_no_open_invoice": "",
    "attribute_is_set_once": "key",
    "attribute_value_fits_its_kind": "value",
    "attribute_key_key_is_given": "key",
    "attribute_key_kind_is_known": "kind",
    "attribute_key_kind_fits_its_values": "kind",
    "attribute_key_section_is_known": "section",
    "message_outreach_is_welcome": "follow_up",
    "message_has_an_address": "",
    "message_is_sent_by_day": "",
    "ticket_link_words_are_short": "words",
    "ticket_link_wished_at_is_ahead": "wished_at",
    "ticket_confirmation_is_known": "answer",
    "ticket_confirmation_starts_again_with_a_move": "answer",
    "saved_list_query_has_a_filter": "",
    "saved_list_query_is_not_too_long": "",
    "saved_list_is_one_of_50": "",
    "series_starts_at_wall_is_a_minute": "starts_at",
    "series_first_on_is_sane": "starts_at",
    "series_on_is_given": "starts_at",
    "series_on_is_not_behind_us": "starts_at",
    "series_minutes_are_sane": "hours",
    "series_weekdays_are_days": "weekdays",
    "series_rule_is_whole": "unit",
    "series_until_or_count": "count",
    "series_instructions_are_not_too_long": "instructions",
    "series_address_is_the_contacts": "address_id",
    "series_paused_from_is_sane": "paused_from",
    "series_has_a_visit_to_come": "",
    "series_ended_is_final": "",
    "series_resume_is_of_a_pause": "",
    "ticket_of_a_series_is_open": "",
    "waitlist_entry_until_on_is_not_before_from_on": "until_on",
    "waitlist_entry_until_on_is_ahead": "until_on",
    "waitlist_entry_end_reason_is_given": "reason",
    "waitlist_entry_minutes_are_sane": "hours",
    "waitlist_entry_weekdays_are_days": "weekdays",
    "waitlist_entry_address_is_the_contacts": "address_id",
    "waitlist_entry_visit_says_the_rest": "",
    "waitlist_entry_visit_is_ahead": "",
    "waitlist_entry_contact_is_on_the_list": "",
    "waitlist_entry_is_waiting": "",
    "waitlist_entry_booked_visit_is_theirs": "",
    "waitlist_entry_waits_once_for_a_visit": "",
    "waitlist_offer_is_the_slots_only_one": "",
    "waitlist_offer_is_the_entrys_only_one": "",
    "waitlist_offer_time_is_offered_once": "",
    "waitlist_offer_fits": "",
    "waitlist_offer_is_in_time": "",
    "waitlist_offer_is_live": "",
    "service_price_is_sane": "price",
    "service_per_unit_names_its_unit": "unit_label",
    "service_unit_label_is_short": "unit_label",
    "service_duration_is_sane": "duration_minutes",
    "service_tax_is_a_share": "tax",
    "service_name_is_used_once": "name",
    "ticket_contact_is_on_the_list": "",
    "ticket_address_is_the_contacts": "address_id",
    "ticket_ends_after_it_starts": "hours",
    "ticket_lasts_a_day_at_most": "hours",
    "ticket_times_are_sane": "starts_at",
    "ticket_cancel_reason_is_given": "reason",
    "ticket_clock_out_after_clock_in": "clocked_out_at",
    "ticket_clock_reason_is_short": "reason",
    "ticket_clock_edit_has_a_reason": "reason",
    "assignment_is_not_double_booked": "member_ids",
    "assignment_time_is_held": "member_ids",
    "assignment_out_of_hours_reason_is_given": "member_ids",
    "working_hours_are_said_for_each_day": "",
    "working_hours_end_after_they_start": "",
    "working_hours_end_before_midnight": "",
    "time_off_lasts_a_year_at_most": "last_on",
    "time_off_ends_after_it_starts": "last_on",
    "time_off_times_are_sane": "first_on",
    "assignment_book_anyway_reason_is_given": "book_anyway_reason",
    "line_item_service_is_on_the_list": "",
    "line_item_price_is_sane": "price",
    "line_item_service_costs_nothing_less": "price",
    "ticket_clock_is_not_ahead": "clocked_out_at",
    "gap_reason_is_given": "gap_reason",
    "close_out_follow_up_is_known": "follow_up",
    "close_out_next_is_a_choice": "follow_up",
    "close_out_message_says_when": "follow_up_months",
    "close_out_months_are_sane": "follow_up_months",
    "close_out_visit_says_when": "follow_up_starts_at",
    # not about a field: what a phone says of when it happened, and the id that it gave to it
    "done_action_happened_at_is_not_ahead": "",
    "done_action_happened_at_is_within_a_day": "",
    "done_action_id_is_given": "",
    "done_action_is_ones_own": "",
    "payment_is_not_nothing": "amount",
    "payment_is_not_more_than_is_owed": "amount",
    "invoice_void_reason_is_given": "reason",
}
# What is meant when the refusal names one of several rows of a form: such a field's name ends in the row's id.
ITEM_FIELDS = {"line_item_estimate_is_confirmed": "confirmed"}
NOUNS = ("business", "member", "contact_import", "contact", "address", "attribute", "note", "file", "saved_list", "series", "service", "waitlist_entry", "waitlist_offer", "freed_slot", "working_hours", "time_off", "ticket", "assignment",
         "line_item", "invoice", "payment", "message", "task", "gap", "close_out", "proposal", "done_action")  # fmt: skip

_sentences: dict[str, str] = {}


def remember_sentences(sentences: dict[str, str]) -> None:
    """Keep the comments on constraints and unique indexes: the words for people of each rule."""
    _sentences.update(sentences)


def field_of(rule: str, item: str | None = None) -> str | None:
    """The form field a rule is about, from the tables above or from its own name; of one row when `item` is its id."""
    if item:
        field = ITEM_FIELDS.get(rule) or field_of(rule)
        return f"{field}-{item}" if field else None
    if rule in FIELDS:
        return FIELDS[rule] or None
    for noun in NOUNS:
        if rule.startswith(noun + "_"):
            rest = rule.removeprefix(noun + "_")
            for end in ("_is_", "_has_", "_are_", "_names_"):
                if end in rest:
                    return rest.split(end)[0]
    return None


def translate(error: Exception) -> Exception:
    """What a database error means to the caller; the error itself when it is a bug of ours."""
    if isinstance(error, PoolTimeout | TooManyRequests):
        return Unavailable("The database")
    if not isinstance(error, psycopg.Error):
        return error
    rule = error.diag.constraint_name or ""
    message = error.diag.message_primary or ""
    hint = error.diag.message_hint or ""
    match error.sqlstate:
        case "P0002":
            return Refused(rule or "not_found", message, hint, status=404)
        case "42501":
            known = rule in (
                "action_is_not_for_your_role",
                "action_needs_reasoning",
                "action_waits_for_a_person",
            )
            if known or rule == "session_is_over":
                return Refused(rule, message, hint, status=401 if rule == "session_is_over" else 403)
            return error
        case "23502":
            column = error.diag.column_name or ""
            rule = f"{error.diag.table_name}_{column}_is_given"
            return Refused(rule, _sentences.get(rule, "Please fill this in."), field=field_of(rule) or column)
        case "23505" | "23514" | "23P01" | "23503" | "23001":
            own = not error.diag.table_name  # raised by a function with its own sentence
            sentence = message if own else _sentences.get(rule, "This is not possible: " + rule.replace("_", " ") + ".")
            return Refused(rule, sentence, hint, field=field_of(rule, error.diag.column_name))
        case "22001" | "22003" | "22007" | "22008" | "22021" | "22023" | "2201W" | "22P02" | "22P05":
            return Refused("value_is_readable", "One of the values is too large or cannot be read.", hint)
        case "57014" | "55P03" | "40P01" | "40001" | "53100" | "53200" | "53300" | "25P03" | "25P04":
            return Unavailable("The database")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Unavailable("The database")
    return error
