-- :name note_read :one
-- A note, with whom it is about and who wrote it.
select n.id, n.contact_id, n.ticket_id, n.body, n.created_at, n.edited_at, internal.may_change(n.member_id) as changeable, m.name as member, c.name
from crm.note n
join crm.contact c on c.business_id = n.business_id and c.id = n.contact_id
left join crm.member m on m.business_id = n.business_id and m.id = n.member_id
where n.business_id = :business_id and n.id = :note_id

-- :name note_history :many
-- What a note said before, the latest first.
select e.at, e.operation, e.old, e.new, e.role, m.name as member
from crm.audit_entry e
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
where e.business_id = :business_id and e.table_name = 'note' and e.row_id = (:note_id)::text
order by e.at desc
limit 50

-- :name note_search :many
-- Notes that have all the words, of the contacts that are found by them.
select n.id, n.contact_id, n.created_at, c.name, n.body
from (select distinct contact_id from api.contact_search(:q, 20)) s
join crm.contact c on c.business_id = :business_id and c.id = s.contact_id
join lateral (
    select w.id, w.contact_id, w.created_at, w.body from crm.note w
    where w.business_id = c.business_id and w.contact_id = c.id
      and (select bool_and(strpos(lower(w.body), each) > 0) from unnest((:words)::text[]) each)
    order by w.created_at desc limit 2
) n on true
order by n.created_at desc, n.id
limit 6

-- :name ticket_notes :many
-- What was written about a visit.
select n.id, n.body, n.created_at, n.edited_at, internal.may_change(n.member_id) as changeable, m.name as member
from crm.note n
left join crm.member m on m.business_id = n.business_id and m.id = n.member_id
where n.business_id = :business_id and n.ticket_id = :ticket_id
order by n.created_at, n.id
limit 100

-- :name note_add :one
select id, contact_id, ticket_id from api.note_add(:contact_id, :body, :ticket_id, :action_id, :happened_at)

-- :name note_update :one
select id, contact_id, ticket_id from api.note_update(:note_id, :body)

-- :name note_remove :one
select id, contact_id, ticket_id from api.note_remove(:note_id)
