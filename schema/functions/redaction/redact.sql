create or replace function internal.redact(p_text text) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
    v_text text := p_text;
    -- How cards are written: in one piece, in eights, in fours, as American Express (4-6-5) and Diners (4-6-4) do;
    -- the longer ones first. What follows may be an expiry date or a check number.
    v_gap constant text := '[ .\u00a0\u2009\u202f\u2010-\u2015-]';
    v_shape text;
    v_found text;
begin
    if v_text is null or v_text !~ '\d{3}' then
        return v_text;
    end if;
    -- US social security numbers, in the ranges that are given out; with spaces only after their name.
    v_text := regexp_replace(v_text, '(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])', '[REDACTED]', 'g');
    v_text := regexp_replace(v_text, '((?:ssn|social security)\D{0,20})(?!000|666|9\d\d)\d{3}[ .]?(?!00)\d{2}[ .]?(?!0000)\d{4}(?!\d)', '\1[REDACTED]', 'gi');
    foreach v_shape in array array[
        '[2-6]\d{12,18}(?![[:alnum:]]|[.-]\d)',
        replace('[2-6]\d{3}(?:~\d{4}){3}~\d{1,3}(?!\d)', '~', v_gap),
        replace('[2-6]\d{3}(?:~\d{4}){3}(?![[:alnum:]])', '~', v_gap),
        replace('[2-6]\d{7}~\d{8}(?!\d)', '~', v_gap),
        replace('3\d{3}~\d{6}~\d{4,5}(?!\d)', '~', v_gap)]
    loop
        for v_found in select m[1] from regexp_matches(v_text, '(?<![[:alnum:].-])(' || v_shape || ')', 'g') m loop
            if internal.is_card_number(regexp_replace(v_found, '\D', '', 'g')) then
                v_text := replace(v_text, v_found, '[REDACTED]');
            end if;
        end loop;
    end loop;
    return v_text;
end $$;
comment on function internal.redact(text) is
    'The text with payment card numbers (right check digit) and US social security numbers replaced by [REDACTED]. Phone numbers, postcodes, dates and ids stay.';
