create or replace function api.contact_import_apply(p_contact_import_id uuid, p_people jsonb, p_asks boolean default true) returns crm.contact_import
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_import crm.contact_import;
    v_numbers integer[];
    v_people jsonb;
    v_next integer;
begin
    perform internal.require('contact_import_apply');
    select * into v_import from crm.contact_import i
    where i.business_id = internal.current_business() and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    if v_import.state not in ('waiting', 'running') then return v_import; end if;
    perform set_config('app.change_set', v_import.change_set_id::text, true);
    -- Rows that another call was faster with are nobody's business any more.
    v_numbers := array(select r.number from crm.contact_import_row r
        where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.outcome = 'waiting'
          and r.number = any (array(select (p.person ->> 'number')::integer from jsonb_array_elements(p_people) p(person))));
    select jsonb_agg(p.person order by (p.person ->> 'number')::integer) into v_people
    from jsonb_array_elements(p_people) p(person) where (p.person ->> 'number')::integer = any (v_numbers);
    perform internal.contact_import_settle(v_import, v_people);
    select min(r.number) into v_next from crm.contact_import_row r
    where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.outcome = 'waiting';
    update crm.contact_import i
    set created = i.created + n.created, updated = i.updated + n.updated, skipped = i.skipped + n.skipped, failed = i.failed + n.failed,
        state = case when v_next is null then 'done' else 'running' end, finished_at = case when v_next is null then internal.now() end
    from (select count(*) filter (where r.outcome = 'created') as created, count(*) filter (where r.outcome = 'updated') as updated,
                 count(*) filter (where r.outcome = 'skipped') as skipped, count(*) filter (where r.outcome = 'failed') as failed
          from crm.contact_import_row r
          where r.business_id = v_import.business_id and r.contact_import_id = v_import.id and r.number = any (v_numbers)) n
    where i.business_id = v_import.business_id and i.id = v_import.id
    returning i.* into v_import;
    if v_next is not null and p_asks then
        perform internal.enqueue('contact_import', v_import.id || ':' || v_next, jsonb_build_object('contact_import_id', v_import.id));
    end if;
    return v_import;
end $$;
comment on function api.contact_import_apply(uuid, jsonb, boolean) is
    'Take some hundred rows of an import into the book, and ask for the next ones, unless whoever calls goes on by themselves. Each is an object with its number and what is known of the person, or with its number and why it failed. A row that was taken in already is passed over; one that a rule refuses fails alone, with the sentence of the rule. Definer: writes.';
grant execute on function api.contact_import_apply(uuid, jsonb, boolean) to crm_app;
