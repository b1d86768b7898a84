create or replace function api.payment_record(p_invoice_id uuid, p_amount_minor bigint, p_method text, p_paid_on date, p_reference text default null)
returns crm.payment
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_payment crm.payment;
begin
    perform internal.require('payment_record');
    perform from crm.invoice i where i.business_id = internal.current_business() and i.id = p_invoice_id for no key update;
    if not found then perform internal.not_found('invoice'); end if;
    insert into crm.payment (invoice_id, amount_minor, method, paid_on, reference)
    values (p_invoice_id, p_amount_minor, p_method, p_paid_on, p_reference)
    returning * into v_payment;
    return v_payment;
end $$;
comment on function api.payment_record(uuid, bigint, text, date, text) is
    'Record a payment against an issued invoice, in minor units. Definer: writes.';
grant execute on function api.payment_record(uuid, bigint, text, date, text) to crm_app, crm_support;
