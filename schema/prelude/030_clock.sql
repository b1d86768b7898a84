-- The one clock. Tests replace this function in their own database; production has no way to move it.
create or replace function internal.now() returns timestamptz
language sql stable parallel safe
return now();
comment on function internal.now() is 'The one clock of every rule: the start of the current transaction, UTC.';
grant execute on function internal.now() to crm_app, crm_support;
