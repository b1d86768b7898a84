-- What large.sql works from: the businesses of one transaction, words, and functions that make the same
-- thing of the same seed. All of it ends with the connection.
-- (Only immutable parts, no concat_ws: so the planner puts the bodies in place of the calls.)

-- Any number, the same for the same row.
create function pg_temp.made_number(p_seed text, p_kind text, p_business integer, p_number bigint) returns bigint
language sql immutable parallel safe
return hashint8extended(p_number, hashtextextended(p_seed || ' ' || p_kind || ' ' || p_business::text, 0)) & 9223372036854775807;

-- An id of version 7: its milliseconds count the rows, so that they are written in the order of their index.
create function pg_temp.made_id(p_seed text, p_kind text, p_business integer, p_number bigint) returns uuid
language sql immutable parallel safe
return (lpad(to_hex(1704067200000 + p_number), 12, '0') || '7' || overlay(
    left(md5(p_seed || ' ' || p_kind || ' ' || p_business::text || ' ' || p_number::text), 19) placing '8' from 4 for 1))::uuid;

create temp table word (firsts text[], lasts text[], trades text[], streets text[], cities text[], notes text[]);

create temp table plan (
    seed text, number integer, business_id uuid, zone text, contacts bigint, visits bigint, stride bigint,
    first_day timestamp, days integer, today integer, technicians uuid[], services uuid[]);

create temp table visit (
    seed text, number integer, n bigint, business_id uuid, id uuid, contact_id uuid, address_id uuid, member_id uuid, service_id uuid,
    status text, starts_at timestamptz, ends_at timestamptz, made_at timestamptz);

create temp table bill (
    seed text, number integer, n bigint, business_id uuid, id uuid, ticket_id uuid, contact_id uuid, address_id uuid, member_id uuid,
    place bigint, day date, paid boolean, at timestamptz);
