-- Free text that people type loses card and social security numbers wherever it is kept.
create or replace trigger _050_redact before insert or update of note, referred_by on crm.contact
    for each row execute function internal.tg_redact('note', 'referred_by');
create or replace trigger _050_redact before insert or update of body on crm.note
    for each row execute function internal.tg_redact('body');
create or replace trigger _050_redact before insert or update of access_note on crm.address
    for each row execute function internal.tg_redact('access_note');
create or replace trigger _050_redact before insert on crm.contact_import_row
    for each row execute function internal.tg_contact_import_row__redact();
create or replace trigger _050_redact before insert or update of value, words on crm.attribute
    for each row execute function internal.tg_redact('value', 'words');
create or replace trigger _050_redact before insert or update of value, old_value on crm.proposal
    for each row execute function internal.tg_redact('value', 'old_value');
create or replace trigger _050_redact before insert or update of reason on crm.gap
    for each row execute function internal.tg_redact('reason');
create or replace trigger _050_redact before insert or update of title, detail on crm.task
    for each row execute function internal.tg_redact('title', 'detail');
create or replace trigger _050_redact before insert or update of note, void_reason on crm.invoice
    for each row execute function internal.tg_redact('note', 'void_reason');
create or replace trigger _050_redact before insert or update of reference on crm.payment
    for each row execute function internal.tg_redact('reference');
create or replace trigger _050_redact before insert or update of instructions on crm.series
    for each row execute function internal.tg_redact('instructions');
create or replace trigger _050_redact before insert or update of book_anyway_reason on crm.assignment
    for each row execute function internal.tg_redact('book_anyway_reason');
