create or replace function internal.line_amounts(
    p_quantity numeric, p_unit_price_minor bigint, p_tax_basis_points integer, p_price_includes_tax boolean,
    out net_minor bigint, out tax_minor bigint, out total_minor bigint)
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
    -- round() of numeric rounds half away from zero: 2.5 → 3, -2.5 → -3
    v_amount bigint := round(p_quantity * p_unit_price_minor);
begin
    if p_price_includes_tax then
        total_minor := v_amount;
        tax_minor := round(v_amount::numeric * p_tax_basis_points / (10000 + p_tax_basis_points));
        net_minor := total_minor - tax_minor;
    else
        net_minor := v_amount;
        tax_minor := round(v_amount::numeric * p_tax_basis_points / 10000);
        total_minor := net_minor + tax_minor;
    end if;
end $$;
comment on function internal.line_amounts(numeric, bigint, integer, boolean) is
    'The one place where money is rounded: net, tax and total of a line in minor units, half up for each line. Every surface shows what this made.';
