create or replace function internal.series_move(
    p_scope text, p_old crm.series, p_new crm.series, p_work_changes boolean, p_step internal.series_step, p_member_ids uuid[])
returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_once boolean := p_scope = 'this';
begin
    update crm.ticket t set series_id = p_new.id, occurrence_on = p_step.becomes_on, moved_by_hand = v_once,
        starts_at = p_step.new_starts_at, ends_at = p_step.new_ends_at,
        address_id = case when v_once or t.address_id is not distinct from p_old.address_id then p_new.address_id else t.address_id end,
        instructions = case when v_once or t.instructions is not distinct from p_old.instructions then p_new.instructions else t.instructions end,
        confirmation = case when p_step.does = 'move' then 'pending' else t.confirmation end
    where t.business_id = p_old.business_id and t.id = p_step.ticket_id
    returning * into v_ticket;
    perform internal.series_assign(v_ticket, p_member_ids);
    if p_work_changes then
        -- What somebody added to this visit by hand stays on it.
        delete from crm.line_item l where l.business_id = v_ticket.business_id and l.ticket_id = v_ticket.id and l.service_id in (
            select s.service_id from crm.series_service s where s.business_id = p_old.business_id and s.series_id = p_old.id);
        perform internal.series_work(p_new, v_ticket.id);
    end if;
end $$;
comment on function internal.series_move(text, crm.series, crm.series, boolean, internal.series_step, uuid[]) is
    'Give a visit the time, place, technicians and work that a change of its series says. Another time asks for confirmation again.';
