create or replace function internal.is_card_number(p_digits text) returns boolean
language sql immutable strict parallel safe set search_path = ''
begin atomic
    select length(p_digits) between 13 and 19 and sum(case when n % 2 = 1 then d when d > 4 then d * 2 - 9 else d * 2 end) % 10 = 0
    from generate_series(1, length(p_digits)) n, lateral (select substr(p_digits, length(p_digits) + 1 - n, 1)::integer) as digit(d);
end;
comment on function internal.is_card_number(text) is '13 to 19 digits whose check digit (Luhn) is right.';
