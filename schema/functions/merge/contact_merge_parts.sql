create or replace function internal.contact_merge_parts(p_kept crm.contact, p_other crm.contact, p_take text[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := p_kept.business_id;
    v_notes text[] := array(select internal.contact_merge_note(p_kept, p_other, p_take));
begin
    perform internal.contact_merge_fields(p_kept, p_other, p_take);
    insert into crm.address (contact_id, label, street, city, region, postcode, access_note, archived_at)
    select p_kept.id, a.label, a.street, a.city, a.region, a.postcode, a.access_note, a.archived_at
    from internal.contact_merge_addresses(p_kept.id, p_other.id) a;
    update crm.attribute k set value = o.value, source = o.source, words = o.words, ticket_id = o.ticket_id
    from crm.attribute o
    where k.business_id = v_business and k.contact_id = p_kept.id and o.business_id = v_business and o.contact_id = p_other.id
      and o.key = k.key and o.value <> k.value and 'attribute:' || k.key = any (p_take);
    insert into crm.attribute (contact_id, key, value, source, words, ticket_id)
    select p_kept.id, o.key, o.value, o.source, o.words, o.ticket_id from crm.attribute o
    where o.business_id = v_business and o.contact_id = p_other.id
      and not exists (select from crm.attribute k where k.business_id = v_business and k.contact_id = p_kept.id and k.key = o.key)
    order by o.key;
    insert into crm.note (contact_id, body) select p_kept.id, body from unnest(v_notes) body;
    -- A visit goes on at the same place: the address of its own that is most like the one it had.
    update crm.ticket t set contact_id = p_kept.id, address_id = (
        select k.id from crm.address o join crm.address k on k.business_id = o.business_id and k.contact_id = p_kept.id
            and internal.address_key(k) = internal.address_key(o)
        where o.business_id = v_business and o.id = t.address_id
        order by k.archived_at nulls first, k.label is distinct from o.label, k.access_note is distinct from o.access_note, k.id limit 1)
    where t.business_id = v_business and t.contact_id = p_other.id and t.status in ('scheduled', 'in_progress');
    update crm.series s set contact_id = p_kept.id, address_id = (
        select k.id from crm.address o join crm.address k on k.business_id = o.business_id and k.contact_id = p_kept.id
            and internal.address_key(k) = internal.address_key(o)
        where o.business_id = v_business and o.id = s.address_id
        order by k.archived_at nulls first, k.label is distinct from o.label, k.access_note is distinct from o.access_note, k.id limit 1)
    where s.business_id = v_business and s.contact_id = p_other.id and s.ended_at is null;
    -- Who waits goes on waiting; with a visit the entry has gone along with it.
    update crm.waitlist_entry w set contact_id = p_kept.id, address_id = (
        select k.id from crm.address o join crm.address k on k.business_id = o.business_id and k.contact_id = p_kept.id
            and internal.address_key(k) = internal.address_key(o)
        where o.business_id = v_business and o.id = w.address_id
        order by k.archived_at nulls first, k.label is distinct from o.label, k.access_note is distinct from o.access_note, k.id limit 1)
    where w.business_id = v_business and w.contact_id = p_other.id and w.status = 'waiting' and w.ticket_id is null;
    update crm.message m set contact_id = p_kept.id
    where m.business_id = v_business and m.contact_id = p_other.id and m.status = 'pending';
    update crm.task t set contact_id = p_kept.id
    where t.business_id = v_business and t.contact_id = p_other.id and t.done_at is null;
    update crm.invoice i set contact_id = p_kept.id
    where i.business_id = v_business and i.contact_id = p_other.id and i.status = 'draft';
end $$;
comment on function internal.contact_merge_parts(crm.contact, crm.contact, text[]) is
    'What a merge copies to the contact that stays, and what it moves there.';
