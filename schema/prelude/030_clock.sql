-- The one clock. Tests replace this function in their own database; production has no way to move it.
create or replace function internal.now() returns timestamptz
language sql stable parallel safe
return now();
comment on function internal.now() is 'The one clock of every rule: the start of the current transaction, UTC.';
grant execute on function internal.now() to crm_app, crm_support;

-- Not pinned to a search path, so that the planner puts it in place of its call and uses the index.
create or replace function internal.is_near(p_at timestamptz) returns boolean
language sql stable parallel safe
return p_at between internal.now() - interval '60 days' and internal.now() + interval '60 days';
comment on function internal.is_near(timestamptz) is 'Within the last and next 60 days: how far a technician sees.';
grant execute on function internal.is_near(timestamptz) to crm_app, crm_support;
