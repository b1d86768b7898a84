create or replace function api.attribute_remove(p_attribute_id uuid) returns crm.attribute
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_attribute crm.attribute;
begin
    perform internal.require('attribute_remove');
    delete from crm.attribute a
    where a.business_id = internal.current_business() and a.id = p_attribute_id
    returning * into v_attribute;
    if v_attribute.id is null then perform internal.not_found('attribute'); end if;
    return v_attribute;
end $$;
comment on function api.attribute_remove(uuid) is 'Remove a fact about a contact; the audit keeps it. Definer: writes.';
grant execute on function api.attribute_remove(uuid) to crm_app, crm_support;
