create or replace function internal.tg_line_item__invoice_total() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business_id uuid := coalesce(new.business_id, old.business_id);
    v_invoice_id uuid := coalesce(new.invoice_id, old.invoice_id);
begin
    if v_invoice_id is not null then
        update crm.invoice i set net_minor = s.net, tax_minor = s.tax, total_minor = s.total
        from (select coalesce(sum(l.net_minor), 0) net, coalesce(sum(l.tax_minor), 0) tax, coalesce(sum(l.total_minor), 0) total
              from crm.line_item l where l.business_id = v_business_id and l.invoice_id = v_invoice_id) s
        where i.business_id = v_business_id and i.id = v_invoice_id;
    end if;
    return null;
end $$;
comment on function internal.tg_line_item__invoice_total() is
    'A draft''s totals are the sums of its lines. Definer: writes the invoice.';
