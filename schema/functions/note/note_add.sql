create or replace function api.note_add(p_contact_id uuid, p_body text, p_ticket_id uuid default null) returns crm.note
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact_id uuid;
    v_note crm.note;
begin
    perform internal.require('note_add');
    v_contact_id := internal.contact_concerned(p_contact_id, p_ticket_id);
    insert into crm.note (contact_id, ticket_id, body) values (v_contact_id, p_ticket_id, coalesce(p_body, '')) returning * into v_note;
    return v_note;
end $$;
comment on function api.note_add(uuid, text, uuid) is
    'Write a note about a contact, or about one of their visits, open or closed. Card and social security numbers are removed. Definer: writes.';
grant execute on function api.note_add(uuid, text, uuid) to crm_app, crm_support;
