create or replace function internal.series_cancel_breaks(p_series crm.series, p_reason text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.series_take_back(t.id, p_reason)
    from crm.ticket t
    where t.business_id = p_series.business_id and t.series_id = p_series.id and t.status = 'scheduled' and not t.moved_by_hand
      and internal.series_has_break(p_series, t.occurrence_on);
end $$;
comment on function internal.series_cancel_breaks(crm.series, text) is
    'Take back the visits of days on which a series is paused now, or has ended by. What was moved by hand stays.';
