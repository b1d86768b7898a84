create or replace function internal.series_judge(
    p_old crm.series, p_new crm.series, p_from date, p_member_ids uuid[], p_work_changes boolean, p_move_by_hand uuid[])
returns setof internal.series_step
language plpgsql stable set search_path = ''
as $$
declare
    v_today date := internal.series_today(p_new.time_zone);
    v_horizon date := internal.series_horizon(p_new.time_zone);
    v_last date := greatest(v_horizon, p_from, (select max(t.occurrence_on) from crm.ticket t
        where t.business_id = p_old.business_id and t.series_id = p_old.id));
    -- In the same rhythm the first visit becomes the first, the second the second; in another one only days in common are the same visits.
    v_same boolean := (p_old.every, p_old.unit, coalesce(cardinality(p_old.weekdays), 1)) = (p_new.every, p_new.unit, coalesce(cardinality(p_new.weekdays), 1));
begin
    return query
    with was as (
        select d, case when v_same then row_number() over (order by d) else d - date '1900-01-01' end as key
        from internal.series_days(p_old.first_on, p_old.every, p_old.unit, p_old.weekdays, p_old.monthly_by, p_old.nth, p_old.until_on, p_old.count,
            p_from, v_last) d
    ), becomes as (
        select d, case when v_same then row_number() over (order by d) else d - date '1900-01-01' end as key
        from internal.series_days(p_new.first_on, p_new.every, p_new.unit, p_new.weekdays, p_new.monthly_by, p_new.nth, p_new.until_on, p_new.count,
            p_new.first_on, v_last + 800) d
    ), pair as (
        select w.d as was, b.d as becomes, internal.wall_instant(b.d, p_new.starts_at_wall, p_new.time_zone) as starts_at,
            coalesce(internal.series_has_break(p_new, b.d), false) as has_break
        from was w full join becomes b on b.key = w.key
    ), known as (
        select p.*, t.id, t.status, t.moved_by_hand, t.starts_at as was_at, t.ends_at as was_until,
            t.id is null and exists (select from crm.series_skip s
                where s.business_id = p_old.business_id and s.series_id = p_old.id and s.occurrence_on = p.was) as is_skipped,
            t.address_id is not distinct from p_old.address_id and p_new.address_id is distinct from p_old.address_id
            or t.instructions is not distinct from p_old.instructions and p_new.instructions is distinct from p_old.instructions
            or p_work_changes or array(select a.member_id from crm.assignment a where a.business_id = t.business_id and a.ticket_id = t.id order by 1)
                <> array(select distinct m from unnest(p_member_ids) m order by 1) as is_other
        from pair p
        left join crm.ticket t on t.business_id = p_old.business_id and t.series_id = p_old.id and t.occurrence_on = p.was
    ), judged as (
        select k.*, case
            when k.id is null and k.is_skipped then 'skip'
            when k.id is null then case when k.becomes between v_today and v_horizon and not k.has_break then 'make' end
            when k.status <> 'scheduled' or (k.moved_by_hand and k.id <> all (p_move_by_hand)) then 'stay'
            when k.becomes is null or k.has_break then 'cancel'
            when (k.was_at, k.was_until) <> (k.starts_at, k.starts_at + make_interval(mins => p_new.minutes)) then 'move'
            when k.is_other then 'change'
            else 'stay' end as does
        from known k
    )
    select j.id, j.was, case when not j.has_break then j.becomes end, j.does, coalesce(j.moved_by_hand, false), j.was_at, j.was_until,
        case when j.does in ('move', 'change', 'make') then j.starts_at end,
        case when j.does in ('move', 'change', 'make') then j.starts_at + make_interval(mins => p_new.minutes) end,
        case when j.status = 'completed' then 'It is done.' when j.status = 'in_progress' then 'It is under way.'
            when j.status = 'cancelled' then 'It was cancelled.'
            when j.does = 'stay' and j.moved_by_hand then 'It was moved by hand.'
            when j.does = 'cancel' and j.has_break then 'The series is paused then.'
            when j.does = 'cancel' then 'There is none on that day any more.'
            when j.does in ('move', 'make') then internal.series_note(p_new, j.becomes) end,
        null::text
    from judged j where j.does is not null
    order by coalesce(j.was, j.becomes), j.becomes;
end $$;
comment on function internal.series_judge(crm.series, crm.series, date, uuid[], boolean, uuid[]) is
    'What becomes of each visit of a series from a day on when another one goes on for it: move, change, make, cancel, stay, or skip for a day that is left out. Visits that are closed, under way or moved by hand stay.';
