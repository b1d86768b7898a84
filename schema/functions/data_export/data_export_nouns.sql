create or replace function internal.data_export_nouns() returns text[]
language sql immutable parallel safe set search_path = ''
return '{business,member,service,contact,address,attribute_key,attribute,note,series,ticket,waitlist_entry,freed_slot,waitlist_offer,line_item,invoice,payment,message,task,file,erasure,audit_entry}'::text[];
comment on function internal.data_export_nouns() is 'What an export holds, in this order: every noun that people of a business write.';
