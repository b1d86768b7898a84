create or replace trigger _200_time_zone_is_known before insert or update of time_zone on crm.business
    for each row execute function internal.tg_business__time_zone_is_known();
