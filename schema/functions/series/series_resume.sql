create or replace function api.series_resume(p_series_id uuid) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_series crm.series;
    v_set crm.change_set;
    v_today date;
begin
    perform internal.require('series_resume');
    v_series := internal.series_lock(p_series_id);
    v_today := internal.series_today(v_series.time_zone);
    if v_series.paused_from is null or v_series.paused_until < v_today then
        perform internal.refuse('series_resume_is_of_a_pause', 'This series is not paused.');
    end if;
    v_set.id := internal.change_set_begin('series');
    -- What has been of the pause stays on record.
    update crm.series s set paused_from = case when s.paused_from < v_today then s.paused_from end,
        paused_until = case when s.paused_from < v_today then v_today - 1 end
    where s.business_id = v_series.business_id and s.id = v_series.id
    returning * into v_series;
    perform internal.series_fill(v_series);
    perform set_config('app.change_set', '', true);
    select * into v_set from crm.change_set s where s.business_id = v_series.business_id and s.id = v_set.id;
    return v_set;
end $$;
comment on function api.series_resume(uuid) is
    'End the pause of a series today: its visits from today on are made again. Returns the change set by which series_undo takes it back. Definer: writes.';
grant execute on function api.series_resume(uuid) to crm_app, crm_support;
