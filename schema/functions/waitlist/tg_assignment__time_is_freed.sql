create or replace function internal.tg_assignment__time_is_freed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    -- A series puts its technicians on again in the same change, and says itself what is free.
    if internal.series_is_writing() then return null; end if;
    select * into v_ticket from crm.ticket t where t.business_id = old.business_id and t.id = old.ticket_id;
    if v_ticket.status in ('scheduled', 'in_progress') and not internal.series_is_undoing(v_ticket.id, v_ticket.series_id) then
        perform internal.freed_slot_keep(v_ticket.id, old.member_id, old.starts_at, old.busy_until - (v_ticket.busy_until - v_ticket.ends_at));
    end if;
    return null;
end $$;
comment on function internal.tg_assignment__time_is_freed() is
    'Who is taken off a visit has that time free for somebody on the waitlist. Definer: writes.';
