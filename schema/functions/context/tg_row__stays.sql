create or replace function internal.tg_row__stays() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
    v_old jsonb := to_jsonb(old);
    v_new jsonb := to_jsonb(new);
    v_column text;
begin
    foreach v_column in array tg_argv loop
        if v_new -> v_column is distinct from v_old -> v_column then
            perform internal.refuse(format('%s_%s_stays', tg_table_name, v_column),
                replace(format('The %s of a %s stays as it is.', v_column, tg_table_name), '_', ' '), 'Make another one in its place.');
        end if;
    end loop;
    return new;
end $$;
comment on function internal.tg_row__stays() is
    'These columns of a row say what it is, and never change: where a link leads, whose a feed is, what was done under an id, which time was offered. Refused as <table>_<column>_stays, so that whoever looks for such a rule finds it in schema/triggers/stays.sql by its column.';
