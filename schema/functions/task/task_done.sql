create or replace function api.task_done(p_task_id uuid) returns crm.task
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_task crm.task;
begin
    perform internal.require('task_done');
    update crm.task t set done_at = coalesce(t.done_at, internal.now()), done_by = coalesce(t.done_by, internal.current_member())
    where t.business_id = internal.current_business() and t.id = p_task_id
    returning * into v_task;
    if v_task.id is null then perform internal.not_found('task'); end if;
    return v_task;
end $$;
comment on function api.task_done(uuid) is 'Tick a task off. Definer: writes.';
grant execute on function api.task_done(uuid) to crm_app, crm_support;
