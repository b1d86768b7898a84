create or replace function internal.tg_payment__invoice_paid() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_invoice crm.invoice;
    v_paid bigint;
begin
    select * into v_invoice from crm.invoice i
    where i.business_id = new.business_id and i.id = new.invoice_id for no key update;
    if v_invoice.status not in ('sent', 'partial') then
        perform internal.refuse('payment_is_for_an_open_invoice', format('This invoice is %s: it takes no payment.', v_invoice.status));
    end if;
    -- A day is left for those who count it in another zone.
    if new.paid_on > (internal.now() at time zone (select b.time_zone from crm.business b where b.business_id = new.business_id))::date + 1 then
        perform internal.refuse('payment_paid_on_is_not_ahead', 'This day is still to come.', 'Record a payment when it was made.');
    end if;
    select coalesce(sum(p.amount_minor), 0) into v_paid from crm.payment p
    where p.business_id = new.business_id and p.invoice_id = new.invoice_id;
    if v_paid > v_invoice.total_minor then
        perform internal.refuse('payment_is_not_more_than_is_owed', 'That is more than is still owed.');
    elsif v_paid < 0 then
        perform internal.refuse('payment_refund_was_paid', 'That is more than was paid.');
    end if;
    update crm.invoice i set paid_minor = v_paid, status = case when v_paid = i.total_minor then 'paid' else 'partial' end
    where i.business_id = new.business_id and i.id = new.invoice_id;
    return null;
end $$;
comment on function internal.tg_payment__invoice_paid() is
    'An invoice''s paid sum and status follow its ledger; the row lock makes twenty payments at once add up. Definer: writes the invoice.';
