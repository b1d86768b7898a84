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
create or replace trigger _110_erased_is_in_the_journal before insert or update of erased_at on crm.contact
    for each row when (new.erased_at is not null) execute function internal.tg_contact__erased_is_in_the_journal();
create or replace trigger _200_merged_is_closed before update on crm.contact
    for each row when (new.merged_into_id is not null) execute function internal.tg_contact__merged_is_closed();
-- What would be missed where a contact is not looked at any more. Notes and invoices of visits that were closed before go on.
do $$
declare
    v_part record;
begin
    for v_part in select * from (values ('address', 'merged'), ('attribute', 'merged'), ('series', 'merged'), ('ticket', 'merged'), ('message', 'merged'), ('waitlist_entry', 'merged'),
                                        ('note', ''), ('file', ''), ('task', '')) as t(name, closed) loop
        execute format('create or replace trigger _180_contact_is_open_insert after insert on crm.%I referencing new table as new_rows '
                       'for each statement execute function internal.tg_part__contact_is_open(%L)', v_part.name, v_part.closed);
        execute format('create or replace trigger _180_contact_is_open before update of contact_id on crm.%I for each row '
                       'when (new.contact_id is distinct from old.contact_id) execute function internal.tg_part__contact_is_open(%L)', v_part.name, v_part.closed);
    end loop;
end $$;
-- The places of visits stay, without words, and take no new ones.
create or replace trigger _185_contact_is_not_erased before update on crm.address
    for each row execute function internal.tg_part__contact_is_open('');
create or replace trigger _200_moves before insert or update of state on crm.contact_import
    for each row execute function internal.tg_contact_import__moves();
