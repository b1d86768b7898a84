-- :name ticket_link_open :one
select business, phone, email, language, time_zone, currency, ticket_id, status, confirmation, starts_at, ends_at, day, expected, told_starts_at,
       name, street, city, postcode, services, who, updated_at, revision, now, free_at, free_words
from api.ticket_link_open(:token_hash, :offers, :languages)

-- :name ticket_link_answer :scalar
select api.ticket_link_answer(:token_hash, :starts_at, :answer, :words, :wished_at)

-- :name ticket_link_refused :scalar
select api.ticket_link_refused(:token_hash)

-- :name ticket_link_outreach :one
select business, phone, email, language, unsubscribed from api.ticket_link_outreach(:token_hash, :languages)

-- :name ticket_link_language :scalar
-- repeatable
select api.ticket_link_language(:token_hash, :language)

-- :name ticket_link_unsubscribe :scalar
-- repeatable
select api.ticket_link_unsubscribe(:token_hash)

-- :name ticket_link_revoke :scalar
select api.ticket_link_revoke(:ticket_id)
