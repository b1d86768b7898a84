create or replace function internal.tg_line_item__amounts() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_includes_tax boolean;
begin
    if new.quantity = 'NaN' then  -- larger than every number, so no calculation survives to the check
        perform internal.refuse('line_item_quantity_is_sane', 'Enter a quantity above 0 and up to 100,000.');
    end if;
    if new.invoice_id is not null then
        select i.prices_include_tax into v_includes_tax from crm.invoice i
        where i.business_id = new.business_id and i.id = new.invoice_id;
    else
        select t.prices_include_tax into v_includes_tax from crm.ticket t
        where t.business_id = new.business_id and t.id = new.ticket_id;
    end if;
    select a.net_minor, a.tax_minor, a.total_minor into new.net_minor, new.tax_minor, new.total_minor
    from internal.line_amounts(new.quantity, new.unit_price_minor, new.tax_basis_points, coalesce(v_includes_tax, false)) a;
    return new;
end $$;
comment on function internal.tg_line_item__amounts() is
    'A line''s amounts are always what internal.line_amounts makes of it, whoever writes the row. Definer: reads the invoice or the visit.';
