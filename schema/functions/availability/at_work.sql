create or replace function internal.at_work(p_business_id uuid, p_member_ids uuid[], p_from date, p_days integer)
returns table (member_id uuid, day date, starts_at timestamptz, ends_at timestamptz)
language sql stable set search_path = ''
begin atomic
    select m.id, d.day, (d.day + w.starts_at) at time zone b.time_zone, (d.day + w.ends_at) at time zone b.time_zone
    from unnest(p_member_ids) m(id)
    cross join (select p_from + n as day from generate_series(0, least(p_days, 400) - 1) n) d
    join crm.business b on b.business_id = p_business_id
    join crm.working_hours w on w.business_id = p_business_id and w.weekday = extract(isodow from d.day)
        and w.member_id is not distinct from case when exists (
            select from crm.working_hours o where o.business_id = p_business_id and o.member_id = m.id) then m.id end;
end;
comment on function internal.at_work(uuid, uuid[], date, integer) is
    'From when until when each of these members works on each of so many days, by their own hours or everybody''s; time off is not taken out. Nothing on a day off.';
