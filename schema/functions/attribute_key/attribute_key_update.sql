create or replace function api.attribute_key_update(p_attribute_key_id uuid, p_kind text, p_section text) returns crm.attribute_key
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_key crm.attribute_key;
    v_unfit text;
begin
    perform internal.require('attribute_key_update');
    select a.value into v_unfit
    from crm.attribute_key k join crm.attribute a on a.business_id = k.business_id and a.key = k.key
    where k.business_id = internal.current_business() and k.id = p_attribute_key_id and k.kind <> p_kind
      and not internal.is_attribute_value(p_kind, internal.attribute_value(p_kind, a.value))
    limit 1;
    if found then
        perform internal.refuse('attribute_key_kind_fits_its_values',
            format('“%s” is already written down, and cannot be read so.', left(v_unfit, 60)), 'Change it first, or choose words.');
    end if;
    update crm.attribute_key k set kind = p_kind, section = p_section
    where k.business_id = internal.current_business() and k.id = p_attribute_key_id
    returning * into v_key;
    if v_key.id is null then perform internal.not_found('attribute_key'); end if;
    return v_key;
end $$;
comment on function api.attribute_key_update(uuid, text, text) is
    'Say what the values of a fact''s name are, and under which heading it stands. Refused when a value that is there is not of that kind. Definer: writes.';
grant execute on function api.attribute_key_update(uuid, text, text) to crm_app, crm_support;
