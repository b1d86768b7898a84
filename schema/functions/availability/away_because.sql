create or replace function internal.away_because(p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_ends_at timestamptz) returns text
language plpgsql stable set search_path = ''
as $$
declare
    v_business crm.business := (select b from crm.business b where b.business_id = p_business_id);
    v_name text;
    v_off record;
    v_fits boolean;
    v_hours text;
begin
    select m.name into v_name from crm.member m where m.business_id = p_business_id and m.id = p_member_id;
    select o.member_id, o.reason into v_off from crm.time_off o
    where o.business_id = p_business_id and (o.member_id = p_member_id or o.member_id is null) and o.starts_at < p_ends_at and o.ends_at > p_starts_at
    order by o.member_id is null, o.starts_at limit 1;
    if found then
        return case when v_off.member_id is null then 'The business is closed then' else format('%s has time off then', v_name) end
            || coalesce(' (' || v_off.reason || ')', '') || '.';
    end if;
    -- Who has never said when they work is never out of hours.
    if not exists (select from crm.working_hours w where w.business_id = p_business_id and (w.member_id = p_member_id or w.member_id is null)) then
        return null;
    end if;
    select bool_or(s.starts_at <= p_starts_at and s.ends_at >= p_ends_at),
        string_agg(internal.clock_words(v_business, 'en', s.starts_at) || ' to ' || internal.clock_words(v_business, 'en', s.ends_at), ', ')
    into v_fits, v_hours
    from internal.at_work(p_business_id, array[p_member_id], (p_starts_at at time zone v_business.time_zone)::date, 1) s;
    return case when v_fits then null
        when v_hours is null then format('%s does not work on %ss.', v_name, to_char(p_starts_at at time zone v_business.time_zone, 'FMDay'))
        else format('%s works %s that day.', v_name, v_hours) end;
end $$;
comment on function internal.away_because(uuid, uuid, timestamptz, timestamptz) is
    'Why somebody is not at work at a time, in a sentence: a holiday, time off, or their working hours. Null when they are.';
