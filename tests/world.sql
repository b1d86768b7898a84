-- Tidy's contacts are Pat and Quinn, Rival's is Rita. Runs as crm_owner with the clock function replaced.
select internal.act_as('00000000-0000-7000-8000-000000000001', null, 'worker');
insert into crm.contact (id, name, phone, email) values
    ('00000000-0000-7000-8000-000000000031', 'Pat Pane', '(256) 555-0131', 'pat@example.com'),
    ('00000000-0000-7000-8000-000000000032', 'Quinn Quarry', '256.555.0132', null);
insert into crm.address (id, contact_id, street, city, region, postcode) values
    ('00000000-0000-7000-8000-000000000041', '00000000-0000-7000-8000-000000000031', '1 Oak Ridge Dr', 'Madison', 'AL', '35758'),
    ('00000000-0000-7000-8000-000000000042', '00000000-0000-7000-8000-000000000032', '2 Mill Rd', 'Madison', 'AL', '35758');
select internal.act_as('00000000-0000-7000-8000-000000000002', null, 'worker');
insert into crm.contact (id, name, phone) values
    ('00000000-0000-7000-8000-000000000033', 'Rita Rival', '020 7946 0133');
insert into crm.address (id, contact_id, street, city, postcode) values
    ('00000000-0000-7000-8000-000000000043', '00000000-0000-7000-8000-000000000033', '3 Harbour Rd', 'Riverton', 'RV1 3AB');
