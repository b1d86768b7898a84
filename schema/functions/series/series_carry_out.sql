create or replace function internal.series_carry_out(
    p_scope text, p_old crm.series, p_new crm.series, p_work_changes boolean, p_steps internal.series_step[], p_member_ids uuid[])
returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_step internal.series_step;
begin
    perform internal.series_writes(true);
    -- First everything gives way, so that no visit stands in the way of another of the same series.
    foreach v_step in array p_steps loop
        if v_step.does = 'cancel' then
            perform internal.series_take_back(v_step.ticket_id, 'The series was changed.');
        elsif v_step.does in ('move', 'change') then
            perform internal.freed_slot_keep(t.id, a.member_id, t.starts_at, t.ends_at)
            from crm.assignment a join crm.ticket t on t.business_id = a.business_id and t.id = a.ticket_id
            where a.business_id = p_old.business_id and a.ticket_id = v_step.ticket_id and v_step.does = 'move';
            delete from crm.assignment a where a.business_id = p_old.business_id and a.ticket_id = v_step.ticket_id;
        end if;
    end loop;
    foreach v_step in array p_steps loop
        if v_step.does in ('move', 'change') then
            perform internal.series_move(p_scope, p_old, p_new, p_work_changes, v_step, p_member_ids);
        elsif p_scope = 'this' then
            continue;
        elsif v_step.does = 'make' then
            perform internal.series_make(p_new, v_step.becomes_on);
        elsif v_step.becomes_on is not null and (v_step.does = 'skip' or v_step.does = 'stay' and (
            select t.status <> 'scheduled' from crm.ticket t where t.business_id = p_old.business_id and t.id = v_step.ticket_id)) then
            -- What was dealt with on its old day is dealt with on its new one.
            insert into crm.series_skip (series_id, occurrence_on) values (p_new.id, v_step.becomes_on);
        elsif v_step.becomes_on is not null and v_step.does = 'stay' then
            update crm.ticket t set series_id = p_new.id, occurrence_on = v_step.becomes_on
            where t.business_id = p_old.business_id and t.id = v_step.ticket_id;
        end if;
    end loop;
    perform internal.series_writes(false);
end $$;
comment on function internal.series_carry_out(text, crm.series, crm.series, boolean, internal.series_step[], uuid[]) is
    'Do what the plan of a change says, visit by visit.';
