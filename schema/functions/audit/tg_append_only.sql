create or replace function internal.tg_append_only() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.refuse(tg_table_name || '_is_append_only', 'This is a record of what happened: it is never changed or removed.');
    return null;
end $$;
comment on function internal.tg_append_only() is 'Refuse every update and delete, whoever asks.';
