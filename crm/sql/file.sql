-- :name contact_files :many
-- The photos and documents of a contact, and of those merged into it, the newest first.
select f.id, f.kind, f.name, f.bytes, f.ticket_id, f.created_at, m.name as member
from crm.file f
left join crm.member m on m.business_id = f.business_id and m.id = f.member_id
where f.business_id = :business_id and f.contact_id = any (array(
    select c.id from crm.contact c where c.business_id = :business_id and c.id = :contact_id
    union all
    select c.id from crm.contact c where c.business_id = :business_id and c.merged_into_id = :contact_id))
order by f.created_at desc, f.id
limit 500

-- :name ticket_files :many
-- What was photographed at a visit.
select f.id, f.kind, f.name, f.bytes, f.ticket_id, f.created_at, m.name as member
from crm.file f
left join crm.member m on m.business_id = f.business_id and m.id = f.member_id
where f.business_id = :business_id and f.ticket_id = :ticket_id
order by f.created_at, f.id
limit 500

-- :name file_read :one
select f.id, f.contact_id, f.ticket_id, f.kind, f.name, f.bytes, f.width, f.height, f.created_at,
       internal.may_change(f.member_id) as changeable, m.name as member, c.name as contact
from crm.file f
join crm.contact c on c.business_id = f.business_id and c.id = f.contact_id
left join crm.member m on m.business_id = f.business_id and m.id = f.member_id
where f.business_id = :business_id and f.id = :file_id

-- :name file_content :one
select id, kind, name, media_type, kept_in, content from api.file_content(:file_id, :thumbnail)

-- :name file_add :one
select id, contact_id, ticket_id from api.file_add(
    :file_id, :contact_id, :ticket_id, :kind, :name, :media_type, :bytes, :width, :height, :content, :thumbnail,
    :action_id, :happened_at)

-- :name file_remove :one
select id, contact_id, ticket_id, name, kept_in from api.file_remove(:file_id)
