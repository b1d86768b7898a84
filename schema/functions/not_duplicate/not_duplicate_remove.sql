create or replace function api.not_duplicate_remove(p_contact_id uuid, p_other_id uuid) returns crm.not_duplicate
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_pair crm.not_duplicate;
begin
    perform internal.require('not_duplicate_remove');
    delete from crm.not_duplicate n
    where n.business_id = internal.current_business() and n.contact_id = least(p_contact_id, p_other_id) and n.other_id = greatest(p_contact_id, p_other_id)
    returning * into v_pair;
    if v_pair.contact_id is null then perform internal.not_found('pair'); end if;
    return v_pair;
end $$;
comment on function api.not_duplicate_remove(uuid, uuid) is
    'Take back that two contacts are not the same: they may be shown as likely duplicates again. Definer: writes.';
grant execute on function api.not_duplicate_remove(uuid, uuid) to crm_app, crm_support;
