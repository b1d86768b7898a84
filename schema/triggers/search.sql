-- What contacts are found by follows what is known of them: once for a statement, however many rows it has.
do $$
declare
    v_table record;
begin
    for v_table in select * from (values ('contact', 'id'), ('address', 'contact_id'), ('attribute', 'contact_id'), ('note', 'contact_id')) as t(name, whose) loop
        execute format('create or replace trigger _510_search_insert after insert on crm.%I referencing new table as new_rows '
                       'for each statement execute function internal.tg_contact_search(%L)', v_table.name, v_table.whose);
        execute format('create or replace trigger _510_search_update after update on crm.%I referencing old table as old_rows new table as new_rows '
                       'for each statement execute function internal.tg_contact_search(%L)', v_table.name, v_table.whose);
        execute format('create or replace trigger _510_search_delete after delete on crm.%I referencing old table as old_rows '
                       'for each statement execute function internal.tg_contact_search(%L)', v_table.name, v_table.whose);
    end loop;
end $$;
-- Of a visit only its note is found.
create or replace trigger _510_search after update of note on crm.ticket
    for each row when (new.note is distinct from old.note) execute function internal.tg_ticket__search();
