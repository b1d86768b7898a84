create or replace function internal.tg_contact__international_form() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if new.phone is distinct from old.phone and new.phone_e164 is not distinct from old.phone_e164 then new.phone_e164 := null; end if;
    if new.other_phone is distinct from old.other_phone and new.other_e164 is not distinct from old.other_e164 then new.other_e164 := null; end if;
    return new;
end $$;
comment on function internal.tg_contact__international_form() is
    'The international form of a number ends with the number: whoever changes one says the other anew.';
