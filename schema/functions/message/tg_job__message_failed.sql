create or replace function internal.tg_job__message_failed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- Its last try may have given the mail back already, or died with it.
    update crm.message m set status = 'sending'
    where m.business_id = new.business_id and m.id = (new.payload ->> 'message_id')::uuid and m.status = 'pending' and m.send_at = (new.payload ->> 'send_at')::timestamptz;
    update crm.message m set status = 'failed', last_error = new.last_error
    where m.business_id = new.business_id and m.id = (new.payload ->> 'message_id')::uuid and m.status = 'sending' and m.send_at = (new.payload ->> 'send_at')::timestamptz;
    return null;
end $$;
comment on function internal.tg_job__message_failed() is
    'A mail whose job was given up has failed, and says why. Definer: writes.';
