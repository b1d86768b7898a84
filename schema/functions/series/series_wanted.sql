create or replace function internal.series_wanted(
    p_starts_at time, p_minutes integer, p_unit text, p_every integer, p_weekdays smallint[], p_monthly_by text, p_nth integer, p_until_on date,
    p_count integer, p_address_id uuid, p_instructions text)
returns crm.series
language plpgsql immutable set search_path = ''
as $$
declare
    v_series crm.series;
begin
    v_series.starts_at_wall := p_starts_at;
    v_series.minutes := p_minutes;
    v_series.unit := p_unit;
    v_series.every := p_every;
    v_series.weekdays := p_weekdays;
    v_series.monthly_by := p_monthly_by;
    v_series.nth := p_nth;
    v_series.until_on := p_until_on;
    v_series.count := p_count;
    v_series.address_id := p_address_id;
    v_series.instructions := p_instructions;
    return v_series;
end $$;
comment on function internal.series_wanted(time, integer, text, integer, smallint[], text, integer, date, integer, uuid, text) is
    'What was said of a series, as a row of it.';
