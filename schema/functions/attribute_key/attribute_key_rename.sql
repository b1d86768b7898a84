create or replace function api.attribute_key_rename(p_attribute_key_id uuid, p_key text) returns crm.attribute_key
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_key crm.attribute_key;
    v_into crm.attribute_key;
begin
    perform internal.require('attribute_key_rename');
    select * into v_key from crm.attribute_key k where k.business_id = v_business and k.id = p_attribute_key_id for update;
    if v_key.id is null then perform internal.not_found('attribute_key'); end if;
    select * into v_into from crm.attribute_key k where k.business_id = v_business and k.key = lower(p_key) and k.id <> v_key.id for update;
    if v_into.id is null then
        update crm.attribute_key k set key = lower(p_key) where k.business_id = v_business and k.id = v_key.id returning * into v_into;
        return v_into;
    end if;
    -- Who has both keeps both, in one value, where that is possible; what was there stays where it is not.
    update crm.attribute a set value = left(a.value || ', ' || o.value, 300)
    from crm.attribute o
    where a.business_id = v_business and a.key = v_into.key and v_into.kind in ('text', 'list')
      and o.business_id = v_business and o.key = v_key.key and o.contact_id = a.contact_id and lower(o.value) <> lower(a.value);
    delete from crm.attribute o using crm.attribute a
    where o.business_id = v_business and o.key = v_key.key
      and a.business_id = v_business and a.key = v_into.key and a.contact_id = o.contact_id;
    update crm.attribute a set key = v_into.key where a.business_id = v_business and a.key = v_key.key;
    delete from crm.attribute_key k where k.business_id = v_business and k.id = v_key.id;
    return v_into;
end $$;
comment on function api.attribute_key_rename(uuid, text) is
    'Give facts another name for the whole business. A name that is used already takes these facts in: values of who has both are joined by a comma. Definer: writes.';
grant execute on function api.attribute_key_rename(uuid, text) to crm_app, crm_support;
