"""The wall, broken in one way at a time, and what must notice: a rule of the catalogue, or a quick attack."""

import re
from collections.abc import Callable

from tests.conftest import TIDY
from tests.rls import actions, test_actions, test_contexts, test_oracles, test_reach
from tests.rls.stage import Stage

Probe = Callable[[Stage], None]
Breakage = str | Callable[[Stage], None]


def rewritten(function: str, old: str, new: str) -> Callable[[Stage], None]:
    """A function's body with one thing changed. That the thing is there is part of the test."""

    def run(stage: Stage) -> None:
        row = stage.connection.execute("select pg_get_functiondef(%s::regprocedure) as text", (function,)).fetchone()
        changed, times = re.subn(old, new, row.text, flags=re.DOTALL)  # type: ignore[union-attr]
        assert times, f"{function} has no {old!r} any more: say here how it would be broken now."
        stage.connection.execute(changed)  # type: ignore[call-overload]

    return run


def policy(rest: str, name: str = "wall", table: str = "contact") -> str:
    return f"drop policy if exists {name} on crm.{table}; create policy {name} on crm.{table} {rest}"


WALL = "business_id = (select internal.current_business())"
TASK = "alter table crm.task"

# what is broken: (how, the rule that notices)
CATALOGUE: dict[str, tuple[Breakage, str]] = {
    # the wall
    "wall_dropped": ("drop policy wall on crm.contact", "wall_stands"),
    "wall_permissive": (policy(f"using ({WALL}) with check ({WALL})"), "wall_stands"),
    "wall_for_reading_only": (policy(f"as restrictive for select using ({WALL})"), "wall_stands"),
    "wall_for_one_role": (policy(f"as restrictive to crm_app using ({WALL}) with check ({WALL})"), "wall_stands"),
    "wall_or_true": (policy(f"as restrictive using ({WALL} or true) with check ({WALL})"), "wall_stands"),
    "wall_with_a_hole_for_null": (
        policy(f"as restrictive using ({WALL} or (select internal.current_business()) is null) with check ({WALL})"), "wall_stands"),
    "wall_without_check": (policy(f"as restrictive using ({WALL}) with check (true)"), "wall_stands"),
    "wall_of_a_setting": (
        policy("as restrictive using (business_id = current_setting('app.business')::uuid)"), "policy_believes_the_signed_context_only"),
    "wall_of_the_login": (policy("for select using (current_user = 'crm_support')", "contact_x"), "policy_believes_the_signed_context_only"),
    "hole_for_null_in_a_policy": (
        policy("for select using ((select internal.current_member()) is null)", "contact_x"), "policy_believes_the_signed_context_only"),
    "row_security_disabled": ("alter table crm.contact disable row level security", "wall_is_up_for_everybody"),
    "row_security_not_forced": ("alter table crm.contact no force row level security", "wall_is_up_for_everybody"),
    "partition_without_row_security": ("alter table crm.audit_entry_default disable row level security", "wall_is_up_for_everybody"),
    "new_table_without_row_security": (
        "create table crm.evil (business_id uuid not null, id uuid, primary key (business_id, id))", "wall_is_up_for_everybody"),
    "new_table_without_a_wall": (
        "create table crm.evil (business_id uuid not null); alter table crm.evil enable row level security, force row level security",
        "wall_stands"),
    "people_may_insert": (policy("for insert to crm_app with check (true)", "contact_x"), "policy_lets_people_only_read"),
    "people_may_do_all": (policy("for all using (true)", "contact_x"), "policy_lets_people_only_read"),
    "accounts_opened": (policy("for select using (true)", "account_x", "account"), "global_table_is_opened_by_functions_only"),
    "tickets_open_to_technicians": (policy("for select using (true)", "ticket_x", "ticket"), "policy_for_all_rows_is_agreed"),
    "policy_without_a_table_in_its_name": (policy("for select using (false)", "evil"), "policy_is_named_for_its_table"),
    "view_of_the_owner": ("create view crm.evil as select * from crm.contact", "view_looks_with_the_callers_eyes"),
    "materialized_view": ("create materialized view crm.evil as select * from crm.contact", "copy_outside_the_wall"),
    "unlogged_table": ("create unlogged table crm.evil (i integer)", "copy_outside_the_wall"),
    "inherited_table": ("create table crm.evil () inherits (crm.contact)", "copy_outside_the_wall"),
    "rule_on_a_table": ("create rule evil as on update to crm.contact do also select 1", "rule_rewrites_nothing"),
    # the business in rows, keys and references
    "table_without_a_business": ("create table crm.evil (id uuid)", "table_belongs_to_a_business"),
    "business_may_be_null": ("create table crm.evil (business_id uuid)", "table_belongs_to_a_business"),
    "unique_without_business": (f"{TASK} add constraint task_evil unique (title)", "business_leads_every_key"),
    "unique_with_business_last": (f"{TASK} add constraint task_evil unique (title, business_id)", "business_leads_every_key"),
    "unique_index_without_business": ("create unique index task_evil on crm.task (title)", "business_leads_every_index"),
    "index_without_business": ("create index task_evil on crm.task (title)", "business_leads_every_index"),
    "reference_without_business": (
        "alter table crm.member add constraint member_alone unique (id); "
        f"{TASK} drop constraint task_done_by_a_member, add constraint task_evil foreign key (done_by) references crm.member (id)",
        "reference_carries_the_business"),
    "column_without_reference": (f"{TASK} add column given_to uuid", "column_that_names_a_row_is_a_reference"),
    "reference_that_sets_null": (
        f"{TASK} add constraint task_evil foreign key (business_id, contact_id) references crm.contact on delete set null (contact_id)",
        "nothing_goes_with_its_reference"),
    "reference_that_cascades": (
        f"{TASK} add constraint task_evil foreign key (business_id, contact_id) references crm.contact on delete cascade",
        "nothing_goes_with_its_reference"),
    "constraint_not_valid": (f"{TASK} add constraint task_evil check (title <> '') not valid", "constraint_holds_for_every_row"),
    "constraint_not_enforced": (f"{TASK} add constraint task_evil check (title <> '') not enforced", "constraint_holds_for_every_row"),
    "index_left_invalid": (
        "update pg_index set indisvalid = false where indexrelid = 'crm.contact_by_name'::regclass", "index_is_valid"),
    # roles
    "app_bypasses_the_wall": ("alter role crm_app bypassrls", "role_is_harmless"),
    "support_is_a_superuser": ("alter role crm_support superuser", "role_is_harmless"),
    "owner_may_log_in": ("alter role crm_owner login", "role_is_harmless"),
    "owner_bypasses_the_wall": ("alter role crm_owner bypassrls", "role_is_harmless"),
    "app_is_the_owner": ("grant crm_owner to crm_app", "role_is_nobody_else"),
    "support_reads_everything": ("grant pg_read_all_data to crm_support", "role_is_nobody_else"),
    "app_changes_its_settings": ("alter role crm_app set row_security = off", "role_settings_are_the_agreed_ones"),
    "context_kept_in_a_role": ("alter role crm_support set app.context = 'x'", "role_settings_are_the_agreed_ones"),
    "everybody_gets_a_setting": ("alter role all set search_path = public", "role_settings_are_the_agreed_ones"),
    "app_without_a_limit": ("alter role crm_app reset statement_timeout", "role_has_limits"),
    "app_may_fill_the_disk": ("alter role crm_app reset temp_file_limit", "role_cannot_fill_the_disk"),
    "app_owns_a_table": ("alter table crm.task owner to crm_app", "role_owns_nothing"),
    "superuser_owns_a_table": ("alter table crm.task owner to postgres", "object_belongs_to_the_owner"),
    # rights
    **{f"app_may_{verb}": (f"grant {verb} on crm.contact to crm_app", "nobody_writes_a_table")
       for verb in ("insert", "update", "delete", "truncate", "references", "trigger", "maintain")},
    "support_may_update_a_column": ("grant update (name) on crm.contact to crm_support", "nobody_writes_a_table"),
    "public_may_write": ("grant insert on internal.context_key to public", "nobody_writes_a_table"),
    "accounts_readable": ("grant select on crm.account to crm_app", "nobody_reads_what_has_no_wall"),
    "account_column_readable": ("grant select (email) on crm.account to crm_support", "nobody_reads_what_has_no_wall"),
    "keys_readable": ("grant select on internal.context_key to crm_app", "nobody_reads_what_has_no_wall"),
    "partition_readable": ("grant select on crm.audit_entry_default to crm_app", "nobody_reads_what_has_no_wall"),
    "payload_readable": ("grant select on crm.job to crm_support", "nobody_reads_a_secret_column"),
    "account_id_readable": ("grant select on crm.member to crm_app", "account_id_stays_inside"),
    "backup_gets_the_key": ("grant select on internal.context_key to crm_backup", "backup_holds_no_key"),
    "app_makes_tables": ("grant create on schema crm to crm_app", "nobody_makes_anything"),
    "app_makes_temporary_tables": ("grant temporary on database stage to crm_app", "nobody_makes_anything"),
    "app_runs_blocks": ("grant usage on language plpgsql to public", "nobody_makes_anything"),
    "public_uses_a_schema": ("grant usage on schema internal to public", "public_holds_nothing"),
    "public_reads_a_table": ("grant select on crm.contact to public", "public_holds_nothing"),
    "public_connects": ("grant connect on database stage to public", "public_holds_nothing"),
    "rights_are_passed_on": ("grant select on crm.contact to crm_app with grant option", "nobody_passes_rights_on"),
    "new_tables_are_readable": (
        "alter default privileges for role crm_owner in schema crm grant select on tables to crm_app", "new_objects_are_closed"),
    "new_functions_are_public": (
        "alter default privileges for role crm_owner grant execute on functions to public", "new_objects_are_closed"),
    "sequence": ("create sequence crm.evil", "numbers_come_from_a_row"),
    "identity_column": (f"{TASK} add column number bigint generated always as identity", "numbers_come_from_a_row"),
    "extension_callable": ("grant usage on schema extensions to public; "
                           "grant execute on function extensions.hstore(text, text) to public", "extension_is_closed"),
    "sessions_can_be_ended": ("grant execute on function pg_terminate_backend(integer, bigint) to public", "server_side_door_is_closed"),
    "large_objects_open": ("grant execute on function lo_get(oid) to crm_app", "server_side_door_is_closed"),
    "locks_open": ("grant execute on function pg_advisory_lock(bigint) to crm_app", "locks_are_the_houses_own"),
    # functions
    "action_for_public": ("grant execute on function api.member_disable(uuid, boolean) to public", "function_is_closed_to_public"),
    "function_in_c": ("create function internal.evil() returns integer language internal as 'pg_backend_pid'", "function_is_readable_source"),
    "search_path_unpinned": ("alter function internal.context() reset search_path", "function_pins_its_search_path"),
    "search_path_public": ("alter function internal.require(text) set search_path = public", "function_pins_its_search_path"),
    "overload": ("create function internal.require(text, text) returns void language sql as 'select'", "function_exists_once"),
    "function_without_words": ("comment on function internal.require(text) is null", "function_says_what_it_does"),
    "definer_without_a_reason": ("comment on function internal.require(text) is 'Ask for permission.'", "definer_says_why"),
    "definer_of_a_superuser": ("alter function internal.enter(text, boolean, text[], text) owner to postgres", "definer_is_no_superuser"),
    "sql_built_from_text": (
        rewritten("api.contact_archive(uuid, boolean)", r"if v_contact.id", "execute 'select ' || p_contact_id; if v_contact.id"),
        "function_builds_no_sql"),
    "errors_swallowed": (
        rewritten("api.contact_archive(uuid, boolean)", r"end(\s*\$function\$)", r"exception when others then return null; end\1"),
        "function_swallows_no_error"),
    "context_folded_into_plans": ("alter function internal.current_business() immutable", "immutable_reads_nothing"),
    "rows_in_notifications": (
        rewritten("internal.tg_touch()", "return new", "perform pg_notify('wake', new::text); return new"), "notify_says_nothing"),
    "signing_granted": (
        "grant execute on function internal.sign_context(uuid, uuid, text, text, text, integer, text, uuid) to crm_support",
        "internal_function_stays_inside"),
    "signature_granted": ("grant execute on function internal.context_mac(text, text) to crm_app", "internal_function_stays_inside"),
    "security_events_granted": (
        "grant execute on function internal.security_event_record(text, text) to crm_app", "internal_function_stays_inside"),
    "action_out_of_reach": ("revoke execute on function api.contact_archive(uuid, boolean) from crm_app", "api_function_can_be_called"),
    "action_as_the_caller": ("alter function api.contact_archive(uuid, boolean) security invoker", "action_writes_as_the_owner"),
    "action_asks_nobody": (
        rewritten("api.contact_archive(uuid, boolean)", r"perform internal.require\('contact_archive'\);", ""), "action_asks_first"),
    "action_asks_for_another": (
        rewritten("api.contact_archive(uuid, boolean)", r"require\('contact_archive'\)", "require('contact_read')"), "action_asks_first"),
    "action_asks_in_a_comment": (
        rewritten("api.contact_archive(uuid, boolean)", r"(perform internal.require\('contact_archive'\);)", r"-- \1"), "action_asks_first"),
    "action_asks_too_late": (
        rewritten("api.contact_archive(uuid, boolean)", r"(perform internal.require)", r"delete from crm.task; \1"), "action_asks_first"),
    "action_acts_in_its_declarations": (
        rewritten("api.contact_archive(uuid, boolean)", "v_contact crm.contact;", "v_contact crm.contact; v_x text := api.evil();"),
        "action_asks_first"),
    "read_asks_nobody": ("alter function api.contact_archive(uuid, boolean) stable; " + (
        "create or replace function api.contact_peek() returns bigint language plpgsql stable security definer set search_path = '' "
        "as $$ begin return (select count(*) from crm.contact); end $$"), "definer_read_asks_first"),
    "action_without_permission": ("delete from internal.permission where action = 'member_disable'", "action_has_a_permission"),
    "query_without_permission": ("delete from internal.permission where action = 'contact_list'", "query_has_a_permission"),
    "permission_for_nothing": ("insert into internal.permission values ('evil', '{owner}')", "permission_is_for_something"),
    "permission_for_an_unknown_role": (
        "update internal.permission set roles = '{owner,admin}' where action = 'contact_list'", "permission_names_known_roles"),
    "permission_for_nobody": (
        "update internal.permission set roles = '{}' where action = 'contact_list'", "permission_names_known_roles"),
    "model_signs_in": (
        "update internal.permission set model_level = 'unrestricted' where action = 'sign_in_verify'", "permission_of_a_house_action_is_no_model_s"),
    # triggers
    "audit_dropped": ("drop trigger _900_audit on crm.contact", "table_is_audited"),
    "audit_of_inserts_dropped": ("drop trigger _900_audit_insert on crm.contact", "table_is_audited"),
    "audit_of_deletes_dropped": ("drop trigger _900_audit_delete on crm.contact", "table_is_audited"),
    "audit_disabled": ("alter table crm.contact disable trigger _900_audit", "table_is_audited"),
    "audit_of_inserts_only": (
        "create or replace trigger _900_audit after insert on crm.contact for each row execute function internal.tg_audit('')",
        "table_is_audited"),
    "audit_of_some_rows": (
        "create or replace trigger _900_audit after insert or update on crm.contact for each row "
        "when (new.note is null) execute function internal.tg_audit('')", "table_is_audited"),
    "audit_keeps_payloads": (
        "create or replace trigger _900_audit after update on crm.job "
        "for each row execute function internal.tg_audit('', '')", "audit_masks_secrets"),
    "audit_can_be_changed": ("drop trigger _100_append_only on crm.audit_entry", "record_is_append_only"),
    "payments_can_be_deleted": (
        "create or replace trigger _100_append_only before update on crm.payment for each row execute function internal.tg_append_only()",
        "record_is_append_only"),
    "trigger_asleep": ("alter table crm.member disable trigger user", "trigger_is_awake"),
    "trigger_without_a_number": (
        "create trigger evil before update on crm.task for each row execute function internal.tg_touch()", "trigger_is_named_for_its_rule"),
    "month_without_a_partition": (
        "do $$ begin execute format('drop table crm.audit_entry_%s', to_char((now() at time zone 'UTC') + interval '1 month', 'YYYY_MM')); end $$",
        "audit_has_a_partition_for_the_coming_months"),
    # words and types
    "binary_fraction": (f"{TASK} add column price double precision", "column_type_is_exact"),
    "local_time": (f"{TASK} add column seen timestamp", "column_type_is_exact"),
    "table_without_words": ("comment on table crm.task is null", "table_says_what_it_is"),
    "constraint_named_by_the_machine": (f"{TASK} add check (title <> '')", "constraint_is_named_in_words"),
    "rule_without_a_sentence": ("comment on constraint contact_name_is_given on crm.contact is null", "rule_has_a_sentence_for_people"),
    "unique_index_without_a_sentence": ("comment on index crm.service_name_is_used_once is null", "rule_has_a_sentence_for_people"),
    "time_without_bounds": (f"{TASK} add column due_on date", "time_that_people_type_is_finite"),
}  # fmt: skip


def forged(*names: str) -> Probe:
    """One of these contexts is believed."""

    def probe(stage: Stage) -> None:
        for name in names:
            test_contexts.test_forgery_is_refused(stage, name, "crm_app")

    return probe


def action(test: Callable[..., None], name: str) -> Probe:
    return lambda stage: test(stage, actions.load(name, stage))


def changed(how: str) -> Probe:
    """The technician acts, although disabled or given another role."""

    def probe(stage: Stage) -> None:
        test_contexts.change(stage, how)
        test_contexts.test_changed_member_acts_no_more(stage)

    return probe


CONTEXT, PARTS = "internal.context()", "internal.context_parts()"
# what is broken: (how, the attack that then succeeds)
ATTACKS: dict[str, tuple[Breakage, Probe]] = {
    "expiry_unchecked": (rewritten(PARTS, r"to_timestamp\(v_part\[2\]::double precision\) <", "null <"), forged("expired")),
    "signature_unchecked": (
        rewritten(PARTS, r"v_part\[10\] is distinct from", "v_part[10] is null and '' is distinct from"), forged("signature_of_zeros")),
    "another_setting_believed": (
        rewritten(CONTEXT, r"business_id := v_part\[3\]::uuid",
                  "business_id := coalesce(nullif(current_setting('app.business_id', true), ''), v_part[3])::uuid"),
        test_contexts.test_other_settings_are_not_believed),
    "fields_uncounted": (rewritten(PARTS, r"cardinality\(v_part\) <> 10", "false"), forged("unsigned_under_an_unknown_key")),
    "key_never_runs_out": (
        rewritten(PARTS, r"\(k.valid_until is null or k.valid_until > clock_timestamp\(\)\)", "true"),
        test_contexts.test_key_that_has_run_out_signs_nothing),
    "missing_context_is_nobody": (
        rewritten(PARTS, r"raise insufficient_privilege using message = 'No context", "return null; raise insufficient_privilege using message = 'No context"),
        forged("empty")),
    "plain_setting_believed": (
        "create or replace function internal.current_business() returns uuid language sql stable security definer set search_path = '' "
        f"as $$ select coalesce(nullif(split_part(current_setting('app.context', true), '|', 3), '')::uuid, '{TIDY}') $$",
        forged("other_member", "unsigned")),
    "business_of_the_highest_id": (
        "create or replace function internal.current_business() returns uuid language sql stable security definer set search_path = '' "
        "as $$ select business_id from internal.membership order by business_id desc limit 1 $$",
        lambda stage: test_reach.test_people_see_their_own_business_only(stage, "owner", "crm_app")),
    "everybody_sees_everything": (
        rewritten("internal.sees_everything()", r"\(internal.context_parts\(\)\)\[5\] in \(.*?\)", "true"),
        test_reach.test_technician_sees_nothing_of_a_colleagues_visit),
    "visits_without_their_technician": (
        policy("for select using (exists (select from crm.assignment a where a.business_id = ticket.business_id and a.ticket_id = ticket.id))",
               "ticket_technician_own", "ticket"),
        test_reach.test_technician_sees_nothing_of_a_colleagues_visit),
    "wall_without_check_in_functions": (
        policy(f"as restrictive using ({WALL}) with check (true)"),
        lambda stage: test_reach.test_wall_stands_for_the_owner_of_the_tables(stage, actions.ACTORS["owner"])),
    "owner_walks_round_the_wall": (
        "alter table crm.contact no force row level security",
        lambda stage: test_reach.test_wall_stands_for_the_owner_of_the_tables(stage, actions.ACTORS["owner"])),
    "members_unchecked": (
        rewritten("internal.require_member(uuid, uuid, text)", r"not exists \(", "not exists (select 1) and not exists ("), changed("disabled")),
    "roles_of_members_unchecked": (
        rewritten("internal.require_member(uuid, uuid, text)", "and m.role = p_role", ""), changed("made_office")),
    "roles_unchecked": (
        rewritten("internal.require(text)", r"or v_actor.role <> all \(v_permission.roles\)", ""),
        action(test_actions.test_is_for_exactly_its_roles, "member_disable")),
    "actions_without_permission_allowed": (
        rewritten("internal.require(text)", r"v_permission.action is null or", ""),
        test_actions.test_action_without_a_row_is_refused),
    "reasoning_unchecked": (
        rewritten("internal.require(text)", "'soft_limit'", "'no limit'"),
        action(test_actions.test_obeys_its_level_for_models, "contact_archive")),
    "authorization_unchecked": (
        rewritten("internal.require(text)", "'requires_authorization'", "'no limit'"),
        action(test_actions.test_obeys_its_level_for_models, "member_invite")),
    "weaker_right_asked_for": (
        rewritten("api.member_disable(uuid, boolean)", r"require\('member_disable'\)", "require('contact_list')"),
        action(test_actions.test_is_for_exactly_its_roles, "member_disable")),
    "statements_not_asked_for": (
        rewritten("internal.enter(text, boolean, text[], text)", "where not exists", "where false and not exists"),
        test_contexts.test_statement_without_a_permission_is_not_entered),
    "reads_that_write": (
        rewritten("internal.enter(text, boolean, text[], text)", "if p_read_only then", "if false then"),
        test_contexts.test_read_only_unit_stays_read_only),
    "work_of_strangers_finished": (
        rewritten("api.job_finish(uuid, uuid)", r"q.business_id = internal.current_business\(\) and", ""),
        action(test_actions.test_finds_nothing_of_another_business, "job_finish")),
    "words_without_limit": (
        "alter table crm.note drop constraint note_body_is_given",
        action(test_actions.test_survives_hostile_values, "note_update")),
    "disabled_members_keep_their_membership": (
        "drop trigger _500_membership on crm.member", test_contexts.test_disabled_member_is_not_listed_at_sign_in),
    "memberships_of_everybody": (
        rewritten("api.membership_list(uuid)", r"m.account_id = p_account_id and m.active", "m.active"),
        test_oracles.test_members_hear_of_their_own_businesses_only),
}  # fmt: skip


def run(stage: Stage, breakage: Breakage) -> None:
    if callable(breakage):
        breakage(stage)
    else:
        stage.connection.execute(breakage.encode())
