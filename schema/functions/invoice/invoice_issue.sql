create or replace function api.invoice_issue(p_invoice_id uuid) returns crm.invoice
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_invoice crm.invoice;
    v_number bigint;
begin
    perform internal.require('invoice_issue');
    select * into v_invoice from crm.invoice i
    where i.business_id = internal.current_business() and i.id = p_invoice_id for no key update;
    if v_invoice.id is null then perform internal.not_found('invoice'); end if;
    if v_invoice.status in ('sent', 'partial', 'paid') then
        return v_invoice;  -- a double tap takes no second number
    elsif v_invoice.total_minor < 0 then
        perform internal.refuse('invoice_total_is_not_negative', 'An invoice of less than nothing cannot be issued.');
    end if;
    update crm.counter c set value = c.value + 1
    where c.business_id = v_invoice.business_id and c.name = 'invoice'
    returning c.value into v_number;
    update crm.invoice i set status = 'sent', number = v_number,
        issued_on = (internal.now() at time zone b.time_zone)::date,
        due_on = (internal.now() at time zone b.time_zone)::date + b.payment_terms_days,
        bill_to_name = c.name,
        -- The place of the visit also when it is the address of a contact that was merged into this one.
        bill_to_address = (
            select concat_ws(', ', a.street, a.city, a.region, a.postcode) from crm.address a
            left join crm.ticket t on t.business_id = i.business_id and t.id = i.ticket_id and t.address_id = a.id
            where a.business_id = c.business_id and (a.contact_id = c.id or a.id = (
                select v.address_id from crm.ticket v where v.business_id = i.business_id and v.id = i.ticket_id))
            order by t.id nulls last, a.archived_at nulls first, a.id
            limit 1)
    from crm.business b, crm.contact c
    where c.business_id = i.business_id and c.id = v_invoice.contact_id and b.business_id = i.business_id and i.business_id = v_invoice.business_id and i.id = v_invoice.id
    returning i.* into v_invoice;
    if v_invoice.total_minor = 0 then  -- nothing to wait for
        update crm.invoice i set status = 'paid' where i.business_id = v_invoice.business_id and i.id = v_invoice.id returning i.* into v_invoice;
    end if;
    return v_invoice;
end $$;
comment on function api.invoice_issue(uuid) is
    'Issue a draft: it takes the next gapless number, today''s date and the due date, and is final from then on. Definer: writes.';
grant execute on function api.invoice_issue(uuid) to crm_app, crm_support;
