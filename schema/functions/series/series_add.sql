create or replace function internal.series_add(p_series crm.series, p_member_ids uuid[], p_services jsonb) returns crm.series
language plpgsql volatile set search_path = ''
as $$
declare
    v_services jsonb := coalesce(p_services, '[]');
    v_missing boolean;
begin
    insert into crm.series (contact_id, address_id, follows_id, first_on, starts_at_wall, minutes, time_zone, every, unit, weekdays, monthly_by,
                            nth, until_on, count, instructions, arrival_minutes, paused_from, paused_until)
    values (p_series.contact_id, p_series.address_id, p_series.follows_id, p_series.first_on, p_series.starts_at_wall, p_series.minutes,
            p_series.time_zone, p_series.every, p_series.unit, p_series.weekdays, p_series.monthly_by, p_series.nth, p_series.until_on,
            p_series.count, p_series.instructions, p_series.arrival_minutes, p_series.paused_from, p_series.paused_until)
    returning * into p_series;
    select exists (select from unnest(p_member_ids) x where not exists (
        select from crm.member m where m.business_id = p_series.business_id and m.id = x and m.disabled_at is null)) into v_missing;
    if v_missing then perform internal.not_found('member'); end if;
    insert into crm.series_member (series_id, member_id) select distinct p_series.id, x from unnest(p_member_ids) x;
    select exists (select from jsonb_to_recordset(v_services) as x(id uuid) where not exists (
        select from crm.service s where s.business_id = p_series.business_id and s.id = x.id and s.archived_at is null)) into v_missing;
    if v_missing then perform internal.not_found('service'); end if;
    insert into crm.series_service (series_id, service_id, position, quantity, unit_price_minor)
    select p_series.id, x.id, row_number() over (), coalesce(x.quantity, 1), x.unit_price_minor
    from jsonb_to_recordset(v_services) as x(id uuid, quantity numeric, unit_price_minor bigint);
    return p_series;
end $$;
comment on function internal.series_add(crm.series, uuid[], jsonb) is 'Write a series down with its technicians and its work; no visit is made yet.';
