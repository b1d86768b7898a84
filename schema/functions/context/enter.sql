create or replace function internal.enter(p_context text, p_read_only boolean, p_statements text[], p_reasoning text default null)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_part text[];
begin
    perform set_config('app.context', p_context, true), set_config('app.reasoning', coalesce(p_reasoning, ''), true);
    if p_read_only then
        perform set_config('transaction_read_only', 'on', true);
    end if;
    v_part := internal.context_parts();
    perform internal.require_member(v_part[3]::uuid, nullif(v_part[4], '')::uuid, v_part[5]);
    if exists (
        select from unnest(p_statements) s(name)
        where not exists (select from internal.permission p where p.action = s.name and v_part[5] = any (p.roles))
    ) then
        raise insufficient_privilege using constraint = 'action_is_not_for_your_role',
            message = format('Your role (%s) may not see this.', v_part[5]),
            hint = 'Ask the owner of the business.';
    end if;
    if v_part[6] = 'model' and exists (
        select from internal.permission p
        where p.action = any (p_statements) and p.model_level = 'requires_authorization')
    then
        raise insufficient_privilege using constraint = 'action_waits_for_a_person',
            message = 'A person has to allow this first.';
    end if;
end $$;
comment on function internal.enter(text, boolean, text[], text) is
    'Begin a unit of work: set the signed context for this transaction, make it read-only when asked, check that the member is active and that the role may run the named statements. Definer: reads the permission table.';
grant execute on function internal.enter(text, boolean, text[], text) to crm_app, crm_support;
