create or replace function internal.series_entry_undo(p_entry crm.audit_entry) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := p_entry.business_id;
    v_id uuid := p_entry.row_id::uuid;
    v_ticket crm.ticket;
    v_series crm.series;
    v_assignment crm.assignment;
    v_line crm.line_item;
    v_message crm.message;
begin
    case p_entry.table_name || ' ' || p_entry.operation
    when 'ticket insert' then perform internal.series_unmake_visit(v_id);
    -- What was planned about a visit; what has been sent meanwhile stays as it is, and what was begun, with its link.
    when 'message insert' then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'The change was undone.'
        where m.business_id = v_business and m.id = v_id and m.status = 'pending';
        delete from crm.message m where m.business_id = v_business and m.id = v_id and m.status = 'cancelled'
          and not exists (select from crm.ticket_link l where l.business_id = v_business and l.message_id = v_id);
    when 'message update' then
        select (jsonb_populate_record(m, p_entry.old)).* into v_message from crm.message m where m.business_id = v_business and m.id = v_id;
        update crm.message m set status = v_message.status, send_at = v_message.send_at, ticket_starts_at = v_message.ticket_starts_at,
            cancelled_at = v_message.cancelled_at, cancel_reason = v_message.cancel_reason
        -- An offer that was withdrawn stays so, and its mail with it.
        where m.business_id = v_business and m.id = v_id and m.status in ('pending', 'cancelled') and m.kind <> 'waitlist_offer';
    -- A time that was offered meanwhile is remembered all the same; the visits say that it is not free.
    when 'freed_slot insert' then
        delete from crm.freed_slot f where f.business_id = v_business and f.id = v_id
          and not exists (select from crm.waitlist_offer o where o.business_id = v_business and o.freed_slot_id = v_id);
    when 'freed_slot update' then
        update crm.freed_slot f set ticket_id = (p_entry.old ->> 'ticket_id')::uuid where f.business_id = v_business and f.id = v_id;
    -- A link is good as long as its visit wants, which sees to that itself.
    when 'ticket_link update', 'job insert', 'job update', 'waitlist_offer update' then null;
    -- Whom the change let wait no longer waits again.
    when 'waitlist_entry update' then
        update crm.waitlist_entry e set status = 'waiting', ended_at = null, ended_by = null, end_reason = null
        where e.business_id = v_business and e.id = v_id and e.status = 'ended' and e.ended_at = (p_entry.new ->> 'ended_at')::timestamptz;
    when 'task insert' then delete from crm.task t where t.business_id = v_business and t.id = v_id;
    when 'line_item insert' then delete from crm.line_item l where l.business_id = v_business and l.id = v_id;
    when 'series_member insert' then delete from crm.series_member m where m.business_id = v_business and m.id = v_id;
    when 'series_service insert' then delete from crm.series_service s where s.business_id = v_business and s.id = v_id;
    when 'series_skip insert' then delete from crm.series_skip s where s.business_id = v_business and s.id = v_id;
    when 'series insert' then delete from crm.series s where s.business_id = v_business and s.id = v_id;
    when 'assignment insert' then
        delete from crm.assignment a where a.business_id = v_business and a.ticket_id = v_id and a.member_id = (p_entry.new ->> 'member_id')::uuid;
    when 'series update' then
        select (jsonb_populate_record(s, p_entry.old)).* into v_series from crm.series s where s.business_id = v_business and s.id = v_id;
        update crm.series s set paused_from = v_series.paused_from, paused_until = v_series.paused_until,
            ended_on = v_series.ended_on, ended_at = v_series.ended_at
        where s.business_id = v_business and s.id = v_id;
    when 'ticket update' then
        select (jsonb_populate_record(t, p_entry.old)).* into v_ticket from crm.ticket t where t.business_id = v_business and t.id = v_id;
        -- Whoever was told otherwise meanwhile has accepted nothing: they are asked anew.
        if v_ticket.status = 'scheduled' and internal.told_otherwise(v_ticket, (
            select s.created_at from crm.change_set s where s.business_id = v_business and s.id = p_entry.change_set_id)) then
            v_ticket.confirmation := 'pending';
        end if;
        update crm.ticket t set status = v_ticket.status, confirmation = v_ticket.confirmation, starts_at = v_ticket.starts_at, ends_at = v_ticket.ends_at,
            address_id = v_ticket.address_id, instructions = v_ticket.instructions, cancelled_at = v_ticket.cancelled_at,
            cancelled_by = v_ticket.cancelled_by, cancel_reason = v_ticket.cancel_reason, series_id = v_ticket.series_id,
            occurrence_on = v_ticket.occurrence_on, moved_by_hand = v_ticket.moved_by_hand
        where t.business_id = v_business and t.id = v_id;
    when 'assignment delete' then
        v_assignment := jsonb_populate_record(null::crm.assignment, p_entry.old);
        insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, clocked_in_at, clocked_out_at, book_anyway_reason, out_of_hours_reason)
        select v_id, v_assignment.member_id, t.contact_id, t.starts_at, t.busy_until, t.blocks_time, v_assignment.clocked_in_at, v_assignment.clocked_out_at, v_assignment.book_anyway_reason,
            coalesce(v_assignment.out_of_hours_reason, case when internal.away_because(v_business, v_assignment.member_id, t.starts_at, t.ends_at) is not null
                then 'As it was before.' end)
        from crm.ticket t where t.business_id = v_business and t.id = v_id
          -- Whoever was shut out since goes nowhere any more.
          and exists (select from crm.member m where m.business_id = v_business and m.id = v_assignment.member_id and m.disabled_at is null);
    when 'line_item delete' then
        v_line := jsonb_populate_record(null::crm.line_item, p_entry.old);
        insert into crm.line_item (id, ticket_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor, tax_basis_points, price_confirmed)
        values (v_line.id, v_line.ticket_id, v_line.service_id, v_line.position, v_line.name, v_line.pricing, v_line.unit_label, v_line.quantity,
                v_line.unit_price_minor, v_line.tax_basis_points, v_line.price_confirmed);
    -- When a technician goes follows the visit by the foreign key; why they are booked all the same does not.
    when 'assignment update' then
        if not p_entry.old ?| '{book_anyway_reason,out_of_hours_reason}' then return; end if;
        select (jsonb_populate_record(a, p_entry.old)).* into v_assignment from crm.assignment a
        where a.business_id = v_business and a.ticket_id = v_id and a.member_id = (p_entry.old ->> 'member_id')::uuid;
        update crm.assignment a set book_anyway_reason = v_assignment.book_anyway_reason, out_of_hours_reason = v_assignment.out_of_hours_reason
        where a.business_id = v_business and a.ticket_id = v_id and a.member_id = v_assignment.member_id;
    else perform internal.refuse('change_set_was_changed_since', 'This change has more in it than a change of a series or a move does, and cannot be undone.');
    end case;
end $$;
comment on function internal.series_entry_undo(crm.audit_entry) is
    'Undo one audit entry of a change of a series, or of a move: what was made is removed, what was changed has its old values again.';
