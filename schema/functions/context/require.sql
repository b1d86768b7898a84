create or replace function internal.require(p_action text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_actor record := internal.context();
    v_permission internal.permission;
begin
    -- Only an action that is one act of many changes says so, after this; nobody adds to an older one from outside.
    if coalesce(current_setting('app.change_set', true), '') <> '' then perform set_config('app.change_set', '', true); end if;
    select * into v_permission from internal.permission where action = p_action;
    if v_permission.action is null or v_actor.role <> all (v_permission.roles) then
        raise insufficient_privilege using constraint = 'action_is_not_for_your_role',
            message = format('Your role (%s) may not do this.', v_actor.role),
            hint = 'Ask the owner of the business.';
    end if;
    perform internal.require_member(v_actor.business_id, v_actor.member_id, v_actor.role);
    if v_actor.kind = 'feed' then
        raise insufficient_privilege using constraint = 'action_is_not_for_your_role',
            message = 'A calendar feed reads, and does nothing else.';
    end if;
    if v_actor.kind = 'model' and v_permission.model_level = 'soft_limit'
       and coalesce(current_setting('app.reasoning', true), '') !~ '\w' then
        raise insufficient_privilege using constraint = 'action_needs_reasoning',
            message = 'State your reasoning: a model may do this only with one.';
    end if;
    if v_actor.kind = 'model' and v_permission.model_level = 'requires_authorization' then
        raise insufficient_privilege using constraint = 'action_waits_for_a_person',
            message = 'A person has to allow this first.';
    end if;
end $$;
comment on function internal.require(text) is
    'The first line of every action: the signed role must be in permissions.sql, the member still active, a model within its level, and a feed does nothing. Raises 42501. Definer: reads the permission table.';
