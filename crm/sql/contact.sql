-- :name contact_list :many
-- A page of the list by name, from a key on; `q` is a part of a name, `digits` of a phone number.
select c.id, c.name, c.kind, c.phone, c.email, c.name_key, a.street, a.city
from crm.contact c
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by a.id limit 1
) a on true
where c.business_id = :business_id and c.archived_at is null
  and (c.name_key, c.id) > (:after_key, (:after_id)::uuid)
  and ((:q)::text = '' or position(lower(:q) in c.name_key) > 0
       or ((:digits)::text <> '' and position((:digits)::text in c.phone_digits) > 0))
order by c.name_key, c.id
limit 21

-- :name contact_read :one
select id, kind, name, phone, phone_digits, email, preferred_method, note, archived_at, created_at
from crm.contact
where business_id = :business_id and id = :contact_id

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
