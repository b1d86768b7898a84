create or replace function internal.tg_append_only() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    -- Erasing a person takes words out of records, and nothing else.
    if tg_op = 'UPDATE' and tg_level = 'ROW' then
        if tg_table_name = 'payment' then
            if internal.only_words_are_erased(to_jsonb(old), to_jsonb(new), array['reference'])
               and internal.is_erasing((select i.contact_id from crm.invoice i where i.business_id = old.business_id and i.id = old.invoice_id)) then
                return new;
            end if;
        elsif tg_table_name like 'audit\_entry%' then
            if to_jsonb(new) - array['old', 'new', 'reasoning'] = to_jsonb(old) - array['old', 'new', 'reasoning'] and new.reasoning is null
               and new.old is not distinct from internal.erased_words(old.old) and new.new is not distinct from internal.erased_words(old.new)
               and internal.is_erasing(null) then
                return new;
            end if;
        end if;
    end if;
    perform internal.refuse(regexp_replace(tg_table_name, '_(\d{4}_\d\d|default)$', '') || '_is_append_only', 'This is a record of what happened: it is never changed or removed.');
    return null;
end $$;
comment on function internal.tg_append_only() is
    'Refuse every update and delete, whoever asks; but for the transaction that erases a person, in which words become [erased].';
