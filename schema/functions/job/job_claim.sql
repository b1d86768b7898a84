create or replace function api.job_claim(p_most integer, p_lease_seconds integer)
returns table (business_id uuid, job_id uuid, lease uuid, attempt smallint)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('job_claim');
    return query
        update internal.job_queue q
        set attempt = q.attempt + 1, lease = gen_random_uuid(),
            run_at = clock_timestamp() + make_interval(secs => p_lease_seconds)
        where (q.business_id, q.job_id) in (
            select d.business_id, d.job_id from internal.job_queue d
            where d.run_at <= clock_timestamp()
            order by d.run_at limit p_most
            for update skip locked)
        returning q.business_id, q.job_id, q.lease, q.attempt;
end $$;
comment on function api.job_claim(integer, integer) is
    'Take due work of any business: ids and leases only. A lease that runs out gives the work back. Definer: the queue is behind no wall and only functions reach it.';
grant execute on function api.job_claim(integer, integer) to crm_app;
