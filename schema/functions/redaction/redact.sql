create or replace function internal.redact(p_text text) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
    v_text text := p_text;
    v_found text;
    v_digits text;
    v_sum integer;
    v_digit integer;
begin
    if v_text is null or v_text !~ '\d{3}' then
        return v_text;
    end if;
    -- US social security numbers, in the ranges that are given out.
    v_text := regexp_replace(v_text, '(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])', '[REDACTED]', 'g');
    -- Payment cards: 13 to 19 digits as cards are written, starting as cards start, with a right check digit.
    for v_found in
        select m[1] from regexp_matches(v_text,
            '(?<![\w.-])([2-6]\d{12,18}|[2-6]\d{3}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|3\d{3}[ -]\d{6}[ -]\d{4,5})(?![\w-])', 'g') m
    loop
        v_digits := regexp_replace(v_found, '\D', '', 'g');
        v_sum := 0;
        for i in 1 .. length(v_digits) loop
            v_digit := substr(v_digits, length(v_digits) + 1 - i, 1)::integer;
            if i % 2 = 0 then
                v_digit := v_digit * 2;
                v_sum := v_sum + v_digit / 10 + v_digit % 10;
            else
                v_sum := v_sum + v_digit;
            end if;
        end loop;
        if v_sum % 10 = 0 then
            v_text := replace(v_text, v_found, '[REDACTED]');
        end if;
    end loop;
    return v_text;
end $$;
comment on function internal.redact(text) is
    'The text with payment card numbers (right check digit) and US social security numbers replaced by [REDACTED]. Phone numbers, postcodes, dates and ids stay.';
