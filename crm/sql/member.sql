-- :name member_list :many
select id, name, email, role, joined_at, disabled_at
from crm.member
where business_id = :business_id
order by disabled_at is not null, name, id
limit 200

-- :name member_read :one
select id, name, email, role, joined_at, disabled_at
from crm.member
where business_id = :business_id and id = :id

-- :name session_profile :one
-- What every page shows of whoever is signed in.
select m.name, m.email, m.role, b.name as business, b.time_zone, b.currency, api.member_since() as since
from crm.member m join crm.business b on b.business_id = m.business_id
where m.business_id = :business_id and m.id = :member_id

-- :name member_arrive :one
select id, name, role from api.member_arrive()

-- :name member_invite :one
select id, name, email, role from api.member_invite(:name, :email, :role)

-- :name member_update :one
select id, name, role from api.member_update(:id, :name, :role)

-- :name member_disable :one
select id, name from api.member_disable(:id, :disabled)

-- :name invitation_read :one
-- What the worker writes into an invitation.
select m.name, m.email, m.role, b.name as business
from crm.member m join crm.business b on b.business_id = m.business_id
where m.business_id = :business_id and m.id = :id
