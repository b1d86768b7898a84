create or replace function api.data_export_part(p_data_export_id uuid, p_number integer)
returns table (noun text, number integer, as_csv bytea, as_json bytea)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('data_export_part');
    return query
        select p.noun, p.number, p.as_csv, p.as_json
        from crm.data_export e join crm.data_export_part p on p.business_id = e.business_id and p.data_export_id = e.id
        where e.business_id = internal.current_business() and e.id = p_data_export_id and e.state = 'done' and p.number >= p_number
        order by p.number limit 1;
end $$;
comment on function api.data_export_part(uuid, integer) is
    'The next part of a finished export, from a number on. Definer: nobody reads the parts but through here.';
grant execute on function api.data_export_part(uuid, integer) to crm_app;
