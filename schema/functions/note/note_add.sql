create or replace function api.note_add(p_contact_id uuid, p_body text, p_ticket_id uuid default null, p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.note
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact_id uuid;
    v_note crm.note;
    v_at timestamptz;
begin
    perform internal.require('note_add');
    v_contact_id := internal.contact_concerned(p_contact_id, p_ticket_id);
    v_at := internal.action_begin(p_action_id, 'note_add', p_ticket_id, p_happened_at);
    if v_at is null then
        select * into v_note from crm.note n where n.business_id = internal.current_business() and n.id = p_action_id;
        return v_note;
    end if;
    insert into crm.note (id, contact_id, ticket_id, body, created_at)
    values (coalesce(p_action_id, uuidv7()), v_contact_id, p_ticket_id, coalesce(p_body, ''), v_at)
    returning * into v_note;
    return v_note;
end $$;
comment on function api.note_add(uuid, text, uuid, uuid, timestamptz) is
    'Write a note about a contact, or about one of their visits, open or closed; an action''s id becomes the note''s. Card and social security numbers are removed. Definer: writes.';
grant execute on function api.note_add(uuid, text, uuid, uuid, timestamptz) to crm_app, crm_support;
