-- :name time_off_list :many
-- Who is away from now on, soonest first; without a member, the whole business.
select o.id, o.member_id, m.name, o.starts_at, o.ends_at, o.reason
from crm.time_off o
left join crm.member m on m.business_id = o.business_id and m.id = o.member_id
where o.business_id = :business_id and o.ends_at > internal.now()
order by o.starts_at, o.id
limit 100

-- :name time_off_visits :many
-- How many visits are booked within each time off that is still to come, or within one of them, day by day: those of whoever is away, or everybody's.
select o.id, v.day, v.visits
from crm.time_off o
cross join lateral (
    select (t.starts_at at time zone (:zone)::text)::date as day, count(*) as visits
    from crm.ticket t
    where t.business_id = o.business_id and t.status in ('scheduled', 'in_progress')
      -- No visit lasts longer than a day: the first bound is there for the index.
      and t.starts_at >= o.starts_at - interval '24 hours' and t.starts_at < o.ends_at and t.ends_at > o.starts_at and t.ends_at > internal.now()
      and (o.member_id is null or exists (
          select from crm.assignment s where s.business_id = t.business_id and s.ticket_id = t.id and s.member_id = o.member_id
            and s.starts_at >= o.starts_at - interval '24 hours' and s.starts_at < o.ends_at))
    group by 1 order by 1 limit 60
) v
where o.business_id = :business_id and o.ends_at > internal.now() and ((:time_off_id)::uuid is null or o.id = :time_off_id)
order by o.starts_at, o.id, v.day
limit 500

-- :name time_off_add :one
select id, starts_at, ends_at from api.time_off_add(:for_member_id, :starts_at, :ends_at, :reason)

-- :name time_off_remove :one
select id from api.time_off_remove(:time_off_id)
