-- :name close_out_read :one
select c.work_answered_at, c.note_answered_at, c.next_answered_at, c.follow_up, c.follow_up_months, c.follow_up_starts_at
from crm.close_out c
where c.business_id = :business_id and c.ticket_id = :ticket_id

-- :name close_out_gaps :many
select step, reason
from crm.gap
where business_id = :business_id and ticket_id = :ticket_id
limit 3

-- :name proposal_list :many
select id, key, value, words, old_value, decision
from crm.proposal
where business_id = :business_id and ticket_id = :ticket_id
order by starts_at_char, key
limit 50

-- :name close_out_work :one
-- repeatable
select id from api.close_out_work(:ticket_id, :clocked_in_at, :clocked_out_at, :reason, (:lines)::jsonb, :action_id, :happened_at)

-- :name close_out_note :one
-- repeatable
select id, note, status from api.close_out_note(:ticket_id, :note, :action_id, :happened_at)

-- :name close_out_next :one
-- repeatable
select follow_up from api.close_out_next(:ticket_id, :follow_up, :months, :starts_at, :action_id, :happened_at)

-- :name close_out_gap :one
-- repeatable
select step from api.close_out_gap(:ticket_id, :step, :reason, :action_id, :happened_at)

-- :name proposal_replace :many
-- repeatable
select id, key from api.proposal_replace(:ticket_id, (:proposals)::jsonb)
