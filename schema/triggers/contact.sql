create or replace trigger _060_international_form before update of phone, other_phone on crm.contact
    for each row execute function internal.tg_contact__international_form();
create or replace trigger _500_unsubscribed after update of consent on crm.contact
    for each row when (new.consent = 'unsubscribed' and old.consent <> 'unsubscribed') execute function internal.tg_contact__unsubscribed();
create or replace trigger _200_follows_its_key before insert or update of key, kind, value on crm.attribute
    for each row execute function internal.tg_attribute__follows_its_key();
create or replace trigger _200_outreach_is_welcome before insert or update of kind, status, contact_id on crm.message
    for each row when (new.kind = 'outreach' and new.status = 'pending') execute function internal.tg_message__outreach_is_welcome();
create or replace trigger _200_edited before update of body on crm.note
    for each row when (new.body is distinct from old.body) execute function internal.tg_note__edited();
create or replace trigger _300_not_too_many after insert on crm.file
    for each row execute function internal.tg_file__not_too_many();
create or replace trigger _100_erased_stays_erased before update on crm.contact
    for each row when (old.erased_at is not null) execute function internal.tg_contact__erased_stays_erased();
create or replace trigger _200_merged_is_closed before update on crm.contact
    for each row when (new.merged_into_id is not null) execute function internal.tg_contact__merged_is_closed();
-- What would be missed where a contact is not looked at any more. Notes and invoices of visits that were closed before go on.
do $$
declare
    v_table name;
begin
    foreach v_table in array array['address', 'attribute', 'series', 'ticket', 'message', 'note', 'file', 'task'] loop
        execute format('create or replace trigger _180_contact_is_not_erased before insert or update of contact_id on crm.%I '
                       'for each row when (new.contact_id is not null) execute function internal.tg_part__contact_is_not_erased()', v_table);
    end loop;
    foreach v_table in array array['address', 'attribute', 'series', 'ticket', 'message'] loop
        execute format('create or replace trigger _190_contact_is_not_merged before insert or update of contact_id on crm.%I '
                       'for each row execute function internal.tg_part__contact_is_not_merged()', v_table);
    end loop;
end $$;
create or replace trigger _200_moves before insert or update of state on crm.contact_import
    for each row execute function internal.tg_contact_import__moves();
