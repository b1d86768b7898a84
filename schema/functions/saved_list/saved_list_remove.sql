create or replace function api.saved_list_remove(p_saved_list_id uuid) returns crm.saved_list
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_saved crm.saved_list;
begin
    perform internal.require('saved_list_remove');
    delete from crm.saved_list s
    where s.business_id = internal.current_business() and s.id = p_saved_list_id
    returning * into v_saved;
    if v_saved.id is null then perform internal.not_found('saved_list'); end if;
    return v_saved;
end $$;
comment on function api.saved_list_remove(uuid) is 'Forget a saved list; the people on it stay as they are. Definer: writes.';
grant execute on function api.saved_list_remove(uuid) to crm_app, crm_support;
