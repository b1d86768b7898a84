create or replace function internal.line_item_make(p_ticket_id uuid, p_service_id uuid, p_quantity numeric, p_unit_price_minor bigint)
returns crm.line_item
language plpgsql volatile set search_path = ''
as $$
declare
    v_line crm.line_item;
begin
    insert into crm.line_item (ticket_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor,
                               tax_basis_points, price_confirmed)
    select p_ticket_id, s.id,
           (select coalesce(max(l.position), 0) + 1 from crm.line_item l where l.business_id = s.business_id and l.ticket_id = p_ticket_id),
           s.name, s.pricing, s.unit_label, p_quantity, coalesce(p_unit_price_minor, s.price_minor),
           coalesce(s.tax_basis_points, b.tax_basis_points), s.pricing <> 'flexible'
    from crm.service s join crm.business b on b.business_id = s.business_id
    where s.business_id = internal.current_business() and s.id = p_service_id
    returning * into v_line;
    if v_line.id is null then perform internal.not_found('service'); end if;
    return v_line;
end $$;
comment on function internal.line_item_make(uuid, uuid, numeric, bigint) is
    'Put a service on a visit with its name and price as they are now. A flexible price is an estimate until close-out confirms it.';
