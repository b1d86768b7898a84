-- :name feed_open :one
select feed_id, kind, business_id, member_id, role from api.feed_open(:token_hash, :records)

-- :name feed_list :many
-- One's own, and for the desk the business's.
select f.id, f.kind, f.created_at, f.last_read_at, m.name as made_by, internal.now() as now
from crm.feed f
join crm.member m on m.business_id = f.business_id and m.id = f.member_id
where f.business_id = :business_id and (f.kind = 'business' or f.member_id = :member_id)
order by f.kind
limit 2

-- :name feed_make :one
select id from api.feed_make(:token_hash)

-- :name feed_make_for_business :one
select id from api.feed_make_for_business(:token_hash)

-- :name feed_revoke :one
select id from api.feed_revoke()

-- :name feed_revoke_for_business :one
select id from api.feed_revoke_for_business()

-- :name feed_calendar :one
-- What a calendar is called, and the zone its clocks show.
select b.name as business, b.time_zone, m.name as member
from crm.business b
join crm.member m on m.business_id = b.business_id and m.id = :member_id
where b.business_id = :business_id

-- :name feed_visits :many
-- Visits from 60 days ago to 400 days ahead, a member's or everybody's; of more than can be sent, those nearest to now.
with nearest as (
    (select s.ticket_id as id from crm.assignment s
     where not (:everybody)::boolean and s.business_id = :business_id and s.member_id = :member_id
       and s.starts_at >= internal.now() and s.starts_at < internal.now() + interval '400 days'
     order by s.starts_at limit 4000)
    union all
    (select s.ticket_id from crm.assignment s
     where not (:everybody)::boolean and s.business_id = :business_id and s.member_id = :member_id
       and s.starts_at < internal.now() and s.starts_at >= internal.now() - interval '60 days'
     order by s.starts_at desc limit 1000)
    union all
    (select v.id from crm.ticket v
     where (:everybody)::boolean and v.business_id = :business_id
       and v.starts_at >= internal.now() and v.starts_at < internal.now() + interval '400 days'
     order by v.starts_at limit 4000)
    union all
    (select v.id from crm.ticket v
     where (:everybody)::boolean and v.business_id = :business_id
       and v.starts_at < internal.now() and v.starts_at >= internal.now() - interval '60 days'
     order by v.starts_at desc limit 1000)
)
select t.id, t.status, t.confirmation, t.starts_at, t.ends_at, t.revision, t.created_at,
       greatest(t.updated_at, c.updated_at, a.updated_at) as changed_at, t.instructions, c.name, c.phone,
       a.street, a.city, a.region, a.postcode, l.services, w.who
from nearest n
join crm.ticket t on t.business_id = :business_id and t.id = n.id
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
left join lateral (
    select string_agg(i.name, ', ' order by i.position, i.id) as services
    from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id
) l on true
left join lateral (
    select string_agg(m.name, ', ' order by m.name) as who
    from crm.assignment s join crm.member m on m.business_id = s.business_id and m.id = s.member_id
    where s.business_id = t.business_id and s.ticket_id = t.id
) w on true
where t.status <> 'cancelled' or t.cancelled_at > internal.now() - interval '60 days'
order by t.starts_at, t.id
