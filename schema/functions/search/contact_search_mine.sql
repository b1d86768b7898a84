create or replace function internal.contact_search_mine() returns setof uuid
language sql stable rows 1000 set search_path = ''
begin atomic
    select distinct a.contact_id from crm.assignment a
    where a.business_id = (select internal.current_business()) and a.member_id = (select internal.current_member())
      and internal.is_near(a.starts_at);
end;
comment on function internal.contact_search_mine() is
    'Whom a technician visits in the last and next 60 days: a search looks at nobody else. What they may see the policy decides.';
