create or replace function internal.fill(p_words text, p_fields jsonb) returns text
language sql immutable parallel safe set search_path = ''
as $$
    select string_agg(g.words, E'\n\n' order by g.place)
    from (
        select p.place, string_agg(f.words, E'\n' order by l.place) as words
        from regexp_split_to_table(p_words, '\n\n') with ordinality p(words, place)
        cross join regexp_split_to_table(p.words, '\n') with ordinality l(words, place)
        -- Once, from left to right: what a value says is never taken for a field.
        cross join lateral (
            select string_agg(m.part[1] || coalesce(p_fields ->> m.part[2], ''), '' order by m.place) as words,
                   bool_or(m.part[2] is not null and coalesce(p_fields ->> m.part[2], '') = '') as lacks
            from regexp_matches(l.words, '([^{]*)(?:\{(\w+)\})?', 'g') with ordinality m(part, place)) f
        where f.lacks is not true
        group by p.place) g
$$;
comment on function internal.fill(text, jsonb) is
    'Words with their {fields} filled in. A line of which a field is empty or not there is left out, and a paragraph of which nothing is left: "Hello {name},", {"name": "Nora"} → "Hello Nora,".';
