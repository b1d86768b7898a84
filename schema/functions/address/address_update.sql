create or replace function api.address_update(
    p_address_id uuid, p_label text, p_street text, p_city text, p_region text, p_postcode text, p_access_note text)
returns crm.address
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_address crm.address;
begin
    perform internal.require('address_update');
    update crm.address a set label = p_label, street = p_street, city = p_city, region = p_region,
        postcode = p_postcode, access_note = p_access_note
    where a.business_id = internal.current_business() and a.id = p_address_id
    returning * into v_address;
    if v_address.id is null then perform internal.not_found('address'); end if;
    return v_address;
end $$;
comment on function api.address_update(uuid, text, text, text, text, text, text) is 'Change an address. Definer: writes.';
grant execute on function api.address_update(uuid, text, text, text, text, text, text) to crm_app, crm_support;
