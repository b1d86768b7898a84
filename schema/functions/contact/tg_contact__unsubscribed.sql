create or replace function internal.tg_contact__unsubscribed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'They asked not to be written to.'
    where m.business_id = new.business_id and m.contact_id = new.id and m.kind = 'outreach' and m.status = 'pending';
    return null;
end $$;
comment on function internal.tg_contact__unsubscribed() is 'Who unsubscribes gets none of the outreach that was planned. Definer: cancels it.';
