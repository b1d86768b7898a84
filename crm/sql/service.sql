-- :name service_list :many
select id, kind, name, pricing, price_minor, unit_label, duration_minutes, tax_basis_points, archived_at
from crm.service
where business_id = :business_id and (archived_at is null or (:archived)::boolean)
order by archived_at is not null, kind desc, name, id
limit 200

-- :name service_read :one
select id, kind, name, pricing, price_minor, unit_label, duration_minutes, tax_basis_points, archived_at
from crm.service
where business_id = :business_id and id = :service_id

-- :name service_search :many
-- Catalogue entries whose name has these words.
select id, name, price_minor, unit_label
from crm.service
where business_id = :business_id and archived_at is null and position(lower(:q) in lower(name)) > 0
order by name
limit 4

-- :name service_create :one
select id, name from api.service_create(:kind, :name, :pricing, :price_minor, :unit_label, :duration_minutes, :tax_basis_points)

-- :name service_update :one
select id, name from api.service_update(
    :service_id, :kind, :name, :pricing, :price_minor, :unit_label, :duration_minutes, :tax_basis_points)

-- :name service_archive :one
select id, name from api.service_archive(:service_id, :archived)
