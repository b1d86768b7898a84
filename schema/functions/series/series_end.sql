create or replace function api.series_end(p_series_id uuid, p_on date) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_series crm.series;
    v_set crm.change_set;
begin
    perform internal.require('series_end');
    v_series := internal.series_lock(p_series_id);
    if p_on is null then
        perform internal.refuse('series_ended_on_is_given', 'Say from which day on there are no visits.');
    elsif p_on < internal.series_today(v_series.time_zone) then
        perform internal.refuse('series_ended_on_is_not_behind_us', 'This day is over.', 'Choose today or a later day.');
    end if;
    v_set.id := internal.change_set_begin('series');
    update crm.series s set ended_on = p_on, ended_at = internal.now() where s.business_id = v_series.business_id and s.id = v_series.id
    returning * into v_series;
    perform internal.series_cancel_breaks(v_series, 'The series has ended.');
    perform set_config('app.change_set', '', true);
    select * into v_set from crm.change_set s where s.business_id = v_series.business_id and s.id = v_set.id;
    return v_set;
end $$;
comment on function api.series_end(uuid, date) is
    'End a series: from this day on it has no visits, and those that it had are cancelled, but for those moved by hand. Returns the change set by which series_undo takes it back. Definer: writes.';
grant execute on function api.series_end(uuid, date) to crm_app, crm_support;
