create or replace function internal.tg_contact_import_row__redact() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    -- All cells at once: nearly every row has nothing to redact.
    v_all text := array_to_string(new.cells, E'\x01');
begin
    if internal.redact(v_all) is distinct from v_all then
        new.cells := array(select internal.redact(c) from unnest(new.cells) with ordinality u(c, place) order by u.place);
        perform internal.security_event_record('number_redacted', 'contact_import_row.cells');
    end if;
    return new;
end $$;
comment on function internal.tg_contact_import_row__redact() is
    'The cells of a file lose card and social security numbers before they are kept. Definer: writes the security event.';
