create or replace function internal.address_key(p_address crm.address) returns text
language sql immutable parallel safe set search_path = ''
as $$
    select lower(p_address.street collate pg_catalog.pg_c_utf8) || '|'
        || lower(coalesce(replace(p_address.postcode, ' ', ''), p_address.city, '') collate pg_catalog.pg_c_utf8)
$$;
comment on function internal.address_key(crm.address) is
    'Two addresses with one key are the same place: street and postcode in any case; the city where there is no postcode.';
