create or replace function internal.contact_merge_addresses(p_contact_id uuid, p_other_id uuid) returns setof crm.address
language sql stable set search_path = ''
as $$
    select a.* from crm.address a
    where a.business_id = (select internal.current_business()) and a.contact_id = p_other_id
      and (a.archived_at is null or exists (
          select from crm.ticket t where t.business_id = a.business_id and t.contact_id = p_other_id and t.address_id = a.id
            and t.status in ('scheduled', 'in_progress')) or exists (
          select from crm.series s where s.business_id = a.business_id and s.contact_id = p_other_id and s.address_id = a.id and s.ended_at is null))
      and not exists (
          select from crm.address k where k.business_id = a.business_id and k.contact_id = p_contact_id
            and internal.address_key(k) = internal.address_key(a) and (k.archived_at is null or a.archived_at is not null))
    order by a.id;
$$;
comment on function internal.contact_merge_addresses(uuid, uuid) is
    'The addresses of the second contact that the first has not: in use, or of a visit or a series that is still open.';
