create or replace function internal.tg_business__time_zone_is_known() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.require_time_zone(new.time_zone);
    return new;
end $$;
comment on function internal.tg_business__time_zone_is_known() is
    'A zone has the very name that the list gives it: PostgreSQL would take any case, programs beside it do not.';
