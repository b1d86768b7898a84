create or replace function internal.tg_attribute__follows_its_key() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_kind text;
begin
    -- A key that changes its kind carries its facts along: theirs is the new one already. Whoever says the kind has
    -- looked it up, and the foreign key holds them to it.
    if (tg_op = 'INSERT' and new.kind is null) or new.key <> old.key then
        insert into crm.attribute_key (business_id, key) values (new.business_id, new.key)
        on conflict on constraint attribute_key_is_used_once do nothing;
        select k.kind into v_kind from crm.attribute_key k where k.business_id = new.business_id and k.key = new.key;
        new.kind := v_kind;
    end if;
    if new.kind = 'text' then return new; end if;
    new.value := internal.attribute_value(new.kind, new.value);
    if not internal.is_attribute_value(new.kind, new.value) then
        perform internal.refuse('attribute_value_fits_its_kind', format('“%s” is %s.', new.key, case new.kind
            when 'number' then 'a number, such as 24 or 1.5' when 'yes_no' then 'either yes or no'
            when 'date' then 'a date, such as 2026-11-23' else 'a list, with commas between its items' end),
            format('“%s” is not.', left(new.value, 60)));
    end if;
    return new;
end $$;
comment on function internal.tg_attribute__follows_its_key() is
    'A fact is of the kind that its name has in this business, and its value is kept as that kind is; a new name is text. Definer: makes the name.';
