-- Predicates that check constraints stand on, so they must exist before the tables.

create or replace function internal.is_plain_text(p_text text, p_most integer) returns boolean
language sql immutable parallel safe
return p_text is null or (length(p_text) <= p_most and p_text !~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]');
comment on function internal.is_plain_text(text, integer) is 'At most p_most characters, no control characters but line breaks and tabs.';

create or replace function internal.is_one_line(p_text text, p_most integer) returns boolean
language sql immutable parallel safe
return p_text is null or (length(p_text) between 1 and p_most and p_text = btrim(p_text)
    and p_text !~ '[\x01-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]' and p_text ~ '[^\s\u00ad\u200b-\u200f\u2060\ufeff]');
comment on function internal.is_one_line(text, integer) is
    '1 to p_most characters on one line, nothing to trim, something to see, and nothing that turns the direction of what follows.';

create or replace function internal.fields_of(p_words text) returns text[]
language sql immutable parallel safe
return array(select m[1] from regexp_matches(p_words, '\{([^}]*)\}?', 'g') m);
comment on function internal.fields_of(text) is 'What stands in braces: {"name"} of "Hello {name},".';

create or replace function internal.is_email(p_email text) returns boolean
language sql immutable parallel safe
return p_email is null or (length(p_email) <= 254 and p_email = lower(p_email)
    and p_email ~ '^[a-z0-9!#$*+/=^_`{|}~''-]+(\.[a-z0-9!#$*+/=^_`{|}~''-]+)*@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$');
comment on function internal.is_email(text) is 'One lower-case address that can be put on an envelope, and into a link, as it is: ASCII, no quoting.';

create or replace function internal.is_time_zone(p_zone text) returns boolean
language plpgsql immutable parallel safe set search_path = ''
as $$
begin
    perform timestamptz '2000-01-01 00:00+00' at time zone p_zone;
    -- 'EST5EDT' and '+03' are accepted by PostgreSQL but are no place; a business is in a place.
    return p_zone ~ '^[A-Za-z_]+(/[A-Za-z_+-]+)+$' or p_zone = 'UTC';
exception when invalid_parameter_value then
    return false;
end $$;
comment on function internal.is_time_zone(text) is 'An IANA zone that names a place (Area/City), or UTC.';

create or replace function internal.is_sane_time(p_at timestamptz) returns boolean
language sql immutable parallel safe
return p_at is null or (p_at >= timestamptz '1900-01-01 00:00+00' and p_at < timestamptz '2200-01-01 00:00+00');
comment on function internal.is_sane_time(timestamptz) is 'Finite and between 1900 and 2200: `infinity` would break every list that shows it.';
create or replace function internal.is_sane_date(p_on date) returns boolean
language sql immutable parallel safe
return p_on is null or (p_on >= date '1900-01-01' and p_on < date '2200-01-01');
comment on function internal.is_sane_date(date) is 'Finite and between 1900 and 2200.';

create or replace function internal.is_e164(p_e164 text, p_digits text) returns boolean
language sql immutable parallel safe
return p_e164 is null or (p_e164 ~ '^\+[1-9]\d{6,14}$' and position(right(p_e164, 6) in p_digits) > 0);
comment on function internal.is_e164(text, text) is 'A number as the world dials it, and the same as the one whose digits were typed.';

create or replace function internal.is_attribute_value(p_kind text, p_value text) returns boolean
language sql immutable parallel safe
return case p_kind
    when 'number' then p_value ~ '^-?(0|[1-9]\d{0,11})(\.\d{0,2}[1-9])?$'
    when 'yes_no' then p_value in ('yes', 'no')
    when 'date' then p_value ~ '^(19|2[01])\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$' and pg_input_is_valid(p_value, 'date')
    when 'list' then p_value !~ ';|(^|,)\s*(,|$)'
    else true end;
comment on function internal.is_attribute_value(text, text) is
    'A value as its kind is kept: 24 or 1.5; yes or no; 2026-11-23; items between commas; any text.';

create or replace function internal.is_contact_mapping(p_mapping text[]) returns boolean
language sql immutable parallel safe
return not exists (
    select from unnest(p_mapping) t
    where t is null or (t !~ '^attribute:[a-z]([a-z0-9 ]{0,38}[a-z0-9])?$' and t <> all ('{"",name,first_name,last_name,organisation,
        phone,other_phone,email,preferred_method,note,label,street,street_2,city,region,postcode,access_note,referred_by,tags}')));
comment on function internal.is_contact_mapping(text[]) is
    'Where columns of a file may go: a field of a contact or an address, attribute:<key> for a fact, or nothing.';
