create or replace function internal.contact_import_take(p_import crm.contact_import, p_people jsonb) returns void
language plpgsql volatile
-- What is known grows as rows are taken in: a plan that reads all of it would be kept, and be wrong soon.
set search_path = '' set enable_seqscan = off
as $$
declare
    v_numbers integer[] := array(select (p.person ->> 'number')::integer from jsonb_array_elements(p_people) p(person));
    v_left jsonb;
    v_new jsonb;
    v_known jsonb;
begin
    update crm.contact_import_row r set outcome = 'failed', reason = left(p.person ->> 'failed', 1000)
    from jsonb_array_elements(p_people) p(person)
    where r.business_id = p_import.business_id and r.contact_import_id = p_import.id
      and r.number = any (v_numbers) and r.number = (p.person ->> 'number')::integer and p.person ? 'failed';
    select jsonb_agg(p.person order by p.place) into v_left
    from jsonb_array_elements(p_people) with ordinality p(person, place) where not p.person ? 'failed';
    if p_import.duplicates = 'create' then
        perform internal.contact_import_add(p_import, v_left);
        return;
    end if;
    -- A row about somebody who stands further up in the file waits until that row is in the book.
    while v_left is not null loop
        select jsonb_agg(s.person order by s.number) filter (where s.contact_id is null and not s.waits),
               jsonb_agg(s.person || jsonb_build_object('contact_id', s.contact_id, 'why', s.why) order by s.number) filter (where s.contact_id is not null),
               jsonb_agg(s.person order by s.number) filter (where s.waits)
        into v_new, v_known, v_left
        from internal.contact_import_sorted(p_import.business_id, v_left) s;
        perform internal.contact_import_add(p_import, v_new);
        if p_import.duplicates = 'update' then
            perform internal.contact_import_update(p_import, v_known);
        else
            update crm.contact_import_row r
            set outcome = 'skipped', contact_id = k.contact_id, reason = format('Already known: %s (%s).', c.name, k.why)
            from jsonb_to_recordset(v_known) k(number integer, contact_id uuid, why text)
            join crm.contact c on c.business_id = p_import.business_id and c.id = k.contact_id
            where r.business_id = p_import.business_id and r.contact_import_id = p_import.id
              and r.number = any (v_numbers) and r.number = k.number;
        end if;
    end loop;
end $$;
comment on function internal.contact_import_take(crm.contact_import, jsonb) is
    'Take these rows in, all of them or none: who is new is added, who is known is skipped or updated as the import says.';
