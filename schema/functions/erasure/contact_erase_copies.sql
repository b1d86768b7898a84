create or replace function internal.contact_erase_copies(p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_contact record;
begin
    -- Files that wait to be looked over may speak of them in any spelling: they are chosen again in a minute.
    delete from crm.contact_import_row r using crm.contact_import i
    where i.business_id = v_business and i.state = 'mapping' and r.business_id = v_business and r.contact_import_id = i.id;
    update crm.contact_import i set state = 'cancelled', finished_at = internal.now(), total_rows = 0
    where i.business_id = v_business and i.state = 'mapping';
    for v_contact in
        select c.id, lower(c.name) as name, c.email, nullif(right(c.phone_digits, 9), '') as digits, nullif(right(c.other_digits, 9), '') as other,
            array(select w from unnest(internal.search_words(c.name)) w where length(w) > 1) as words,
            -- Its longest word, as written and without accents: looked for first, for taking a row apart is dear.
            (select w from regexp_split_to_table(lower(c.name), '\s+') w order by length(w) desc limit 1) as written,
            (select w from unnest(internal.search_words(c.name)) w order by length(w) desc limit 1) as plain
        from crm.contact c where c.business_id = v_business and c.id = any (p_contact_ids)
    loop
        -- Rows of files that were about them, or speak of them: taken in or not, in whichever columns.
        update crm.contact_import_row r
        set cells = array_fill(''::text, array[cardinality(r.cells)]), reason = case when r.reason is not null then '[erased]' end
        from (
            select o.contact_import_id, o.number from crm.contact_import_row o, lateral (select lower(array_to_string(o.cells, ' ')) as said offset 0) l,
                lateral (select l.said, translate(l.said, ' ()-./+', '') as dialled offset 0) s
            where o.business_id = v_business and o.outcome <> 'waiting' and (o.contact_id = v_contact.id or (o.cells <> '{}' and (
                strpos(s.said, v_contact.email) > 0
                or (length(v_contact.digits) >= 7 and strpos(s.dialled, v_contact.digits) > 0)
                or (length(v_contact.other) >= 7 and strpos(s.dialled, v_contact.other) > 0)
                or (v_contact.words <> '{}' and (strpos(s.said, v_contact.written) > 0 or strpos(s.said, v_contact.plain) > 0)
                    and internal.search_words(s.said) @> v_contact.words))))
        ) about
        where r.business_id = v_business and r.contact_import_id = about.contact_import_id and r.number = about.number
          and (r.cells <> array_fill(''::text, array[cardinality(r.cells)]) or r.reason is not null);
        delete from crm.saved_list l
        where l.business_id = v_business and (strpos(lower(replace(l.query, '+', ' ')), v_contact.name) > 0 or strpos(lower(replace(l.query, '%40', '@')), v_contact.email) > 0);
    end loop;
    -- An export is a copy of everything: it is made anew in a minute.
    delete from crm.data_export_part p where p.business_id = v_business;
    delete from crm.data_export e where e.business_id = v_business;
end $$;
comment on function internal.contact_erase_copies(uuid[]) is
    'Take these contacts out of what only repeats them: rows of imported files, exports that wait to be taken away, saved searches for them.';
