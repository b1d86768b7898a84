create or replace function internal.series_plan(
    p_scope text, p_old crm.series, p_new crm.series, p_from date, p_member_ids uuid[], p_work_changes boolean, p_move_by_hand uuid[])
returns setof internal.series_step
language plpgsql stable set search_path = ''
as $$
declare
    v_buffer interval := (select make_interval(mins => b.travel_buffer_minutes) from crm.business b where b.business_id = p_old.business_id);
    v_steps internal.series_step[];
    v_leaving uuid[];
begin
    if p_scope = 'this' then
        v_steps := array(select s from internal.series_plan_one(p_old, p_new, p_from, p_member_ids, p_work_changes) s);
    else
        v_steps := array(select s from internal.series_judge(p_old, p_new, p_from, p_member_ids, p_work_changes, coalesce(p_move_by_hand, '{}')) s);
    end if;
    v_leaving := array(select s.ticket_id from unnest(v_steps) s where s.ticket_id is not null and s.does in ('move', 'change', 'cancel'));
    return query
    select s.ticket_id, s.occurrence_on, s.becomes_on, s.does, s.by_hand, s.starts_at, s.ends_at, s.new_starts_at, s.new_ends_at, s.why,
        case when s.does in ('move', 'change', 'make') then (
            select string_agg(c.clash, ' ' order by m) from (select distinct unnest(p_member_ids)) x(m),
            lateral (select case when internal.is_off(p_old.business_id, x.m, s.new_starts_at, s.new_ends_at)
                then internal.away_because(p_old.business_id, x.m, s.new_starts_at, s.new_ends_at)
                else internal.series_clash(p_old.business_id, x.m, s.new_starts_at, s.new_ends_at + v_buffer, v_leaving) end) c(clash)) end
    from unnest(v_steps) s;
end $$;
comment on function internal.series_plan(text, crm.series, crm.series, date, uuid[], boolean, uuid[]) is
    'The one plan of a change of a series, for its preview and for carrying it out: what becomes of each visit, and which technician has another visit or time off then.';
