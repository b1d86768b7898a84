create or replace trigger _200_not_too_many before insert on crm.saved_list
    for each row execute function internal.tg_saved_list__not_too_many();
