-- :name contact_messages :many
select id, kind, status, send_at, reason
from crm.message
where business_id = :business_id and contact_id = :contact_id and status = 'pending'
order by send_at
limit 20

-- :name message_list :many
select id, kind, status, send_at, reason, last_error, contact_id, name, email, ticket_id, subject, body, obstacle
from api.message_list(:after_at, :after_id)

-- :name message_read :one
select id, kind, status, send_at, sent_at, reason, cancel_reason, last_error, contact_id, name, email, ticket_id, subject, body, obstacle
from api.message_read(:message_id)

-- :name message_cancel :one
select id, contact_id, ticket_id from api.message_cancel(:message_id)

-- :name message_send :one
select id, send_at from api.message_send(:message_id)

-- :name message_begin :one
select email, sender, reply_to, subject, body, kind from api.message_begin(:message_id, :send_at, :token_hash, :link)

-- :name message_sent :one
select id, status from api.message_sent(:message_id, :send_at)

-- :name message_not_sent :one
select id, status from api.message_not_sent(:message_id, :send_at, :error)
