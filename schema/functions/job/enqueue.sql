create or replace function internal.enqueue(p_kind text, p_key text, p_payload jsonb default '{}', p_run_at timestamptz default null) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_job_id uuid;
begin
    insert into crm.job (kind, key, payload) values (p_kind, p_key, p_payload)
    on conflict on constraint job_is_asked_for_once do nothing
    returning id into v_job_id;
    if v_job_id is not null then
        insert into internal.job_queue (business_id, job_id, run_at)
        values (internal.current_business(), v_job_id, coalesce(p_run_at, clock_timestamp()));
    end if;
    return v_job_id;
end $$;
comment on function internal.enqueue(text, text, jsonb, timestamptz) is
    'Ask for work outside the house, in this transaction. The key makes asking twice one job; null when it was asked for before.';
