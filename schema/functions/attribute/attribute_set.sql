create or replace function api.attribute_set(p_contact_id uuid, p_key text, p_value text, p_kind text default null) returns crm.attribute
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_attribute crm.attribute;
begin
    perform internal.require('attribute_set');
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = p_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    -- Only a new name takes a kind from here: what others stand under is changed where all of them are seen.
    insert into crm.attribute_key (key, kind) select lower(p_key), coalesce(p_kind, 'text') where p_key is not null
    on conflict on constraint attribute_key_is_used_once do nothing;
    insert into crm.attribute (contact_id, key, value) values (p_contact_id, lower(p_key), p_value)
    on conflict on constraint attribute_is_set_once do update
    set value = excluded.value, source = 'typed', words = null, ticket_id = null
    returning * into v_attribute;
    return v_attribute;
end $$;
comment on function api.attribute_set(uuid, text, text, text) is
    'Set a fact about a contact by hand, such as pet: spaniel, Pip. The kind (text, number, yes_no, date, list) is taken for a name not used before. Definer: writes.';
grant execute on function api.attribute_set(uuid, text, text, text) to crm_app, crm_support;
