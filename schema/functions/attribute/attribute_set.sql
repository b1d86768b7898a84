create or replace function api.attribute_set(p_contact_id uuid, p_key text, p_value text) returns crm.attribute
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_attribute crm.attribute;
begin
    perform internal.require('attribute_set');
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = p_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    insert into crm.attribute (contact_id, key, value) values (p_contact_id, lower(p_key), p_value)
    on conflict on constraint attribute_is_set_once do update
    set value = excluded.value, source = 'typed', words = null, ticket_id = null
    returning * into v_attribute;
    return v_attribute;
end $$;
comment on function api.attribute_set(uuid, text, text) is 'Set a fact about a contact by hand, such as pet: spaniel, Pip. Definer: writes.';
grant execute on function api.attribute_set(uuid, text, text) to crm_app, crm_support;
