create or replace function internal.contact_search_hits(p_query tsquery, p_digits text, p_most integer) returns setof uuid
language plpgsql stable set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    if internal.sees_everything() then
        return query
            select s.contact_id from internal.contact_search s
            where s.tokens @@ p_query and (p_digits is null or s.digits like '%' || p_digits || '%')
              -- Not "=": the planner would read the whole business by its key rather than believe the token.
              and s.business_id is not distinct from v_business
            limit p_most;
    else
        perform set_config('gin_fuzzy_search_limit', '0', true);  -- few are theirs: miss none
        return query
            with hit as materialized (
                select s.contact_id from internal.contact_search s
                where s.tokens @@ p_query and (p_digits is null or s.digits like '%' || p_digits || '%')
                  and s.business_id is not distinct from v_business
            ), mine as materialized (
                select m.id from internal.contact_search_mine() m(id)
            )
            select m.id from mine m join hit h on h.contact_id = m.id limit p_most;
    end if;
end $$;
comment on function internal.contact_search_hits(tsquery, text, integer) is
    'Contacts of the business whose tokens answer the query, and whose phone number has these digits if any are given; of a technician only whom they visit. To be joined behind the wall.';
