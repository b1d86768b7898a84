create or replace function internal.tg_contact_search() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_column text := tg_argv[0];
    v_ids uuid[];
begin
    -- An import writes it down itself, once for all that it writes.
    if current_setting('app.search_later', true) = 'on' then return null; end if;
    if tg_op <> 'DELETE' then
        select array_agg(distinct (to_jsonb(n) ->> v_column)::uuid) into v_ids from new_rows n;
    end if;
    if tg_op <> 'INSERT' then
        select v_ids || array_agg(distinct (to_jsonb(o) ->> v_column)::uuid) into v_ids from old_rows o;
    end if;
    if v_ids is not null then perform internal.contact_search_refresh(v_ids); end if;
    return null;
end $$;
comment on function internal.tg_contact_search() is
    'Whatever changes what is known of contacts changes what they are found by; the argument names the column that says whose it is. Definer: writes what is kept for searching.';
