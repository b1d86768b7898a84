create or replace function internal.search_key(p_business_id uuid) returns text
language sql immutable strict parallel safe set search_path = ''
return left(md5(p_business_id::text), 8);
comment on function internal.search_key(uuid) is
    'What every token of a business begins with. It only keeps searches short: rows are compared by business, so two businesses with one key still do not meet.';
