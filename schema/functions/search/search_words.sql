create or replace function internal.search_words(p_text text) returns text[]
language sql stable parallel safe set search_path = ''
return array_remove(regexp_split_to_array(translate(
    lower(extensions.unaccent('extensions.unaccent'::regdictionary, p_text) collate pg_catalog.pg_c_utf8), '''`´', ''), '[^[:alnum:]]+'), '');
comment on function internal.search_words(text) is
    'The words of a text as searches compare them: in lower case, without accents, O''Brien as one word.';
