-- :name attribute_read :one
-- A fact, with whose it is.
select a.id, a.contact_id, a.key, a.kind, a.value, a.source, a.words, a.ticket_id, a.created_at, c.name
from crm.attribute a
join crm.contact c on c.business_id = a.business_id and c.id = a.contact_id
where a.business_id = :business_id and a.id = :attribute_id

-- :name attribute_history :many
-- What a fact was before, the latest first.
select e.at, e.operation, e.old, e.new, e.source, e.role, m.name as member
from crm.audit_entry e
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
where e.business_id = :business_id and e.table_name = 'attribute' and e.row_id = (:attribute_id)::text
order by e.at desc
limit 50

-- :name attribute_set :one
select id, contact_id, key, value from api.attribute_set(:contact_id, :key, :value, :kind)

-- :name attribute_remove :one
select id, contact_id, key from api.attribute_remove(:attribute_id)
