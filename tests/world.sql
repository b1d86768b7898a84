-- Tidy's contacts are Pat, whom Tess visits, and Quinn, whom Carl visits; Rival's is Rita, whom Stan visits.
-- Runs as crm_owner, as the worker of each business in turn.
select internal.act_as('00000000-0000-7000-8000-000000000001', null, 'worker');
insert into crm.contact (id, name, phone, email) values
    ('00000000-0000-7000-8000-000000000031', 'Pat Pane', '(256) 555-0131', 'pat@example.com'),
    ('00000000-0000-7000-8000-000000000032', 'Quinn Quarry', '256.555.0132', null);
insert into crm.address (id, contact_id, street, city, region, postcode) values
    ('00000000-0000-7000-8000-000000000041', '00000000-0000-7000-8000-000000000031', '1 Oak Ridge Dr', 'Madison', 'AL', '35758'),
    ('00000000-0000-7000-8000-000000000042', '00000000-0000-7000-8000-000000000032', '2 Mill Rd', 'Madison', 'AL', '35758');
insert into crm.service (id, name, pricing, price_minor, unit_label, duration_minutes) values
    ('00000000-0000-7000-8000-000000000051', 'Exterior windows', 'per_unit', 400, 'pane', 60),
    ('00000000-0000-7000-8000-000000000052', 'Gutter cleaning', 'flexible', 10000, null, 90),
    ('00000000-0000-7000-8000-000000000053', 'Storefront', 'fixed', 3500, null, 30);
insert into crm.ticket (id, contact_id, address_id, starts_at, ends_at, busy_until) values
    ('00000000-0000-7000-8000-000000000061', '00000000-0000-7000-8000-000000000031', '00000000-0000-7000-8000-000000000041',
     date_trunc('hour', now()), date_trunc('hour', now()) + interval '1 hour', now() + interval '2 hours'),
    ('00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000032', '00000000-0000-7000-8000-000000000042',
     date_trunc('hour', now()), date_trunc('hour', now()) + interval '1 hour', now() + interval '2 hours');
insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time)
select id, case id when '00000000-0000-7000-8000-000000000061' then '00000000-0000-7000-8000-000000000013'::uuid
                   else '00000000-0000-7000-8000-000000000014' end, contact_id, starts_at, busy_until, true
from crm.ticket;
select internal.line_item_make('00000000-0000-7000-8000-000000000061', '00000000-0000-7000-8000-000000000051', 24, null);
select internal.line_item_make('00000000-0000-7000-8000-000000000062', '00000000-0000-7000-8000-000000000053', 1, null);

select internal.act_as('00000000-0000-7000-8000-000000000002', null, 'worker');
insert into crm.contact (id, name, phone) values
    ('00000000-0000-7000-8000-000000000033', 'Rita Rival', '020 7946 0133');
insert into crm.address (id, contact_id, street, city, postcode) values
    ('00000000-0000-7000-8000-000000000043', '00000000-0000-7000-8000-000000000033', '3 Harbour Rd', 'Riverton', 'RV1 3AB');
insert into crm.service (id, name, price_minor) values
    ('00000000-0000-7000-8000-000000000054', 'Rival clean', 2500);
insert into crm.ticket (id, contact_id, address_id, starts_at, ends_at, busy_until) values
    ('00000000-0000-7000-8000-000000000063', '00000000-0000-7000-8000-000000000033', '00000000-0000-7000-8000-000000000043',
     date_trunc('hour', now()), date_trunc('hour', now()) + interval '1 hour', now() + interval '2 hours');
insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time)
select id, '00000000-0000-7000-8000-000000000023', contact_id, starts_at, busy_until, true
from crm.ticket where business_id = '00000000-0000-7000-8000-000000000002';
select internal.line_item_make('00000000-0000-7000-8000-000000000063', '00000000-0000-7000-8000-000000000054', 1, null);
