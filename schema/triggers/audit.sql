-- Every tenant table is audited; a new one cannot be forgotten. The arguments name columns that say
-- nothing (ignored), columns that must not be kept a second time (masked), and columns that are said though they stay (kept).
do $$
declare
    v_table record;
begin
    for v_table in
        select c.relname as name,
               'updated_at,created_at,name_key,phone_digits,other_digits,phone_key,other_key,street_key'
                   -- Counts that go up with every few hundred rows, or with what is written here anyway, and when somebody looked.
                   || case c.relname when 'contact_import' then ',created,updated,skipped,failed,done_rows,undone,kept'
                       when 'ticket' then ',revision' when 'feed' then ',last_read_at' else '' end as ignored,
               case c.relname when 'job' then 'payload,last_error' when 'file_content' then 'content,thumbnail'
                   when 'proposal' then 'value,words,old_value' when 'saved_list' then 'name,query'
                   when 'message' then 'subject,body,last_error' when 'ticket_link' then 'token_hash' else '' end as masked,
               -- Of several technicians of a visit the audit says whom it means: its row is the visit.
               case c.relname when 'assignment' then 'member_id' else '' end as kept
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id'
        where c.relnamespace = 'crm'::regnamespace and c.relkind = 'r' and not c.relispartition
          -- Records of what happened audit themselves; an export is a copy.
          and c.relname not in ('security_event', 'data_export_part', 'contact_import_row', 'done_action')
    loop
        -- Changes row by row, which pairs old and new; what is added or removed once for a statement, however many rows it has.
        execute format('create or replace trigger _900_audit after update on crm.%I '
                       'for each row execute function internal.tg_audit(%L, %L, %L)', v_table.name, v_table.ignored, v_table.masked, v_table.kept);
        execute format('create or replace trigger _900_audit_insert after insert on crm.%I referencing new table as new_rows '
                       'for each statement execute function internal.tg_audit_rows(%L, %L)', v_table.name, v_table.ignored, v_table.masked);
        execute format('create or replace trigger _900_audit_delete after delete on crm.%I referencing old table as old_rows '
                       'for each statement execute function internal.tg_audit_rows(%L, %L)', v_table.name, v_table.ignored, v_table.masked);
    end loop;
end $$;

create or replace trigger _100_append_only before update or delete on crm.audit_entry
    for each row execute function internal.tg_append_only();
create or replace trigger _101_append_only before truncate on crm.audit_entry
    for each statement execute function internal.tg_append_only();
create or replace trigger _100_append_only before update or delete on crm.security_event
    for each row execute function internal.tg_append_only();
create or replace trigger _101_append_only before truncate on crm.security_event
    for each statement execute function internal.tg_append_only();
create or replace trigger _100_append_only before update or delete on crm.payment
    for each row execute function internal.tg_append_only();
create or replace trigger _101_append_only before truncate on crm.payment
    for each statement execute function internal.tg_append_only();
create or replace trigger _100_append_only before update or delete on crm.erasure
    for each row execute function internal.tg_append_only();
create or replace trigger _101_append_only before truncate on crm.erasure
    for each statement execute function internal.tg_append_only();
