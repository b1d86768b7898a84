create or replace function internal.audit_read(p_table_name text, p_row_id uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_actor record := internal.context();
begin
    insert into crm.audit_entry (business_id, member_id, role, kind, source, grant_id, request_id, reasoning, table_name, row_id, operation, contact_id)
    values (v_actor.business_id, v_actor.member_id, v_actor.role, v_actor.kind, v_actor.source, v_actor.grant_id, v_actor.request_id,
            left(internal.redact(nullif(current_setting('app.reasoning', true), '')), 2000), p_table_name, p_row_id::text, 'read',
            case when p_table_name = 'contact' then p_row_id end);
end $$;
comment on function internal.audit_read(text, uuid) is
    'Write that somebody took a whole record out of the house. Definer: nobody else may write the audit.';
