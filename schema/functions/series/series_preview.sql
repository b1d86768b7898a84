create or replace function api.series_preview(
    p_series_id uuid, p_ticket_id uuid, p_scope text, p_on date, p_starts_at time, p_minutes integer, p_unit text, p_every integer,
    p_weekdays smallint[], p_monthly_by text, p_nth integer, p_until_on date, p_count integer, p_rrule text, p_address_id uuid, p_member_ids uuid[],
    p_services jsonb, p_instructions text, p_move_by_hand uuid[] default '{}')
returns setof internal.series_step
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_wish crm.series;
    v_intent record;
begin
    perform internal.require('series_preview');
    v_wish := internal.series_wanted(p_starts_at, p_minutes, p_unit, p_every, p_weekdays, p_monthly_by, p_nth, p_until_on, p_count, p_address_id, p_instructions);
    v_intent := internal.series_intent(p_series_id, p_ticket_id, p_scope, p_on, v_wish, p_rrule);
    return query select * from internal.series_plan(p_scope, v_intent.was, v_intent.becomes, v_intent.from_on, coalesce(p_member_ids, '{}'),
        p_scope <> 'this' and internal.series_work_changes(p_series_id, p_services), p_move_by_hand);
end $$;
comment on function api.series_preview(uuid, uuid, text, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid, uuid[], jsonb, text, uuid[]) is
    'What series_update with the same values would do to each visit: move, change, make, cancel, stay or skip, why, and which technician has another visit or time off then. Definer: looks with the eyes of the change.';
grant execute on function api.series_preview(uuid, uuid, text, date, time, integer, text, integer, smallint[], text, integer, date, integer, text, uuid, uuid[], jsonb, text, uuid[]) to crm_app, crm_support;
