-- :name contact_list :many
-- A page of the list by name, from a key on.
select c.id, c.name, c.kind, c.phone, c.email, c.name_key, c.archived_at, a.street, a.city
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
select c.id, c.name, c.phone, c.email, c.archived_at, m.name as merged_into, s.rank, a.street, a.city, f.key, f.value, n.id as next_ticket_id, n.starts_at
from (select contact_id, min(rank) as rank from api.contact_search(:q, 20) group by contact_id) s
join crm.contact c on c.business_id = :business_id and c.id = s.contact_id
left join crm.contact m on m.business_id = c.business_id and m.id = c.merged_into_id
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
select c.id, c.name, c.kind, c.phone, c.email, c.name_key, c.archived_at, m.name as merged_into, a.street, a.city
from api.contact_filter(:place, (:facts)::text[], :quiet_months, :visited_from, :visited_to, :service_id, :owes, :kind, :archived, :q,
    :after_key, :after_id) with ordinality f(contact_id, position)
join crm.contact c on c.business_id = :business_id and c.id = f.contact_id
left join crm.contact m on m.business_id = c.business_id and m.id = c.merged_into_id
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
select c.id, c.name, c.phone, c.email, c.archived_at, m.name as merged_into, d.reasons, a.street, a.city
from api.contact_duplicates(:name, :phone, :email, :street) with ordinality d(contact_id, reasons, place)
join crm.contact c on c.business_id = :business_id and c.id = d.contact_id
left join crm.contact m on m.business_id = c.business_id and m.id = c.merged_into_id
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by a.id limit 1
) a on true
order by d.place

-- :name contact_read :one
select c.id, c.kind, c.name, c.phone, c.phone_e164, c.other_phone, c.other_e164, c.email, c.preferred_method, c.preferred_time, c.language,
       c.referred_by, c.consent, c.consent_at, c.note, c.archived_at, c.created_at, c.erased_at, c.merged_into_id, m.name as merged_into
from crm.contact c
left join crm.contact m on m.business_id = c.business_id and m.id = c.merged_into_id
where c.business_id = :business_id and c.id = :contact_id

-- :name contact_summary :one
-- What is owed, when they are visited next and when they were visited last.
with theirs as materialized (
    select c.id from crm.contact c where c.business_id = :business_id and c.id = :contact_id
    union all
    select c.id from crm.contact c where c.business_id = :business_id and c.merged_into_id = :contact_id
)
select coalesce(o.open_minor, 0) as open_minor, o.due_on, n.id as next_ticket_id, n.starts_at as next_at,
       l.id as last_ticket_id, l.starts_at as last_at, (internal.now() at time zone b.time_zone)::date as today
from crm.business b
left join lateral (
    select sum(i.total_minor - i.paid_minor)::bigint as open_minor, min(i.due_on) as due_on
    from theirs join crm.invoice i on i.business_id = :business_id and i.contact_id = theirs.id and i.status in ('sent', 'partial')
) o on true
left join lateral (
    select t.id, t.starts_at from theirs cross join lateral (
        select v.id, v.starts_at from crm.ticket v
        where v.business_id = :business_id and v.contact_id = theirs.id and v.starts_at >= internal.now() and v.status = 'scheduled'
        order by v.starts_at limit 1) t
    order by t.starts_at limit 1
) n on true
left join lateral (
    select t.id, t.starts_at from theirs cross join lateral (
        select v.id, v.starts_at from crm.ticket v
        where v.business_id = :business_id and v.contact_id = theirs.id and v.starts_at < internal.now() and v.status = 'completed'
        order by v.starts_at desc limit 1) t
    order by t.starts_at desc limit 1
) l on true
where b.business_id = :business_id

-- :name contact_addresses :many
select id, label, street, city, region, postcode, access_note
from crm.address
where business_id = :business_id and contact_id = :contact_id and archived_at is null
order by id
limit 100

-- :name contact_attributes :many
select a.id, a.key, a.kind, a.value, a.source, a.words, a.ticket_id, a.updated_at, k.section
from crm.attribute a
join crm.attribute_key k on k.business_id = a.business_id and k.key = a.key
where a.business_id = :business_id and a.contact_id = :contact_id
order by array_position('{access,property,people,other}', k.section), a.key
limit 200

-- :name contact_timeline :many
-- What happened with a contact and what is planned, the latest first, a page from an instant and an id on.
with theirs as materialized (
    select c.id from crm.contact c where c.business_id = :business_id and c.id = :contact_id
    union all
    select c.id from crm.contact c where c.business_id = :business_id and c.merged_into_id = :contact_id
), entry as (
    select 'visit' as kind, t.id, t.starts_at as at, t.status, t.note as words, null::bigint as number, null::bigint as minor,
           null::uuid as member_id, t.id as ticket_id, null::uuid as invoice_id
    from theirs cross join lateral (
        select v.id, v.starts_at, v.status, v.note from crm.ticket v
        where v.business_id = :business_id and v.contact_id = theirs.id and (v.starts_at, v.id) < (:before_at, (:before_id)::uuid)
          -- A year of a series would stand above all that happened.
          and (v.series_id is null or v.starts_at < internal.now() + interval '60 days')
        order by v.starts_at desc, v.id desc limit 16) t
    union all
    select 'invoice', i.id, i.created_at, i.status, i.void_reason, i.number, i.total_minor, null, i.ticket_id, i.id
    from theirs join crm.invoice i on i.business_id = :business_id and i.contact_id = theirs.id
    where (i.created_at, i.id) < (:before_at, (:before_id)::uuid)
    union all
    select 'payment', p.id, p.created_at, p.method, p.reference, i.number, p.amount_minor, p.member_id, i.ticket_id, i.id
    from theirs join crm.invoice i on i.business_id = :business_id and i.contact_id = theirs.id
    join crm.payment p on p.business_id = i.business_id and p.invoice_id = i.id
    where (p.created_at, p.id) < (:before_at, (:before_id)::uuid)
    union all
    select 'message', m.id, m.send_at, m.status, m.reason, null, null, null, m.ticket_id, null
    from theirs cross join lateral (
        select g.id, g.send_at, g.status, g.reason, g.ticket_id from crm.message g
        where g.business_id = :business_id and g.contact_id = theirs.id
          and (g.status in ('sending', 'sent', 'failed') or (g.status = 'cancelled' and g.kind = 'outreach')) and (g.send_at, g.id) < (:before_at, (:before_id)::uuid)
        order by g.send_at desc, g.id desc limit 16) m
    union all
    select 'note', n.id, n.created_at, case when n.edited_at is null then 'written' else 'edited' end, n.body, null, null, n.member_id, n.ticket_id, null
    from theirs cross join lateral (
        select o.id, o.created_at, o.edited_at, o.body, o.member_id, o.ticket_id from crm.note o
        where o.business_id = :business_id and o.contact_id = theirs.id and (o.created_at, o.id) < (:before_at, (:before_id)::uuid)
        order by o.created_at desc, o.id desc limit 16) n
), page as (
    select kind, id, at, status, words, number, minor, member_id, ticket_id, invoice_id from entry order by at desc, id desc limit 16
)
select p.kind, p.id, p.at, p.status, p.words, p.number, coalesce(p.minor, l.total_minor) as minor, p.ticket_id, p.invoice_id,
       p.kind = 'note' and internal.may_change(p.member_id) as changeable, l.services, coalesce(m.name, w.technicians) as who, i.currency
from page p
left join crm.member m on m.business_id = :business_id and m.id = p.member_id
left join crm.invoice i on i.business_id = :business_id and i.id = p.invoice_id
left join lateral (
    select string_agg(l.name, ', ' order by l.position) as services, coalesce(sum(l.total_minor), 0)::bigint as total_minor
    from crm.line_item l where p.kind = 'visit' and l.business_id = :business_id and l.ticket_id = p.id
) l on true
left join lateral (
    select string_agg(t.name, ', ' order by t.name) as technicians
    from crm.assignment s join crm.member t on t.business_id = s.business_id and t.id = s.member_id
    where p.kind = 'visit' and s.business_id = :business_id and s.ticket_id = p.id
) w on true
order by p.at desc, p.id desc

-- :name contact_create :one
select * from api.contact_create(
    :kind, :name, :phone, :email, :preferred_method, :note, :phone_e164, :other_phone, :other_e164, :preferred_time, :referred_by, :language)

-- :name contact_update :one
select * from api.contact_update(
    :contact_id, :kind, :name, :phone, :email, :preferred_method, :note, :phone_e164, :other_phone, :other_e164, :preferred_time, :referred_by, :language)

-- :name contact_consent :one
select id, name, consent from api.contact_consent(:contact_id, :consent)

-- :name contact_archive :one
select * from api.contact_archive(:contact_id, :archived)

-- :name contact_export :many
select noun, row_id, content from api.contact_export(:contact_id)

-- :name contact_erase :many
select contact_id, created_at from api.contact_erase(:contact_id, :name)
