create or replace function internal.tg_invoice__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        if new.status <> 'draft' then
            perform internal.refuse('invoice_starts_as_a_draft', 'An invoice starts as a draft.');
        end if;
        return new;
    elsif tg_op = 'DELETE' then
        if old.status <> 'draft' then
            perform internal.refuse('invoice_is_never_deleted', 'An issued invoice is voided, never deleted.');
        end if;
        return old;
    end if;
    if old.status <> 'draft' and internal.only_words_are_erased(to_jsonb(old), to_jsonb(new), array['bill_to_name', 'bill_to_address', 'note', 'void_reason'])
       and internal.is_erasing(old.contact_id) then
        return new;
    end if;
    perform internal.require_move('invoice_moves_step_by_step', 'An invoice', old.status, new.status, case old.status
        when 'draft' then array['sent', 'void']
        when 'sent' then array['partial', 'paid', 'void']
        when 'partial' then array['paid', 'void']
        else array[]::text[] end);
    if old.status in ('paid', 'void') then
        perform internal.refuse('invoice_closed_is_final', format('This invoice is %s: nothing on it changes any more.', old.status));
    elsif old.status <> 'draft' and to_jsonb(new) - array['status', 'paid_minor', 'voided_at', 'void_reason', 'updated_at']
                       is distinct from to_jsonb(old) - array['status', 'paid_minor', 'voided_at', 'void_reason', 'updated_at'] then
        perform internal.refuse('invoice_issued_is_final', 'An issued invoice is not changed any more.', 'Void it and make another.');
    elsif new.status = 'void' and old.paid_minor <> 0 then
        perform internal.refuse('invoice_void_has_no_payments', 'This invoice has payments.', 'Refund them first.');
    end if;
    return new;
end $$;
comment on function internal.tg_invoice__moves() is
    'draft → sent → partial → paid, or void; from issue on only payment and voiding change anything; paid and void are final.';
