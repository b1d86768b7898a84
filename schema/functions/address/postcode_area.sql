create or replace function internal.postcode_area(p_postcode text) returns text
language sql immutable parallel safe set search_path = ''
begin atomic
    select upper(case when btrim(p_postcode) ~ '^[A-Za-z]' and btrim(p_postcode) like '% %' then split_part(btrim(p_postcode), ' ', 1)
        else left(btrim(p_postcode), 3) end);
end;
comment on function internal.postcode_area(text) is
    'The beginning of a postcode that places near each other share: SW1A of SW1A 1AA, 357 of 35758.';
