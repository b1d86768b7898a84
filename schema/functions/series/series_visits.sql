create or replace function api.series_visits(p_series_id uuid)
returns table (id uuid, status text, starts_at timestamptz, ends_at timestamptz, occurrence_on date, moved_by_hand boolean, note text, technicians text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('series_visits');
    return query
    select t.id, t.status, t.starts_at, t.ends_at, t.occurrence_on, t.moved_by_hand,
        case when not t.moved_by_hand then internal.series_note(s, t.occurrence_on) end,
        (select string_agg(m.name, ', ' order by m.name) from crm.assignment a
         join crm.member m on m.business_id = a.business_id and m.id = a.member_id
         where a.business_id = t.business_id and a.ticket_id = t.id)
    from crm.series s join crm.ticket t on t.business_id = s.business_id and t.series_id = s.id and t.occurrence_on is not null
    where s.business_id = internal.current_business() and s.id = p_series_id
      and greatest(t.occurrence_on, (t.starts_at at time zone s.time_zone)::date) >= internal.series_today(s.time_zone)
    order by t.starts_at, t.id limit 12;
end $$;
comment on function api.series_visits(uuid) is
    'The next visits of a series, those that are done or left out among them, with what there is to say of their days. Definer: works the days out.';
grant execute on function api.series_visits(uuid) to crm_app, crm_support;
