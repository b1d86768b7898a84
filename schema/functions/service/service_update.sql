create or replace function api.service_update(
    p_service_id uuid, p_kind text, p_name text, p_pricing text, p_price_minor bigint, p_unit_label text,
    p_duration_minutes integer, p_tax_basis_points integer)
returns crm.service
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_service crm.service;
begin
    perform internal.require('service_update');
    update crm.service s set kind = p_kind, name = p_name, pricing = p_pricing, price_minor = p_price_minor,
        unit_label = p_unit_label, duration_minutes = p_duration_minutes, tax_basis_points = p_tax_basis_points
    where s.business_id = internal.current_business() and s.id = p_service_id
    returning * into v_service;
    if v_service.id is null then perform internal.not_found('service'); end if;
    return v_service;
end $$;
comment on function api.service_update(uuid, text, text, text, bigint, text, integer, integer) is
    'Change a catalogue entry. Visits and invoices keep the name and price they were made with. Definer: writes.';
grant execute on function api.service_update(uuid, text, text, text, bigint, text, integer, integer) to crm_app, crm_support;
