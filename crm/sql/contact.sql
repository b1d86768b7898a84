-- :name contact_list :many
-- A page of the list by name, from a key on.
select c.id, c.name, c.kind, c.phone, c.email, c.name_key, a.street, a.city
from crm.contact c
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by a.id limit 1
) a on true
where c.business_id = :business_id and c.archived_at is null and (c.name_key, c.id) > (:after_key, (:after_id)::uuid)
order by c.name_key, c.id
limit 21

-- :name contact_search :many
-- Who is found by what was typed, the likeliest first, with the address and the fact that have its words.
select c.id, c.name, c.phone, c.email, c.archived_at, s.rank, a.street, a.city, f.key, f.value, n.id as next_ticket_id, n.starts_at
from (select contact_id, min(rank) as rank from api.contact_search(:q, 20) group by contact_id) s
join crm.contact c on c.business_id = :business_id and c.id = s.contact_id
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by exists (select from unnest((:words)::text[]) w where strpos(lower(concat_ws(' ', a.street, a.city, a.postcode)), w) > 0) desc, a.id
    limit 1
) a on true
left join lateral (
    select key, value from crm.attribute f
    where f.business_id = c.business_id and f.contact_id = c.id
      and exists (select from unnest((:words)::text[]) w where strpos(lower(f.key || ': ' || f.value), w) > 0)
    order by f.key limit 1
) f on s.rank >= 2
left join lateral (
    select t.id, t.starts_at from crm.ticket t
    where t.business_id = c.business_id and t.contact_id = c.id and t.starts_at >= internal.now() and t.blocks_time
    order by t.starts_at limit 1
) n on true
order by c.archived_at is not null, s.rank, c.name_key, c.id
limit 20

-- :name contact_filter :many
-- A page of those who answer every filter, by name, each with the address that is in the place.
select c.id, c.name, c.kind, c.phone, c.email, c.name_key, a.street, a.city
from api.contact_filter(:place, (:facts)::text[], :quiet_months, :visited_from, :visited_to, :service_id, :owes, :kind, :archived, :q,
    :after_key, :after_id) with ordinality f(contact_id, position)
join crm.contact c on c.business_id = :business_id and c.id = f.contact_id
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by coalesce(lower(a.city) = lower(:place) or starts_with(lower(a.postcode), lower(:place)), false) desc, a.id
    limit 1
) a on true
order by f.position
limit 21

-- :name contact_filter_count :scalar
-- How many answer the filters; 1,001 stands for more than a thousand.
select api.contact_filter_count(:place, (:facts)::text[], :quiet_months, :visited_from, :visited_to, :service_id, :owes, :kind, :archived, :q)

-- :name contact_duplicates :many
-- Who may be the same as somebody about to be added.
select c.id, c.name, c.phone, c.email, c.archived_at, d.reasons, a.street, a.city
from api.contact_duplicates(:name, :phone, :email, :street) with ordinality d(contact_id, reasons, place)
join crm.contact c on c.business_id = :business_id and c.id = d.contact_id
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by a.id limit 1
) a on true
order by d.place

-- :name contact_read :one
select id, kind, name, phone, phone_digits, email, preferred_method, note, archived_at, created_at
from crm.contact
where business_id = :business_id and id = :contact_id

-- :name contact_summary :one
-- What is owed, when they are visited next and when they were visited last.
select coalesce(sum(o.open_minor), 0)::bigint as open_minor, min(o.due_on) as due_on, n.id as next_ticket_id, n.starts_at as next_at,
       l.id as last_ticket_id, l.starts_at as last_at, (internal.now() at time zone b.time_zone)::date as today
from crm.business b
left join lateral (
    select i.total_minor - i.paid_minor as open_minor, i.due_on from crm.invoice i
    where i.business_id = b.business_id and i.contact_id = :contact_id and i.status in ('sent', 'partial')
) o on true
left join lateral (
    select t.id, t.starts_at from crm.ticket t
    where t.business_id = b.business_id and t.contact_id = :contact_id and t.starts_at >= internal.now() and t.status = 'scheduled'
    order by t.starts_at limit 1
) n on true
left join lateral (
    select t.id, t.starts_at from crm.ticket t
    where t.business_id = b.business_id and t.contact_id = :contact_id and t.starts_at < internal.now() and t.status = 'completed'
    order by t.starts_at desc limit 1
) l on true
where b.business_id = :business_id
group by b.business_id, n.id, n.starts_at, l.id, l.starts_at

-- :name contact_addresses :many
select id, label, street, city, region, postcode, access_note
from crm.address
where business_id = :business_id and contact_id = :contact_id and archived_at is null
order by id
limit 100

-- :name contact_attributes :many
select id, key, value, source, words, updated_at
from crm.attribute
where business_id = :business_id and contact_id = :contact_id
order by key
limit 200

-- :name contact_create :one
select * from api.contact_create(:kind, :name, :phone, :email, :preferred_method, :note)

-- :name contact_update :one
select * from api.contact_update(:contact_id, :kind, :name, :phone, :email, :preferred_method, :note)

-- :name contact_archive :one
select * from api.contact_archive(:contact_id, :archived)
