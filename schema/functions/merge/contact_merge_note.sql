create or replace function internal.contact_merge_note(p_kept crm.contact, p_other crm.contact, p_take text[]) returns setof text
language plpgsql stable set search_path = ''
as $$
declare
    v_fields text[] := '{kind,phone,other_phone,email,preferred_method,preferred_time,language,referred_by,consent}';
    v_left text[] := internal.contact_said(p_other, p_kept, array(select f from unnest(v_fields) f where f <> all (p_take)));
    v_replaced text[] := internal.contact_said(p_kept, p_other, array(select f from unnest(array['name'] || v_fields) f where f = any (p_take)));
    v_note text := format('Merged with “%s”.', p_other.name);
begin
    v_left := v_left || array(
        select format('%s: %s', o.key, o.value) from crm.attribute o
        join crm.attribute k on k.business_id = o.business_id and k.contact_id = p_kept.id and k.key = o.key and k.value <> o.value
        where o.business_id = p_other.business_id and o.contact_id = p_other.id and 'attribute:' || o.key <> all (p_take) order by o.key)
    || array(
        select format('at %s: %s', o.street, concat_ws(', ', o.label, o.access_note)) from crm.address o
        where o.business_id = p_other.business_id and o.contact_id = p_other.id and o.archived_at is null and num_nonnulls(o.label, o.access_note) > 0
          and exists (select from crm.address k where k.business_id = o.business_id and k.contact_id = p_kept.id and k.archived_at is null
                      and internal.address_key(k) = internal.address_key(o))
          and not exists (select from crm.address k where k.business_id = o.business_id and k.contact_id = p_kept.id and k.archived_at is null
                      and internal.address_key(k) = internal.address_key(o)
                      and (k.label, k.access_note) is not distinct from (o.label, o.access_note)) order by o.id);
    v_replaced := v_replaced || array(
        select format('%s: %s', k.key, k.value) from crm.attribute k
        join crm.attribute o on o.business_id = k.business_id and o.contact_id = p_other.id and o.key = k.key and o.value <> k.value
        where k.business_id = p_kept.business_id and k.contact_id = p_kept.id and 'attribute:' || k.key = any (p_take) order by k.key);
    if v_left <> '{}' then v_note := format('%s There it said: %s.', v_note, array_to_string(v_left, '; ')); end if;
    if v_replaced <> '{}' then v_note := format('%s Here it said before: %s.', v_note, array_to_string(v_replaced, '; ')); end if;
    -- Of two notes one stays at the top of the page; the other goes down here.
    if p_kept.note is distinct from p_other.note then
        v_note := v_note || coalesce(case when 'note' = any (p_take) then E'\nThe note here was: ' || p_kept.note
                                          else E'\nThe note there was: ' || p_other.note end, '');
    end if;
    return query select substr(v_note, n, 4000) from generate_series(1, length(v_note), 4000) n;
end $$;
comment on function internal.contact_merge_note(crm.contact, crm.contact, text[]) is
    'What would be lost by a merge, in plain sentences: what the other contact said and was not taken, and what was replaced. One note, or more when one would be too long. Asked before anything is changed.';
