create or replace function api.freed_slot_update(p_freed_slot_id uuid, p_offers_next boolean) returns crm.freed_slot
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_slot crm.freed_slot;
begin
    perform internal.require('freed_slot_update');
    update crm.freed_slot s set offers_next = coalesce(p_offers_next, false)
    where s.business_id = internal.current_business() and s.id = p_freed_slot_id returning * into v_slot;
    if v_slot.id is null then perform internal.not_found('freed_slot'); end if;
    return v_slot;
end $$;
comment on function api.freed_slot_update(uuid, boolean) is
    'Say whether a freed time is offered to the next who fits by itself. Definer: writes.';
grant execute on function api.freed_slot_update(uuid, boolean) to crm_app, crm_support;
