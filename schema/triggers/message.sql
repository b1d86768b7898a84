create or replace trigger _150_visit before insert on crm.message
    for each row when (new.ticket_id is not null) execute function internal.tg_message__visit();
create or replace trigger _170_moves before update of status on crm.message
    for each row when (new.status <> old.status) execute function internal.tg_message__moves();
create or replace trigger _500_job after insert or update of status, send_at on crm.message
    for each row when (new.status = 'pending') execute function internal.tg_message__job();
create or replace trigger _500_message_failed after update of state on crm.job
    for each row when (new.state = 'dead' and new.kind = 'message') execute function internal.tg_job__message_failed();
create or replace trigger _510_address_is_known after update of email on crm.contact
    for each row when (old.email is null and new.email is not null) execute function internal.tg_contact__address_is_known();
create or replace trigger _500_token after insert on crm.ticket_link
    for each row execute function internal.tg_ticket_link__token();
