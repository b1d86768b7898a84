-- :name waitlist_list :many
-- Who waits, the soonest wish first, from a key on.
select e.id, e.contact_id, e.ticket_id, e.from_on, e.until_on, e.weekdays, e.day_part, e.note, e.created_at, c.name, m.name as technician,
       a.street, a.city, t.starts_at as ticket_starts_at, w.services,
       coalesce(e.minutes, (extract(epoch from t.ends_at - t.starts_at) / 60)::integer, w.minutes) as minutes
from crm.waitlist_entry e
join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
left join lateral (
    select d.street, d.city from crm.address d where d.business_id = e.business_id and d.id = coalesce(t.address_id, e.address_id) limit 1
) a on true
left join lateral (
    select string_agg(s.name || case when s.archived_at is null then '' else ' (archived: choose another)' end, ', ' order by x.position) as services,
        coalesce(nullif(sum(s.duration_minutes), 0), 60)::integer as minutes
    from crm.waitlist_entry_service x join crm.service s on s.business_id = x.business_id and s.id = x.service_id
    where x.business_id = e.business_id and x.waitlist_entry_id = e.id
) w on true
where e.business_id = :business_id and e.status = 'waiting' and (e.from_on, e.id) > (coalesce((:after_on)::date, '-infinity'), coalesce((:after_id)::uuid, internal.house()))
order by e.from_on, e.id
limit 16

-- :name waitlist_entry_read :one
select e.id, e.contact_id, e.ticket_id, e.address_id, e.member_id as for_member_id, e.minutes, e.from_on, e.until_on, e.weekdays, e.day_part, e.note,
       e.status, e.booked_ticket_id, e.ended_at, e.end_reason, e.created_at, c.name, t.starts_at as ticket_starts_at, d.name as ended_by
from crm.waitlist_entry e
join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id
left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
left join crm.member d on d.business_id = e.business_id and d.id = e.ended_by
where e.business_id = :business_id and e.id = :waitlist_entry_id

-- :name waitlist_entry_services :many
select service_id as id
from crm.waitlist_entry_service
where business_id = :business_id and waitlist_entry_id = :waitlist_entry_id
order by position
limit 60

-- :name contact_waitlist :many
-- What a contact waits for.
select e.id, e.from_on, e.until_on, e.ticket_id, t.starts_at as ticket_starts_at, w.services
from crm.waitlist_entry e
left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
left join lateral (
    select string_agg(s.name, ', ' order by x.position) as services
    from crm.waitlist_entry_service x join crm.service s on s.business_id = x.business_id and s.id = x.service_id
    where x.business_id = e.business_id and x.waitlist_entry_id = e.id
) w on true
where e.business_id = :business_id and e.contact_id = :contact_id and e.status = 'waiting'
order by e.from_on, e.id
limit 5

-- :name ticket_waitlist :one
-- The entry of a visit that would come sooner.
select id
from crm.waitlist_entry
where business_id = :business_id and ticket_id = :ticket_id and status = 'waiting'

-- :name freed_slot_list :many
-- Times that became free and still are, or are offered just now, with who fits and why: a row a fit.
select f.id, f.member_id, f.technician, f.starts_at, f.ends_at, f.offers_next, f.live, f.waitlist_entry_id, f.contact_id, f.name, f.email, f.fits_at, f.fits_until,
       f.reasons, e.note, c.phone
from api.freed_slot_list(:ticket_id) with ordinality f
left join crm.waitlist_entry e on e.business_id = :business_id and e.id = f.waitlist_entry_id
left join crm.contact c on c.business_id = :business_id and c.id = f.contact_id
order by f.ordinality

-- :name waitlist_offer_list :many
-- What was offered of times that are still to come, or of those that one visit gave up, the latest first.
select o.id, o.freed_slot_id, o.status, o.starts_at, o.ends_at, o.held_until, o.ended_at, o.end_reason, o.ticket_id, o.created_at, e.contact_id, c.name,
       m.id as message_id, m.send_at
from crm.waitlist_offer o
join crm.freed_slot s on s.business_id = o.business_id and s.id = o.freed_slot_id
join crm.waitlist_entry e on e.business_id = o.business_id and e.id = o.waitlist_entry_id
join crm.contact c on c.business_id = e.business_id and c.id = e.contact_id
left join crm.message m on m.business_id = o.business_id and m.id = o.message_id
where o.business_id = :business_id
  and case when (:ticket_id)::uuid is null then s.ends_at > internal.now() else s.ticket_id = :ticket_id end
order by o.created_at desc, o.id
limit 30

-- :name waitlist_offer_day :many
-- What of one technician's time is offered to somebody just now.
select id, starts_at, ends_at, held_until
from crm.waitlist_offer
where business_id = :business_id and member_id = :member_id and starts_at >= :from_at and starts_at < :to_at
  and (status = 'planned' or status = 'held' and held_until > internal.now())
order by starts_at
limit 20

-- :name waitlist_entry_create :one
select id, contact_id from api.waitlist_entry_create(
    :contact_id, :ticket_id, :address_id, :for_member_id, (:service_ids)::uuid[], :minutes, :from_on, :until_on, (:weekdays)::smallint[], :day_part, :note)

-- :name waitlist_entry_update :one
select id, contact_id from api.waitlist_entry_update(
    :waitlist_entry_id, :address_id, :for_member_id, (:service_ids)::uuid[], :minutes, :from_on, :until_on, (:weekdays)::smallint[], :day_part, :note)

-- :name waitlist_entry_book :one
select id from api.waitlist_entry_book(:waitlist_entry_id, :ticket_id)

-- :name waitlist_entry_end :one
select id, contact_id from api.waitlist_entry_end(:waitlist_entry_id, :reason)

-- :name waitlist_entry_expire :scalar
-- repeatable
select api.waitlist_entry_expire(:waitlist_entry_id)

-- :name freed_slot_update :one
select id, ticket_id, offers_next from api.freed_slot_update(:freed_slot_id, :offers_next)

-- :name waitlist_offer_make :one
select id, status from api.waitlist_offer_make(:freed_slot_id, :waitlist_entry_id)

-- :name waitlist_offer_withdraw :one
select id, status from api.waitlist_offer_withdraw(:waitlist_offer_id)

-- :name waitlist_offer_run_out :scalar
-- repeatable
select api.waitlist_offer_run_out(:waitlist_offer_id)

-- :name waitlist_offer_next :one
select id, status from api.waitlist_offer_next(:freed_slot_id)

-- :name waitlist_link_open :one
select business, phone, email, language, time_zone, currency, state, day, expected, held_until,
       ticket_id, starts_at, ends_at, status, confirmation, updated_at, revision, name, street, city, postcode, services, who, instead_of
from api.waitlist_link_open(:token_hash, :languages)

-- :name waitlist_link_claim :scalar
-- repeatable
select api.waitlist_link_claim(:token_hash)

-- :name waitlist_link_decline :scalar
-- repeatable
select api.waitlist_link_decline(:token_hash)
