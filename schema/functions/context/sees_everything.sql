create or replace function internal.sees_everything() returns boolean
language plpgsql stable parallel safe security definer set search_path = ''
as $$ begin return (internal.context_parts())[5] in ('owner', 'office', 'worker'); end $$;
comment on function internal.sees_everything() is 'Owner, office and the worker see every row of their business. Definer: reads the context keys.';
grant execute on function internal.sees_everything() to crm_app, crm_support;
