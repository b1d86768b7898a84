create or replace function internal.contact_import_settle(p_import crm.contact_import, p_people jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_count integer := coalesce(jsonb_array_length(p_people), 0);
    v_part integer := (v_count + 7) / 8;
    v_why text;
    v_rule text;
    v_table text;
    v_column text;
    v_hint text;
begin
    if v_count = 0 then return; end if;
    begin
        perform internal.contact_import_take(p_import, p_people);
        return;
    exception when integrity_constraint_violation then
        get stacked diagnostics v_why = message_text, v_hint = pg_exception_hint, v_rule = constraint_name, v_table = table_name, v_column = column_name;
    end;
    -- Somewhere among them is a row that a rule refuses: smaller and smaller parts, until it is alone.
    if v_count > 1 then
        for n in 0 .. 7 loop
            perform internal.contact_import_settle(p_import, (
                select jsonb_agg(p.person order by p.place) from jsonb_array_elements(p_people) with ordinality p(person, place)
                where p.place > n * v_part and p.place <= (n + 1) * v_part));
        end loop;
        return;
    end if;
    update crm.contact_import_row r set outcome = 'failed', reason = left(internal.rule_sentence(v_rule, v_table, v_column, v_why, v_hint), 1000)
    where r.business_id = p_import.business_id and r.contact_import_id = p_import.id and r.number = (p_people -> 0 ->> 'number')::integer;
end $$;
comment on function internal.contact_import_settle(crm.contact_import, jsonb) is
    'Take these rows in. When a rule refuses one of them, the others are taken in without it.';
