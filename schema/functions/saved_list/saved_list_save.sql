create or replace function api.saved_list_save(p_name text, p_query text) returns crm.saved_list
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_saved crm.saved_list;
begin
    perform internal.require('saved_list_save');
    insert into crm.saved_list (name, query) values (p_name, p_query)
    on conflict (business_id, lower(name collate pg_catalog.pg_c_utf8)) do update
    set name = excluded.name, query = excluded.query, made_by = excluded.made_by
    returning * into v_saved;
    return v_saved;
end $$;
comment on function api.saved_list_save(text, text) is
    'Keep what the contact list is narrowed to, such as place=35758&quiet=6, under a name; a list of that name becomes this one. Definer: writes.';
grant execute on function api.saved_list_save(text, text) to crm_app, crm_support;
