-- What the filters of the contact list stand on beside the indexes of each table: those who are off the
-- list, by name, and the names of the facts that a business keeps.
create index contact_archived_by_name on crm.contact (business_id, name_key, id) where archived_at is not null;
create index attribute_by_key on crm.attribute (business_id, key);
