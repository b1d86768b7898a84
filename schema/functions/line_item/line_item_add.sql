create or replace function api.line_item_add(p_ticket_id uuid, p_service_id uuid, p_quantity numeric default 1, p_unit_price_minor bigint default null)
returns crm.line_item
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('line_item_add');
    perform internal.ticket_open(p_ticket_id);
    return internal.line_item_make(p_ticket_id, p_service_id, coalesce(p_quantity, 1), p_unit_price_minor);
end $$;
comment on function api.line_item_add(uuid, uuid, numeric, bigint) is
    'Add a service to an open visit; price in minor units, null for the catalogue''s. Definer: writes.';
grant execute on function api.line_item_add(uuid, uuid, numeric, bigint) to crm_app, crm_support;
