-- updated_at is kept wherever it exists.
do $$
declare
    v_table name;
begin
    for v_table in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'updated_at'
        where c.relnamespace = 'crm'::regnamespace and c.relkind = 'r'
    loop
        execute format('create or replace trigger _800_touch before update on crm.%I '
                       'for each row execute function internal.tg_touch()', v_table);
    end loop;
end $$;
