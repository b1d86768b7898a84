create or replace function api.job_claim(p_most integer, p_lease_seconds integer)
returns table (business_id uuid, job_id uuid, lease uuid, attempt smallint)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('job_claim');
    return query
        -- Materialized: asked once, whatever the plan, or it would take more than p_most.
        with due as materialized (
            select d.business_id, d.job_id, d.lease, d.run_at from internal.job_queue d
            where d.run_at <= clock_timestamp()
            order by d.run_at limit greatest(p_most, 0)
            for update skip locked
        ), oldest as (
            select d.job_id, d.lease from due d order by d.run_at limit 1
        )
        -- Work whose lease ran out may have killed its worker: it is handed out alone, so that it
        -- takes no other work with it.
        update internal.job_queue q
        set attempt = q.attempt + 1, lease = gen_random_uuid(),
            run_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
        from due d, oldest o
        where q.business_id = d.business_id and q.job_id = d.job_id
          and case when o.lease is null then d.lease is null else d.job_id = o.job_id end
        returning q.business_id, q.job_id, q.lease, q.attempt;
end $$;
comment on function api.job_claim(integer, integer) is
    'Take due work of any business: ids and leases only. A lease that runs out gives the work back. Definer: the queue is behind no wall and only functions reach it.';
grant execute on function api.job_claim(integer, integer) to crm_app;
