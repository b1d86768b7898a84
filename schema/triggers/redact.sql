-- Free text that people type loses card and social security numbers wherever it is kept. Most of it has no number at
-- all: what has no three digits in a row is not looked at any further.
do $$
declare
    v_text record;
begin
    for v_text in select * from (values
        ('contact', array['note', 'referred_by']), ('note', array['body']), ('address', array['access_note']), ('attribute', array['value', 'words']),
        ('ticket', array['note', 'instructions', 'cancel_reason', 'clock_reason']), ('proposal', array['value', 'old_value']), ('gap', array['reason']),
        ('task', array['title', 'detail']), ('invoice', array['note', 'void_reason']), ('payment', array['reference']),
        ('assignment', array['book_anyway_reason', 'out_of_hours_reason']), ('time_off', array['reason']), ('series', array['instructions']), ('waitlist_entry', array['note', 'end_reason'])) as t(name, columns) loop
        execute format('create or replace trigger _050_redact before insert or update of %s on crm.%I for each row when (%s) execute function internal.tg_redact(%s)',
            (select string_agg(quote_ident(c), ', ') from unnest(v_text.columns) c), v_text.name,
            (select string_agg(format('new.%I ~ ''\d{3}''', c), ' or ') from unnest(v_text.columns) c),
            (select string_agg(quote_literal(c), ', ') from unnest(v_text.columns) c));
    end loop;
end $$;
create or replace trigger _050_redact before insert on crm.contact_import_row
    for each row execute function internal.tg_contact_import_row__redact();
