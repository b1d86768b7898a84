create or replace function internal.series_next(p_series crm.series) returns crm.ticket
language sql stable set search_path = ''
as $$
    select t.* from crm.ticket t
    where t.business_id = p_series.business_id and t.series_id = p_series.id and t.status = 'scheduled'
      and t.occurrence_on >= internal.series_today(p_series.time_zone)
    order by t.occurrence_on limit 1;
$$;
comment on function internal.series_next(crm.series) is 'The next visit of a series that is still open.';
