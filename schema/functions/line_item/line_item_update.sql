create or replace function api.line_item_update(p_line_item_id uuid, p_quantity numeric, p_unit_price_minor bigint, p_price_confirmed boolean)
returns crm.line_item
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_line crm.line_item;
begin
    perform internal.require('line_item_update');
    select * into v_line from crm.line_item l
    where l.business_id = internal.current_business() and l.id = p_line_item_id and l.ticket_id is not null;
    if v_line.id is null then perform internal.not_found('line_item'); end if;
    perform internal.ticket_open(v_line.ticket_id);
    update crm.line_item l set quantity = p_quantity, unit_price_minor = p_unit_price_minor,
        price_confirmed = l.pricing <> 'flexible' or p_price_confirmed
    where l.business_id = v_line.business_id and l.id = v_line.id
    returning * into v_line;
    return v_line;
end $$;
comment on function api.line_item_update(uuid, numeric, bigint, boolean) is
    'Change quantity and price of a line on an open visit. Definer: writes.';
grant execute on function api.line_item_update(uuid, numeric, bigint, boolean) to crm_app, crm_support;
