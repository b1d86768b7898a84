create or replace function internal.tg_invoice__lines_are_final() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_status text;
begin
    select i.status into v_status from crm.invoice i
    where i.business_id = coalesce(new.business_id, old.business_id) and i.id = coalesce(old.invoice_id, new.invoice_id)
    for no key update;
    if v_status is not null and v_status <> 'draft' then
        perform internal.refuse('line_item_of_an_issued_invoice_is_final', 'The lines of an issued invoice are not changed any more.',
            'Void the invoice and make another.');
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function internal.tg_invoice__lines_are_final() is 'Lines change only while their invoice is a draft. Definer: must see every invoice.';
