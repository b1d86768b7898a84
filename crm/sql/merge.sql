-- :name duplicate_pairs :many
-- Contacts that may be one and the same, the likeliest first, a page from a pair on.
select d.contact_id, d.other_id, d.weight, d.reasons, c.name, c.phone, c.email, a.street, a.city,
       o.name as other_name, o.phone as other_phone, o.email as other_email, p.street as other_street, p.city as other_city
from api.duplicate_pairs(:after_weight, :after_id, :after_other_id) with ordinality d(contact_id, other_id, weight, reasons, place)
join crm.contact c on c.business_id = :business_id and c.id = d.contact_id
join crm.contact o on o.business_id = :business_id and o.id = d.other_id
left join lateral (
    select street, city from crm.address a
    where a.business_id = c.business_id and a.contact_id = c.id and a.archived_at is null
    order by a.id limit 1
) a on true
left join lateral (
    select street, city from crm.address a
    where a.business_id = o.business_id and a.contact_id = o.id and a.archived_at is null
    order by a.id limit 1
) p on true
order by d.place

-- :name not_duplicate_read :one
-- Who said of two contacts that they are not the same.
select n.created_at, m.name as member
from crm.not_duplicate n
left join crm.member m on m.business_id = n.business_id and m.id = n.member_id
where n.business_id = :business_id and n.contact_id = least((:contact_id)::uuid, (:other_id)::uuid)
  and n.other_id = greatest((:contact_id)::uuid, (:other_id)::uuid)

-- :name not_duplicate_add :one
select contact_id, other_id from api.not_duplicate_add(:contact_id, :other_id)

-- :name not_duplicate_remove :one
select contact_id, other_id from api.not_duplicate_remove(:contact_id, :other_id)

-- :name contact_merge_effect :one
select visits, series, waiting, addresses, facts, messages, cancelled, tasks, invoices, unsubscribes from api.contact_merge_effect(:contact_id, :other_id)

-- :name contact_merge :one
select change_set_id, contact_id, name, other_name from api.contact_merge(:contact_id, :other_id, :take)

-- :name contact_merges :many
-- Who was merged into a contact, and by which act: what can be undone.
select o.id, o.name, s.id as change_set_id, s.created_at
from crm.contact o
join lateral (
    select e.change_set_id from crm.audit_entry e
    where e.business_id = o.business_id and e.table_name = 'contact' and e.row_id = o.id::text and e.change_set_id is not null
      and e.old ->> 'merged_into_id' is null and e.new ->> 'merged_into_id' = o.merged_into_id::text
    order by e.at desc limit 1
) e on true
join crm.change_set s on s.business_id = o.business_id and s.id = e.change_set_id and s.undone_at is null
where o.business_id = :business_id and o.merged_into_id = :contact_id
order by s.created_at desc
limit 20

-- :name merge_read :one
-- One merge: of whom into whom, by whom, and whether it was undone.
select s.id, s.created_at, s.undone_at, m.name as member, c.id as contact_id, c.name, o.id as other_id, o.name as other_name
from crm.change_set s
join crm.audit_entry e on e.business_id = s.business_id and e.change_set_id = s.id and e.table_name = 'contact'
    and e.old ->> 'merged_into_id' is null and e.new ->> 'merged_into_id' is not null
join crm.contact o on o.business_id = s.business_id and o.id = e.row_id::uuid
join crm.contact c on c.business_id = s.business_id and c.id = (e.new ->> 'merged_into_id')::uuid
left join crm.member m on m.business_id = s.business_id and m.id = s.member_id
where s.business_id = :business_id and s.id = :change_set_id and s.kind = 'merge'
order by e.at
limit 1

-- :name contact_merge_changes :many
select at, member, table_name, row_id, thing, operation, old, new from api.contact_merge_changes(:change_set_id)

-- :name contact_merge_undo :one
select id from api.contact_merge_undo(:change_set_id)
