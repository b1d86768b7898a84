create or replace function internal.is_erasing(p_contact_id uuid) returns boolean
language sql stable set search_path = ''
begin atomic
    select exists (
        select from crm.erasure e
        where e.business_id = (select internal.current_business()) and (p_contact_id is null or e.contact_id = p_contact_id)
          and e.transaction_id = pg_current_xact_id_if_assigned() and e.created_at = internal.now());
end;
comment on function internal.is_erasing(uuid) is
    'Whether this very transaction erases that contact, or any when none is named: then what is final may lose its words, and nothing else.';
