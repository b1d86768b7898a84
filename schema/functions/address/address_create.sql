create or replace function api.address_create(
    p_contact_id uuid, p_label text, p_street text, p_city text, p_region text, p_postcode text, p_access_note text)
returns crm.address
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_address crm.address;
begin
    perform internal.require('address_create');
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = p_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    insert into crm.address (contact_id, label, street, city, region, postcode, access_note)
    values (p_contact_id, p_label, p_street, p_city, p_region, p_postcode, p_access_note)
    returning * into v_address;
    return v_address;
end $$;
comment on function api.address_create(uuid, text, text, text, text, text, text) is 'Add a place where work is done for a contact. Definer: writes.';
grant execute on function api.address_create(uuid, text, text, text, text, text, text) to crm_app, crm_support;
