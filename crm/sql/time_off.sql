-- :name time_off_list :many
-- Who is away from now on, soonest first; without a member, the whole business.
select o.id, o.member_id, m.name, o.starts_at, o.ends_at, o.reason
from crm.time_off o
left join crm.member m on m.business_id = o.business_id and m.id = o.member_id
where o.business_id = :business_id and o.ends_at > internal.now()
order by o.starts_at, o.id
limit 100

-- :name time_off_add :one
select id, starts_at, ends_at from api.time_off_add(:for_member_id, :starts_at, :ends_at, :reason)

-- :name time_off_remove :one
select id from api.time_off_remove(:time_off_id)
