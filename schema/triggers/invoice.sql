create or replace trigger _200_moves before insert or update or delete on crm.invoice
    for each row execute function internal.tg_invoice__moves();
create or replace trigger _200_lines_are_final before insert or update or delete on crm.line_item
    for each row execute function internal.tg_invoice__lines_are_final();
create or replace trigger _210_not_too_many before insert on crm.line_item
    for each row when (new.ticket_id is not null) execute function internal.tg_line_item__not_too_many();
create or replace trigger _220_service_is_on_the_list before insert or update of ticket_id, service_id on crm.line_item
    for each row when (new.ticket_id is not null and new.service_id is not null)
    execute function internal.tg_line_item__service_is_on_the_list();
create or replace trigger _300_amounts before insert or update on crm.line_item
    for each row execute function internal.tg_line_item__amounts();
create or replace trigger _500_invoice_total after insert or update or delete on crm.line_item
    for each row execute function internal.tg_line_item__invoice_total();
create or replace trigger _500_invoice_paid after insert on crm.payment
    for each row execute function internal.tg_payment__invoice_paid();
