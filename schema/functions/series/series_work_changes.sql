create or replace function internal.series_work_changes(p_series_id uuid, p_services jsonb) returns boolean
language sql stable set search_path = ''
as $$
    select coalesce((
        select jsonb_agg(jsonb_build_array(s.service_id, s.quantity, s.unit_price_minor) order by s.position) from crm.series_service s
        where s.business_id = internal.current_business() and s.series_id = p_series_id), '[]')
    <> coalesce((
        select jsonb_agg(jsonb_build_array(x.id, coalesce(x.quantity, 1)::numeric(10, 2), x.unit_price_minor))
        from jsonb_to_recordset(coalesce(p_services, '[]')) as x(id uuid, quantity numeric, unit_price_minor bigint)), '[]');
$$;
comment on function internal.series_work_changes(uuid, jsonb) is 'Whether this is another work than what is done at each visit of the series now.';
