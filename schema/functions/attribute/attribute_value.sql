create or replace function internal.attribute_value(p_kind text, p_value text) returns text
language sql stable parallel safe set search_path = ''
return case p_kind
    when 'number' then
        case when btrim(p_value) ~ '^-?\d{1,12}([.,]\d{1,3})?$' then trim_scale(replace(btrim(p_value), ',', '.')::numeric)::text else p_value end
    when 'yes_no' then
        case when lower(btrim(p_value)) in ('yes', 'y', 'true', '1', 'on') then 'yes'
             when lower(btrim(p_value)) in ('no', 'n', 'false', '0', 'off') then 'no' else p_value end
    when 'date' then
        case when btrim(p_value) ~ '^\d{4}-\d{1,2}-\d{1,2}$' and pg_input_is_valid(btrim(p_value), 'date') then btrim(p_value)::date::text else p_value end
    when 'list' then
        coalesce((select string_agg(item, ', ' order by place) from (
            select distinct on (lower(btrim(i))) btrim(i) as item, n as place
            from regexp_split_to_table(p_value, '[,;]') with ordinality s(i, n) where btrim(i) <> '' order by lower(btrim(i)), n) items), p_value)
    else p_value end;
comment on function internal.attribute_value(text, text) is
    'A value as facts of that kind are kept: "1,50" as 1.5, "Y" as yes, "a;b, a" as "a, b". What cannot be read as one comes back as it was, and its constraint refuses it.';
