create or replace function internal.tg_redact() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_row jsonb := to_jsonb(new);
    v_column text;
    v_clean text;
begin
    foreach v_column in array tg_argv loop
        -- Most of what people write has nothing that could be such a number.
        continue when v_row ->> v_column !~ '\d{3}' or v_row ->> v_column is null;
        v_clean := internal.redact(v_row ->> v_column);
        if v_clean is distinct from v_row ->> v_column then
            new := jsonb_populate_record(new, jsonb_build_object(v_column, v_clean));
            perform internal.security_event_record('number_redacted', tg_table_name || '.' || v_column);
        end if;
    end loop;
    return new;
end $$;
comment on function internal.tg_redact() is
    'Redact the columns named as arguments and record each redaction. Definer: writes the security event.';
