create or replace function api.series_pause(p_series_id uuid, p_from date, p_until date default null) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_series crm.series;
    v_set crm.change_set;
begin
    perform internal.require('series_pause');
    v_series := internal.series_lock(p_series_id);
    if p_from is null then
        perform internal.refuse('series_paused_from_is_given', 'Say from which day on it pauses.');
    elsif p_from < internal.series_today(v_series.time_zone) then
        perform internal.refuse('series_paused_from_is_not_behind_us', 'This day is over.', 'Choose today or a later day.');
    end if;
    v_set.id := internal.change_set_begin('series');
    update crm.series s set paused_from = p_from, paused_until = p_until where s.business_id = v_series.business_id and s.id = v_series.id
    returning * into v_series;
    perform internal.series_cancel_breaks(v_series, 'The series is paused.');
    perform internal.series_fill(v_series);
    perform set_config('app.change_set', '', true);
    select * into v_set from crm.change_set s where s.business_id = v_series.business_id and s.id = v_set.id;
    return v_set;
end $$;
comment on function api.series_pause(uuid, date, date) is
    'Pause a series from a day to a day, both included, or until further notice: its visits then are cancelled, but for those moved by hand. An earlier pause is replaced by this one. Returns the change set by which series_undo takes it back. Definer: writes.';
grant execute on function api.series_pause(uuid, date, date) to crm_app, crm_support;
