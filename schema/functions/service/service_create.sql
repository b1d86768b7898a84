create or replace function api.service_create(
    p_kind text, p_name text, p_pricing text, p_price_minor bigint, p_unit_label text, p_duration_minutes integer,
    p_tax_basis_points integer)
returns crm.service
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_service crm.service;
begin
    perform internal.require('service_create');
    insert into crm.service (kind, name, pricing, price_minor, unit_label, duration_minutes, tax_basis_points)
    values (p_kind, p_name, p_pricing, p_price_minor, p_unit_label, p_duration_minutes, p_tax_basis_points)
    returning * into v_service;
    return v_service;
end $$;
comment on function api.service_create(text, text, text, bigint, text, integer, integer) is
    'Add a service or product to the catalogue. Price in minor units; tax in basis points, null for the business''s own. Definer: writes.';
grant execute on function api.service_create(text, text, text, bigint, text, integer, integer) to crm_app, crm_support;
