create or replace function api.working_hours_set(p_member_id uuid, p_weekdays smallint[], p_starts time[], p_ends time[])
returns setof crm.working_hours
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('working_hours_set');
    if p_member_id is not null then
        perform from crm.member m where m.business_id = internal.current_business() and m.id = p_member_id;
        if not found then perform internal.not_found('member'); end if;
    end if;
    if cardinality(p_weekdays) <> cardinality(p_starts) or cardinality(p_weekdays) <> cardinality(p_ends)
        or array_position(p_starts, null) is not null or array_position(p_ends, null) is not null then
        perform internal.refuse('working_hours_are_said_for_each_day', 'Say for each day when it starts and when it ends.');
    end if;
    delete from crm.working_hours w
    where w.business_id = internal.current_business() and w.member_id is not distinct from p_member_id and w.weekday <> all (p_weekdays);
    return query
    insert into crm.working_hours as w (member_id, weekday, starts_at, ends_at)
    select p_member_id, d.weekday, d.starts_at, d.ends_at from unnest(p_weekdays, p_starts, p_ends) d(weekday, starts_at, ends_at)
    on conflict on constraint working_hours_are_said_once_a_day do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at
    where (w.starts_at, w.ends_at) is distinct from (excluded.starts_at, excluded.ends_at)
    returning w.*;
end $$;
comment on function api.working_hours_set(uuid, smallint[], time[], time[]) is
    'Say on which days (1 Monday to 7 Sunday), from when until when somebody works; without a member, everybody who has no hours of their own. Without any day they have none of their own any more. Visits that are booked stay. Definer: writes.';
grant execute on function api.working_hours_set(uuid, smallint[], time[], time[]) to crm_app, crm_support;
