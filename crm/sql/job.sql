-- :name job_claim :many
select business_id, job_id, lease, attempt from api.job_claim(:most, :lease_seconds)

-- :name job_stats :one
select waiting, late_seconds, dead from api.job_stats()

-- :name job_open :one
select kind, payload, attempt from api.job_open(:job_id, :lease)

-- :name job_finish :scalar
select api.job_finish(:job_id, :lease)

-- :name job_fail :scalar
select api.job_fail(:job_id, :lease, :error, :final)
