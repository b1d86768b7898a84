-- Everything that the businesses in `plan` have, past the triggers and just as they would have left it.

insert into crm.contact (business_id, id, kind, name, phone, email, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, 'contact', p.number, n),
    case when trade is null then 'person' else 'organisation' end, coalesce(last || ' ' || trade, first || ' ' || last),
    format('(%s) 555-%s', 205 + mod(h / 7, 780), lpad(mod(h / 11, 10000)::text, 4, '0')),
    case when mod(h, 3) < 2 then lower(format('%s.%s%s@example.com', first, last, n)) end, at, at
from plan p cross join word w cross join lateral generate_series(0, p.contacts - 1) n
cross join lateral (select pg_temp.made_number(p.seed, 'contact', p.number, n) as h) numbers
cross join lateral (select w.firsts[1 + mod(h / 13, cardinality(w.firsts))] as first, w.lasts[1 + mod(h / 17, cardinality(w.lasts))] as last,
    case when mod(h, 20) = 0 then w.trades[1 + mod(h / 20, cardinality(w.trades))] end as trade,
    (p.first_day - make_interval(mins => mod(h / 19, 900000)::integer)) at time zone p.zone as at) made;

insert into crm.address (business_id, id, contact_id, street, city, region, postcode, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, 'address', p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, n),
    1 + mod(h, 4000) || ' ' || w.streets[1 + mod(h / 13, cardinality(w.streets))], w.cities[1 + mod(h / 17, cardinality(w.cities))],
    'AL', (35700 + mod(h / 19, 120))::text, at, at
from plan p cross join word w cross join lateral generate_series(0, p.contacts - 1) n
cross join lateral (select pg_temp.made_number(p.seed, 'address', p.number, n) as h, p.first_day at time zone p.zone as at) made;

-- A technician's visits are spread evenly over the days; those of one day stand 55 minutes apart and last 45.
-- Contacts take turns, a stride apart: each has a visit, every second one has two.
truncate visit;
insert into visit
select p.seed, p.number, n, p.business_id, pg_temp.made_id(p.seed, 'ticket', p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, whose),
    pg_temp.made_id(p.seed, 'address', p.number, whose), p.technicians[1 + mod(n, crew)], p.services[1 + mod(h / 23, cardinality(p.services))],
    case when day >= p.today then 'scheduled' when mod(h, 20) = 0 then 'cancelled' else 'completed' end,
    start at time zone p.zone, (start + interval '45 minutes') at time zone p.zone,
    (least(start, p.first_day + make_interval(days => p.today)) - make_interval(mins => 600 + mod(h / 29, 30000)::integer)) at time zone p.zone
from plan p cross join lateral generate_series(0, p.visits - 1) n
cross join lateral (select cardinality(p.technicians) as crew) crews
cross join lateral (select n / crew as turn, (p.visits + crew - 1) / crew as turns, mod(n * p.stride, p.contacts) as whose,
    pg_temp.made_number(p.seed, 'visit', p.number, n) as h) turned
cross join lateral (select (turn * p.days + p.days / 2) / turns as day) days
cross join lateral (select p.first_day + make_interval(days => day::integer,
    mins => 420 + 55 * (turn - (day * turns - p.days / 2 + p.days - 1) / p.days)::integer) as start) times;

insert into crm.ticket (business_id, id, contact_id, address_id, status, confirmation, starts_at, ends_at, busy_until, arrival_minutes, clocked_in_at,
    clocked_out_at, note, completed_at, completed_by, cancelled_at, cancel_reason, created_at, updated_at)
select v.business_id, v.id, v.contact_id, v.address_id, v.status, 'confirmed', v.starts_at, v.ends_at, v.ends_at, 0,
    case when done then v.starts_at end, case when done then v.ends_at end, case when done then w.notes[1 + mod(v.n, cardinality(w.notes))] end,
    case when done then v.ends_at end, case when done then v.member_id end, case when gone then v.starts_at - interval '1 hour' end,
    case when gone then 'Rained out' end, v.made_at, case when done then v.ends_at when gone then v.starts_at - interval '1 hour' else v.made_at end
from visit v cross join word w cross join lateral (select v.status = 'completed' as done, v.status = 'cancelled' as gone) s;

insert into crm.assignment (business_id, ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, created_at)
select v.business_id, v.id, v.member_id, v.contact_id, v.starts_at, v.ends_at, v.status <> 'cancelled', v.made_at from visit v;

insert into crm.line_item (business_id, id, ticket_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor,
    tax_basis_points, price_confirmed, net_minor, tax_minor, total_minor, created_at, updated_at)
select v.business_id, pg_temp.made_id(v.seed, 'line_item', v.number, v.n), v.id, s.id, 1, s.name, s.pricing, s.unit_label, q.quantity,
    s.price_minor, b.tax_basis_points, s.pricing <> 'flexible' or v.status = 'completed', a.net_minor, a.tax_minor, a.total_minor, v.made_at, v.made_at
from visit v
join crm.business b on b.business_id = v.business_id
join crm.service s on s.business_id = v.business_id and s.id = v.service_id
cross join lateral (select case when s.pricing = 'per_unit' then 8 + mod(v.n, 40) else 1 end as quantity) q
cross join lateral internal.line_amounts(q.quantity, s.price_minor, b.tax_basis_points, b.prices_include_tax) a;

-- Every third has a pet, every seventh a code at the gate.
insert into crm.attribute_key (business_id, id, key, section, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, 'attribute key', p.number, f.n), f.key, f.section, p.first_day at time zone p.zone, p.first_day at time zone p.zone
from plan p cross join (values (1, 'pet', 'people'), (2, 'gate code', 'access')) f(n, key, section);
insert into crm.attribute (business_id, id, contact_id, key, kind, value, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, f.key, p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, n), f.key, 'text', f.value, at, at
from plan p cross join lateral generate_series(0, p.contacts - 1) n
cross join lateral (select pg_temp.made_number(p.seed, 'attribute', p.number, n) as h, p.first_day at time zone p.zone as at) made
cross join lateral (values
    ('pet', 3, (array['dog', 'cat', 'spaniel, a good dog', 'parrot'])[1 + mod(h / 21, 4)]),
    ('gate code', 7, lpad(mod(h / 23, 10000)::text, 4, '0'))) f(key, every, value)
where mod(h, f.every) = 0;

-- Every fourth was written about, every tenth will hear from the business, and one in forty is not the next one.
insert into crm.note (business_id, id, contact_id, body, member_id, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, 'note', p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, n),
    w.notes[1 + mod(n / 4, cardinality(w.notes))], p.technicians[1], p.first_day at time zone p.zone, p.first_day at time zone p.zone
from plan p cross join word w cross join lateral generate_series(0, p.contacts - 1, 4) n;
insert into crm.message (business_id, id, contact_id, kind, send_at, reason, created_at, updated_at)
select p.business_id, pg_temp.made_id(p.seed, 'message', p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, n), 'outreach',
    (p.first_day + make_interval(days => p.today + 30 + mod(n, 300)::integer)) at time zone p.zone, 'Half a year after the last visit',
    p.first_day at time zone p.zone, p.first_day at time zone p.zone
from plan p cross join lateral generate_series(0, p.contacts - 1, 10) n;
insert into crm.not_duplicate (business_id, contact_id, other_id, member_id, created_at)
select p.business_id, pg_temp.made_id(p.seed, 'contact', p.number, n), pg_temp.made_id(p.seed, 'contact', p.number, n + 1), p.technicians[1], p.first_day at time zone p.zone
from plan p cross join lateral generate_series(0, p.contacts - 2, 40) n;

-- The visits of the last two months are billed on their day; one bill in eight is not paid yet.
truncate bill;
insert into bill
select v.seed, v.number, v.n, v.business_id, pg_temp.made_id(v.seed, 'invoice', v.number, v.n), v.id, v.contact_id, v.address_id, v.member_id,
    row_number() over (partition by v.business_id order by v.ends_at, v.n), (v.ends_at at time zone p.zone)::date,
    mod(pg_temp.made_number(v.seed, 'invoice', v.number, v.n), 8) > 0, v.ends_at
from visit v join plan p on p.business_id = v.business_id
where v.status = 'completed' and v.starts_at >= (p.first_day + make_interval(days => p.today - 60)) at time zone p.zone;

-- What is read again must be known to the planner, or it compares each with each.
analyze bill, crm.contact, crm.address, crm.attribute, crm.note, crm.ticket, crm.line_item;

insert into crm.invoice (business_id, id, contact_id, ticket_id, number, status, currency, prices_include_tax, net_minor, tax_minor,
    total_minor, paid_minor, issued_on, due_on, bill_to_name, bill_to_address, created_at, updated_at)
select i.business_id, i.id, i.contact_id, i.ticket_id, i.place, case when i.paid then 'paid' else 'sent' end, b.currency, b.prices_include_tax,
    l.net_minor, l.tax_minor, l.total_minor, case when i.paid then l.total_minor else 0 end, i.day, i.day + b.payment_terms_days, c.name,
    concat_ws(', ', a.street, a.city, a.region, a.postcode), i.at, i.at
from bill i
join crm.business b on b.business_id = i.business_id
join crm.contact c on c.business_id = i.business_id and c.id = i.contact_id
join crm.address a on a.business_id = i.business_id and a.id = i.address_id
join crm.line_item l on l.business_id = i.business_id and l.ticket_id = i.ticket_id;

insert into crm.line_item (business_id, id, invoice_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor,
    tax_basis_points, price_confirmed, net_minor, tax_minor, total_minor, created_at, updated_at)
select i.business_id, pg_temp.made_id(i.seed, 'billed', i.number, i.n), i.id, l.service_id, l.position, l.name, l.pricing, l.unit_label, l.quantity,
    l.unit_price_minor, l.tax_basis_points, l.price_confirmed, l.net_minor, l.tax_minor, l.total_minor, i.at, i.at
from bill i join crm.line_item l on l.business_id = i.business_id and l.ticket_id = i.ticket_id;

insert into crm.payment (business_id, id, invoice_id, amount_minor, method, paid_on, member_id, created_at)
select i.business_id, pg_temp.made_id(i.seed, 'payment', i.number, i.n), i.id, l.total_minor, 'check', i.day, i.member_id, i.at
from bill i join crm.line_item l on l.business_id = i.business_id and l.ticket_id = i.ticket_id where i.paid;

update crm.counter c set value = b.bills from (select business_id, count(*) as bills from bill group by 1) b
where c.business_id = b.business_id and c.name = 'invoice';
