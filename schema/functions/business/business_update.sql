create or replace function api.business_update(
    p_name text, p_time_zone text, p_tax_basis_points integer, p_prices_include_tax boolean, p_payment_terms_days integer,
    p_travel_buffer_minutes integer, p_phone text default null, p_email text default null, p_travel_area_minutes integer default null,
    p_travel_far_minutes integer default null, p_arrival_minutes integer default 0, p_language text default 'en')
returns crm.business
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business crm.business;
begin
    perform internal.require('business_update');
    update crm.business b set name = p_name, time_zone = p_time_zone, tax_basis_points = p_tax_basis_points,
        prices_include_tax = p_prices_include_tax, payment_terms_days = p_payment_terms_days, travel_buffer_minutes = p_travel_buffer_minutes,
        phone = p_phone, email = lower(p_email), travel_area_minutes = p_travel_area_minutes, travel_far_minutes = p_travel_far_minutes,
        arrival_minutes = p_arrival_minutes, language = p_language
    where b.business_id = internal.current_business()
    returning * into v_business;
    return v_business;
end $$;
comment on function api.business_update(text, text, integer, boolean, integer, integer, text, text, integer, integer, integer, text) is
    'Change the settings of the business. Tax in basis points; what was invoiced keeps the tax it had. Definer: writes.';
grant execute on function api.business_update(text, text, integer, boolean, integer, integer, text, text, integer, integer, integer, text) to crm_app, crm_support;
