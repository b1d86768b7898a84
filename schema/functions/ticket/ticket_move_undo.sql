create or replace function api.ticket_move_undo(p_change_set_id uuid) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_set crm.change_set;
    v_ticket crm.ticket;
begin
    perform internal.require('ticket_move_undo');
    select * into v_set from crm.change_set s
    where s.business_id = internal.current_business() and s.id = p_change_set_id and s.kind = 'move' for update;
    v_ticket.id := (select e.row_id from crm.audit_entry e
        where e.business_id = v_set.business_id and e.change_set_id = v_set.id and e.table_name in ('ticket', 'assignment') limit 1)::uuid;
    if v_ticket.id is null then perform internal.not_found('ticket_move'); end if;
    v_ticket := internal.ticket_open(v_ticket.id);
    -- Who goes now and who went before: whoever moves a visit holds its technicians.
    perform from crm.member m where m.business_id = v_set.business_id and (
        m.id in (select a.member_id from crm.assignment a where a.business_id = v_set.business_id and a.ticket_id = v_ticket.id)
        or m.id in (select (e.old ->> 'member_id')::uuid from crm.audit_entry e
            where e.business_id = v_set.business_id and e.change_set_id = v_set.id and e.table_name = 'assignment' and e.operation = 'delete'))
        order by m.id for no key update;
    perform internal.change_set_take_back(v_set, 'Move this visit to where it should be instead.');
    return internal.ticket_open(v_ticket.id);
end $$;
comment on function api.ticket_move_undo(uuid) is
    'Undo a move: the visit is again when and by whom it was to be done, accepted if it was, unless the customer was told of the other time meanwhile: then they are asked anew. Refused when something was done to the visit since, or its time was given to another. Definer: writes.';
grant execute on function api.ticket_move_undo(uuid) to crm_app, crm_support;
