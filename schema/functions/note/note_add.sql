create or replace function api.note_add(p_contact_id uuid, p_body text, p_ticket_id uuid default null) returns crm.note
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact_id uuid := p_contact_id;
    v_note crm.note;
begin
    perform internal.require('note_add');
    if p_ticket_id is not null then
        select t.contact_id into v_contact_id from crm.ticket t
        where t.business_id = internal.current_business() and t.id = p_ticket_id and t.contact_id = coalesce(p_contact_id, t.contact_id);
        if v_contact_id is null then perform internal.not_found('ticket'); end if;
    end if;
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = v_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    insert into crm.note (contact_id, ticket_id, body) values (v_contact_id, p_ticket_id, coalesce(p_body, '')) returning * into v_note;
    return v_note;
end $$;
comment on function api.note_add(uuid, text, uuid) is
    'Write a note about a contact, or about one of their visits, open or closed. Card and social security numbers are removed. Definer: writes.';
grant execute on function api.note_add(uuid, text, uuid) to crm_app, crm_support;
