-- The wall: whatever other policies say, a row is reached only from its own business. RESTRICTIVE, so
-- that no policy added later can widen it; FORCE, so that it stands for the owner's functions too.
do $$
declare
    v_table name;
begin
    for v_table in
        select c.relname from pg_class c
        where c.relnamespace = 'crm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'business_id')
    loop
        execute format('alter table crm.%I enable row level security', v_table);
        execute format('alter table crm.%I force row level security', v_table);
        execute format('drop policy if exists wall on crm.%I', v_table);
        execute format('create policy wall on crm.%I as restrictive for all to public '
            'using (business_id = (select internal.current_business())) '
            'with check (business_id = (select internal.current_business()))', v_table);
        -- Only functions write, and a function has asked internal.require() first.
        execute format('drop policy if exists %I on crm.%I', v_table || '_functions_insert', v_table);
        execute format('create policy %I on crm.%I for insert to crm_owner with check (true)', v_table || '_functions_insert', v_table);
        execute format('drop policy if exists %I on crm.%I', v_table || '_functions_update', v_table);
        execute format('create policy %I on crm.%I for update to crm_owner using (true) with check (true)', v_table || '_functions_update', v_table);
        execute format('drop policy if exists %I on crm.%I', v_table || '_functions_delete', v_table);
        execute format('create policy %I on crm.%I for delete to crm_owner using (true)', v_table || '_functions_delete', v_table);
    end loop;

    -- Partitions are reached through their parent only: no grant, no policy, but the wall's two switches.
    for v_table in
        select c.relname from pg_class c
        where c.relnamespace = 'crm'::regnamespace and c.relkind = 'r' and c.relispartition
    loop
        execute format('alter table crm.%I enable row level security', v_table);
        execute format('alter table crm.%I force row level security', v_table);
    end loop;

    -- Global tables know no business: closed to every role, opened by the sign-in functions alone.
    foreach v_table in array array['account', 'sign_in_link'] loop
        execute format('alter table crm.%I enable row level security', v_table);
        execute format('alter table crm.%I force row level security', v_table);
        execute format('drop policy if exists %I on crm.%I', v_table || '_functions_all', v_table);
        execute format('create policy %I on crm.%I for all to crm_owner using (true) with check (true)', v_table || '_functions_all', v_table);
    end loop;
end $$;
