create or replace function internal.contact_pseudonym(p_contact_id uuid) returns text
language sql immutable strict set search_path = ''
return 'Erased customer ' || right(p_contact_id::text, 6);
comment on function internal.contact_pseudonym(uuid) is 'What an erased contact is called on the money records that stay.';
