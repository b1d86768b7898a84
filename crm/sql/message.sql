-- :name contact_messages :many
select id, kind, status, send_at, reason
from crm.message
where business_id = :business_id and contact_id = :contact_id and status = 'pending'
order by send_at
limit 20

-- :name message_cancel :one
select id, contact_id from api.message_cancel(:message_id)
