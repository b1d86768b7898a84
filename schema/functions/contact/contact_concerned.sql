create or replace function internal.contact_concerned(p_contact_id uuid, p_ticket_id uuid) returns uuid
language plpgsql stable set search_path = ''
as $$
declare
    v_contact_id uuid := p_contact_id;
begin
    if p_ticket_id is not null then
        select t.contact_id into v_contact_id from crm.ticket t
        where t.business_id = internal.current_business() and t.id = p_ticket_id and t.contact_id = coalesce(p_contact_id, t.contact_id);
        if v_contact_id is null then perform internal.not_found('ticket'); end if;
    end if;
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = v_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    return v_contact_id;
end $$;
comment on function internal.contact_concerned(uuid, uuid) is
    'Whom a note or a file is about: the contact that is named, or the one of the visit. Not found when the member may not see them, or the visit is somebody else''s.';
