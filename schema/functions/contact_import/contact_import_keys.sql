create or replace function internal.contact_import_keys(p_business_id uuid, p_people jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    insert into crm.attribute_key (business_id, key, kind)
    select distinct p_business_id, f.key, case f.key when 'tags' then 'list' else 'text' end
    from jsonb_array_elements(p_people) p(person), jsonb_each_text(p.person -> 'attributes') f
    where not exists (select from crm.attribute_key k where k.business_id = p_business_id and k.key = f.key)
    on conflict on constraint attribute_key_is_used_once do nothing;
end $$;
comment on function internal.contact_import_keys(uuid, jsonb) is
    'The names of the facts that these people have, as far as they are new. Tags are a list, everything else is text until somebody says what it is.';
