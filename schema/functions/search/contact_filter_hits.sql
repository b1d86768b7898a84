create or replace function internal.contact_filter_hits(
    p_place text, p_facts text[], p_quiet_months integer, p_visited_from date, p_visited_to date, p_service_id uuid, p_owes text,
    p_kind text, p_archived boolean, p_q text, p_after_key text, p_after_id uuid, p_most integer)
returns setof uuid
language plpgsql stable
-- A plan of its own for the filters that are set: the others fold away.
set search_path = '' set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
    v_business uuid := internal.current_business();
    v_zone text := (select b.time_zone from crm.business b where b.business_id = v_business);
    v_place text := nullif(lower(btrim(p_place) collate pg_catalog.pg_c_utf8), '');
    v_words tsquery := internal.contact_filter_query(null, p_facts, p_q);
    v_begins text := case when internal.contact_filter_query(null, null, p_q) is null
        then nullif(lower(btrim(left(p_q, 80)) collate pg_catalog.pg_c_utf8), '') end;
    v_quiet timestamptz;
    v_due date := case p_owes when 'unpaid' then 'infinity' when 'overdue' then (internal.now() at time zone v_zone)::date end;
    v_from timestamptz;
    v_to timestamptz;
    v_ids uuid[];
begin
    if p_quiet_months is not null then
        v_quiet := internal.now() - make_interval(months => least(greatest(p_quiet_months, 1), 60));
    end if;
    if num_nonnulls(p_visited_from, p_visited_to) > 0 then
        v_from := greatest(p_visited_from, date '1900-01-01')::timestamp at time zone v_zone;
        v_to := (least(p_visited_to, date '2199-12-31') + 1)::timestamp at time zone v_zone;
    end if;
    -- One filter that leaves many has its page after a few steps by name. What several have in common may be little, and
    -- who counts goes a long way: then it pays to look at more by their ids.
    v_ids := internal.contact_filter_few(internal.contact_filter_query(p_place, p_facts, p_q), v_due, p_service_id, v_from, v_to,
        case when p_most > 21 then 6000 when num_nonnulls(v_place, v_words, v_quiet, v_from, p_service_id, v_due) > 1 then 4000 else 2000 end);
    if cardinality(v_ids) = 0 then return; end if;
    return query
        select c.id from crm.contact c
        where c.business_id = v_business and (c.name_key, c.id) > (coalesce(p_after_key, ''), coalesce(p_after_id, internal.house()))
          -- Of many, an index by name is followed until there are enough. Few are asked for archived_at in a way that
          -- fits no such index, so that they are found by their ids.
          and (v_ids is not null or (p_archived is true and c.archived_at is not null) or (p_archived is not true and c.archived_at is null))
          and (v_ids is null or (c.id = any (v_ids) and num_nonnulls(c.archived_at) = (p_archived is true)::integer))
          and (p_kind is null or c.kind = p_kind)
          and (v_begins is null or (c.name_key >= v_begins and c.name_key < v_begins || chr(1114111)))
          and (v_words is null or exists (select from internal.contact_search s
              where s.business_id = v_business and s.contact_id = c.id and s.tokens @@ v_words offset 0))
          and (v_place is null or exists (select from crm.address a
              where a.business_id = v_business and a.contact_id = c.id and a.archived_at is null
                and (lower(a.city collate pg_catalog.pg_c_utf8) = v_place
                     or starts_with(lower(a.postcode collate pg_catalog.pg_c_utf8), v_place)) offset 0))
          and (v_due is null or exists (select from crm.invoice i
              where i.business_id = v_business and i.contact_id = c.id and i.status in ('sent', 'partial') and i.due_on < v_due offset 0))
          and (v_quiet is null or not exists (select from crm.ticket t
              where t.business_id = v_business and t.contact_id = c.id and t.starts_at >= v_quiet and t.blocks_time offset 0))
          and (v_from is null or (
              exists (select from crm.ticket t where t.business_id = v_business and t.contact_id = c.id
                  and t.starts_at >= v_from and t.starts_at < v_to and t.status = 'completed' offset 0)
              and not exists (select from crm.ticket t where t.business_id = v_business and t.contact_id = c.id
                  and t.starts_at >= v_to and t.status = 'completed' offset 0)))
          and (p_service_id is null or exists (select from crm.ticket t
              join crm.line_item l on l.business_id = v_business and l.ticket_id = t.id
              where t.business_id = v_business and t.contact_id = c.id and t.status = 'completed' and l.service_id = p_service_id offset 0))
        order by c.name_key, c.id
        limit p_most;
end $$;
comment on function internal.contact_filter_hits(text, text[], integer, date, date, uuid, text, text, boolean, text, text, uuid, integer) is
    'Contacts that answer every filter that is given, by name, from a key on, p_most of them. Behind the wall and the policies of its caller: a technician''s are those of whom they visit.';
