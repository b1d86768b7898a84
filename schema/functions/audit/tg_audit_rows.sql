create or replace function internal.tg_audit_rows() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, extensions, pg_temp
as $$
declare
    v_actor text[];
    v_ignored text[] := string_to_array(tg_argv[0], ',');
    v_masked text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
    v_mask hstore := hstore(v_masked, array_fill('[MASKED]'::text, array[cardinality(v_masked)]));
    v_reasoning text := nullif(current_setting('app.reasoning', true), '');
    v_rows hstore[];
begin
    if tg_op = 'INSERT' then
        select array_agg(hstore(n)) into v_rows from new_rows n;
    else
        select array_agg(hstore(o)) into v_rows from old_rows o;
    end if;
    if v_rows is null then return null; end if;
    v_actor := internal.context_parts();
    if v_reasoning is not null then v_reasoning := left(internal.redact(v_reasoning), 2000); end if;
    insert into crm.audit_entry (business_id, member_id, role, kind, source, grant_id, request_id, reasoning,
                                 table_name, row_id, operation, old, new, change_set_id, contact_id)
    select (r -> 'business_id')::uuid, nullif(v_actor[4], '')::uuid, v_actor[5], v_actor[6], v_actor[7],
           nullif(v_actor[8], '')::uuid, v_actor[9], v_reasoning, tg_table_name,
           coalesce(r -> 'id', r -> 'ticket_id', r -> 'contact_id', r -> 'business_id'), lower(tg_op),
           case when tg_op = 'DELETE' then k.kept end, case when tg_op = 'INSERT' then k.kept end,
           nullif(current_setting('app.change_set', true), '')::uuid,
           coalesce(r -> 'contact_id', case when tg_table_name = 'contact' then r -> 'id' end)::uuid
    -- What must not be kept a second time is named, not copied.
    from unnest(v_rows) r, lateral (
        select hstore_to_jsonb(case when v_mask = ''::hstore then delete(r, v_ignored) else delete(r, v_ignored) || slice(v_mask, akeys(r)) end)
    ) k(kept);
    return null;
end $$;
comment on function internal.tg_audit_rows() is
    'Write who added or removed which rows, all those of a statement at once. Arguments as those of tg_audit. Definer: nobody else may write the audit.';
