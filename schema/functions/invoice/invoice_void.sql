create or replace function api.invoice_void(p_invoice_id uuid, p_reason text) returns crm.invoice
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_invoice crm.invoice;
begin
    perform internal.require('invoice_void');
    if p_reason is null then
        perform internal.refuse('invoice_void_reason_is_given', 'Say why the invoice is void, in at most 300 characters.');
    end if;
    update crm.invoice i set status = 'void', voided_at = internal.now(), void_reason = p_reason
    where i.business_id = internal.current_business() and i.id = p_invoice_id
    returning * into v_invoice;
    if v_invoice.id is null then perform internal.not_found('invoice'); end if;
    return v_invoice;
end $$;
comment on function api.invoice_void(uuid, text) is
    'Void an invoice that has no payments. Its number stays taken; its visit can be invoiced again. Definer: writes.';
grant execute on function api.invoice_void(uuid, text) to crm_app, crm_support;
