-- The house: a business row for visitors and for work that belongs to no one business.
select internal.act_as(internal.house(), null, 'worker');
insert into crm.business (business_id, name, time_zone, currency)
values (internal.house(), 'The house', 'UTC', 'USD')
on conflict do nothing;
select set_config('app.context', '', true);
