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
create or replace trigger _200_moves before insert or update of state on crm.contact_import
    for each row execute function internal.tg_contact_import__moves();
