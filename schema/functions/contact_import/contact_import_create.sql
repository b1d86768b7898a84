create or replace function api.contact_import_create(
    p_file_name text, p_file_kind text, p_preset text, p_columns text[], p_mapping text[])
returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
begin
    perform internal.require('contact_import_create');
    insert into crm.contact_import (file_name, file_kind, preset, columns, mapping)
    values (p_file_name, coalesce(p_file_kind, 'csv'), p_preset, array(select left(c, 200) from unnest(p_columns) c), p_mapping)
    returning * into v_import;
    return v_import;
end $$;
comment on function api.contact_import_create(text, text, text, text[], text[]) is
    'Begin to move customers in from a file: its columns, and for each where it goes (a field, attribute:<key> for a fact, or nothing). Nothing is imported yet. Definer: writes.';
grant execute on function api.contact_import_create(text, text, text, text[], text[]) to crm_app, crm_support;
