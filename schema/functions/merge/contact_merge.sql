create or replace function api.contact_merge(p_contact_id uuid, p_other_id uuid, p_take text[] default '{}')
returns table (change_set_id uuid, contact_id uuid, name text, other_name text)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_take text[] := coalesce(p_take, '{}');
    v_kept crm.contact;
    v_other crm.contact;
    v_set uuid;
begin
    perform internal.require('contact_merge');
    -- In order of id, so that two merges of one pair never wait for each other; who books for either of them waits here.
    perform from crm.contact c where c.business_id = v_business and c.id in (p_contact_id, p_other_id) order by c.id for update;
    select * into v_kept from crm.contact c where c.business_id = v_business and c.id = p_contact_id;
    select * into v_other from crm.contact c where c.business_id = v_business and c.id = p_other_id;
    perform internal.contact_merge_check(v_kept, v_other);
    if exists (select from unnest(v_take) t(part) where (t.part in ('name', 'kind', 'phone', 'other_phone', 'email', 'preferred_method',
               'preferred_time', 'language', 'referred_by', 'note') or starts_with(t.part, 'attribute:')) is not true) then
        perform internal.refuse('contact_merge_takes_known_fields', 'One of the things to take is not known.',
            'Take fields by their names and facts as attribute:<name>.');
    end if;
    v_set := internal.change_set_begin('merge');
    perform internal.contact_merge_parts(v_kept, v_other, v_take);
    -- Last, so that an undo, which goes backwards, opens it first.
    update crm.contact c set merged_into_id = v_kept.id where c.business_id = v_business and c.merged_into_id = v_other.id;
    update crm.contact c set merged_into_id = v_kept.id, archived_at = coalesce(c.archived_at, internal.now())
    where c.business_id = v_business and c.id = v_other.id;
    perform internal.contact_search_refresh(array[v_kept.id, v_other.id]);
    perform set_config('app.change_set', '', true);
    return query select v_set, c.id, c.name, v_other.name from crm.contact c where c.business_id = v_business and c.id = v_kept.id;
end $$;
comment on function api.contact_merge(uuid, uuid, text[]) is
    'Make one contact of two: the first stays, the second is archived and merged into it. p_take names what is taken from the second: name, kind, phone, other_phone, email, preferred_method, preferred_time, language, referred_by, note, and facts as attribute:<name>; what is not taken is written into a note. Open visits, planned messages, open tasks and draft invoices move; closed ones stay and are shown together. Returns the change set, by which it can be undone. Definer: writes.';
grant execute on function api.contact_merge(uuid, uuid, text[]) to crm_app, crm_support;
