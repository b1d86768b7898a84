create or replace function internal.series_plan_one(p_old crm.series, p_new crm.series, p_from date, p_member_ids uuid[], p_work_changes boolean)
returns setof internal.series_step
language sql stable set search_path = ''
as $$
    select t.id, t.occurrence_on, t.occurrence_on,
        case when (t.starts_at, t.ends_at) <> (n.starts_at, n.ends_at) then 'move'
            when t.address_id is distinct from p_new.address_id or t.instructions is distinct from p_new.instructions or p_work_changes
                or array(select a.member_id from crm.assignment a where a.business_id = t.business_id and a.ticket_id = t.id order by 1)
                    <> array(select distinct m from unnest(p_member_ids) m order by 1) then 'change'
            else 'stay' end,
        t.moved_by_hand, t.starts_at, t.ends_at, n.starts_at, n.ends_at,
        internal.wall_note(p_new.first_on, p_new.starts_at_wall, p_new.time_zone), null
    from crm.ticket t, lateral (
        select s.at as starts_at, s.at + make_interval(mins => p_new.minutes) as ends_at
        from internal.wall_instant(p_new.first_on, p_new.starts_at_wall, p_new.time_zone) s(at)) n
    where t.business_id = p_old.business_id and t.series_id = p_old.id and t.occurrence_on = p_from;
$$;
comment on function internal.series_plan_one(crm.series, crm.series, date, uuid[], boolean) is
    'What becomes of one visit of a series that is to be otherwise for once, on the first day of the wish.';
