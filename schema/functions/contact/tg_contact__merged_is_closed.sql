create or replace function internal.tg_contact__merged_is_closed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_into text;
begin
    if new.merged_into_id is distinct from old.merged_into_id and exists (
        select from crm.contact c where c.business_id = new.business_id
          and ((c.id = new.merged_into_id and c.merged_into_id is not null) or c.merged_into_id = new.id)) then
        perform internal.refuse('contact_merged_into_one_that_stays', 'That contact is merged into another one itself, or others are merged into this one.',
            'Merge into the one that stays.');
    end if;
    if old.merged_into_id is not null and not internal.is_erasing(old.id)
       and (new.kind, new.name, new.phone, new.phone_e164, new.other_phone, new.other_e164, new.email, new.preferred_method,
            new.preferred_time, new.language, new.referred_by, new.consent, new.consent_at, new.note)
           is distinct from
           (old.kind, old.name, old.phone, old.phone_e164, old.other_phone, old.other_e164, old.email, old.preferred_method,
            old.preferred_time, old.language, old.referred_by, old.consent, old.consent_at, old.note) then
        select c.name into v_into from crm.contact c where c.business_id = new.business_id and c.id = new.merged_into_id;
        perform internal.refuse('contact_merged_is_closed', format('“%s” was merged into “%s”.', old.name, v_into),
            'Change it there.');
    end if;
    return new;
end $$;
comment on function internal.tg_contact__merged_is_closed() is
    'A contact that was merged stays as it was, so that the merge can be undone, and is merged into one that stays. Definer: reads the other contacts.';
