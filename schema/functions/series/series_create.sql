create or replace function api.series_create(
    p_contact_id uuid, p_address_id uuid, p_first_on date, p_starts_at time, p_minutes integer, p_unit text default 'week', p_every integer default 1,
    p_weekdays smallint[] default null, p_monthly_by text default null, p_nth integer default null, p_until_on date default null,
    p_count integer default null, p_rrule text default null, p_member_ids uuid[] default '{}', p_services jsonb default '[]',
    p_instructions text default null, p_arrival_minutes integer default null)
returns crm.series
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_series crm.series;
begin
    perform internal.require('series_create');
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = p_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    perform internal.refuse_archived_contact(internal.current_business(), p_contact_id);
    p_minutes := coalesce(p_minutes, internal.visit_minutes(internal.current_business(), array(
        select (s.service ->> 'id')::uuid from jsonb_array_elements(p_services) s(service))));
    v_series := internal.series_wanted(p_starts_at, p_minutes, p_unit, p_every, p_weekdays, p_monthly_by, p_nth, p_until_on, p_count, p_address_id, p_instructions);
    v_series.arrival_minutes := p_arrival_minutes;
    v_series.contact_id := p_contact_id;
    v_series.first_on := p_first_on;
    v_series.time_zone := (select b.time_zone from crm.business b where b.business_id = internal.current_business());
    v_series := internal.series_add(internal.series_wish(v_series, p_rrule), p_member_ids, p_services);
    perform from internal.series_lock(v_series.id);
    perform internal.series_fill(v_series);
    perform internal.enqueue('series_horizon', (internal.series_today('UTC') + 1)::text, '{}', internal.now() + interval '1 day');
    return v_series;
end $$;
comment on function api.series_create(uuid, uuid, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid[], jsonb, text, integer) is
    'Book a repeating visit: its wall time, minutes (without any as long as its services take), and a rule: every so many units (day, week, month, year); weekdays 1 to 7 from Monday; in months and years monthly_by day or nth_weekday with nth; until a day or a count of visits, or open. Or the rule as RFC 5545 text, which is taken instead. Customers are told to expect the technician within arrival minutes, or as the business does. Services: [{id, quantity, unit_price_minor}]. Visits are made a year ahead, each day further. Definer: writes.';
grant execute on function api.series_create(uuid, uuid, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid[], jsonb, text, integer) to crm_app, crm_support;
