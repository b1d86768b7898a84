create or replace function api.series_update(
    p_series_id uuid, p_ticket_id uuid, p_scope text, p_on date, p_starts_at time, p_minutes integer, p_unit text, p_every integer,
    p_weekdays smallint[], p_monthly_by text, p_nth integer, p_until_on date, p_count integer, p_rrule text, p_address_id uuid, p_member_ids uuid[],
    p_services jsonb, p_instructions text, p_move_by_hand uuid[] default '{}',
    out series_id uuid, out change_set_id uuid, out moved integer, out changed integer, out made integer, out cancelled integer,
    out stayed_by_hand integer, out clashing integer)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_intent record;
    v_new crm.series;
    v_steps internal.series_step[];
    v_other_work boolean;
begin
    perform internal.require('series_update');
    perform from internal.series_lock(p_series_id, p_member_ids);
    v_intent := internal.series_intent(p_series_id, p_ticket_id, p_scope, p_on, internal.series_wanted(p_starts_at, p_minutes, p_unit, p_every,
        p_weekdays, p_monthly_by, p_nth, p_until_on, p_count, p_address_id, p_instructions), p_rrule);
    v_other_work := p_scope <> 'this' and internal.series_work_changes(p_series_id, p_services);
    v_steps := array(select s from internal.series_plan(p_scope, v_intent.was, v_intent.becomes, v_intent.from_on, coalesce(p_member_ids, '{}'), v_other_work, p_move_by_hand) s);
    change_set_id := internal.change_set_begin('series');
    v_new := v_intent.was;
    if p_scope <> 'this' then
        v_new := internal.series_add(v_intent.becomes, p_member_ids, p_services);
        update crm.series s set ended_on = v_intent.from_on, ended_at = internal.now() where s.business_id = v_new.business_id and s.id = p_series_id;
    else
        v_new.address_id := p_address_id;
        v_new.instructions := p_instructions;
    end if;
    perform internal.series_carry_out(p_scope, v_intent.was, v_new, v_other_work, v_steps, coalesce(p_member_ids, '{}'));
    perform set_config('app.change_set', '', true);
    series_id := v_new.id;
    select count(*) filter (where s.does = 'move'), count(*) filter (where s.does = 'change'), count(*) filter (where s.does = 'make'),
        count(*) filter (where s.does = 'cancel'), count(*) filter (where s.does = 'stay' and s.by_hand), count(s.clash)
    into moved, changed, made, cancelled, stayed_by_hand, clashing from unnest(v_steps) s;
end $$;
comment on function api.series_update(uuid, uuid, text, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid, uuid[], jsonb, text, uuid[]) is
    'Change a series from one of its visits on (null: the next). p_scope: this visit only; following: this one and all after it; all: every visit to come. p_on is the day this visit is to be on; the others follow the rule, which is said as for series_create. Visits that are closed, under way or moved by hand stay, but for those in p_move_by_hand. A new rule is a new series, whose id is returned, with the change set by which series_undo takes it back. Definer: writes.';
grant execute on function api.series_update(uuid, uuid, text, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid, uuid[], jsonb, text, uuid[]) to crm_app, crm_support;
