-- :name line_item_read :one
select l.id, l.ticket_id, l.name, l.pricing, l.unit_label, l.quantity, l.unit_price_minor, l.price_confirmed
from crm.line_item l
where l.business_id = :business_id and l.id = :line_item_id and l.ticket_id is not null

-- :name line_item_add :one
select id, name from api.line_item_add(:ticket_id, :service_id, :quantity, :unit_price_minor)

-- :name line_item_update :one
select id, ticket_id, name from api.line_item_update(:line_item_id, :quantity, :unit_price_minor, :price_confirmed)

-- :name line_item_remove :one
select id, ticket_id, name from api.line_item_remove(:line_item_id)
