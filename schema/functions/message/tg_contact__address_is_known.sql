create or replace function internal.tg_contact__address_is_known() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- A merge or an import must be undone as it was done, and plans nothing.
    if coalesce(current_setting('app.change_set', true), '') <> '' then return null; end if;
    perform internal.reminder_plan(t) from crm.ticket t
    where t.business_id = new.business_id and t.contact_id = new.id and t.status = 'scheduled' and t.starts_at > internal.now()
    order by t.id;
    return null;
end $$;
comment on function internal.tg_contact__address_is_known() is
    'Who gives an e-mail address after a visit was booked is reminded of it too. Definer: plans.';
