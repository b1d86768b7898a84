create or replace function api.contact_archive(p_contact_id uuid, p_archived boolean) returns crm.contact
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    perform internal.require('contact_archive');
    update crm.contact c set archived_at = case when p_archived then coalesce(c.archived_at, internal.now()) end
    where c.business_id = internal.current_business() and c.id = p_contact_id
    returning * into v_contact;
    if v_contact.id is null then perform internal.not_found('contact'); end if;
    return v_contact;
end $$;
comment on function api.contact_archive(uuid, boolean) is
    'Take a contact off the list, or put it back. Nothing is lost: visits and invoices keep it. Definer: writes.';
grant execute on function api.contact_archive(uuid, boolean) to crm_app, crm_support;
