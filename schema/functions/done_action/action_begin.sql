create or replace function internal.action_begin(p_action_id uuid, p_action text, p_ticket_id uuid, p_happened_at timestamptz) returns timestamptz
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_done crm.done_action;
begin
    if p_action_id is null then
        if p_happened_at is not null then
            perform internal.refuse('done_action_id_is_given', 'What happened earlier has to come with an id of its own, so that it is done once.');
        end if;
        return internal.now();
    end if;
    -- A visit that the caller may not see is left out here, and not found by the action itself.
    insert into crm.done_action (id, action, ticket_id, happened_at)
    values (p_action_id, p_action, (select t.id from crm.ticket t where t.business_id = v_business and t.id = p_ticket_id),
            coalesce(p_happened_at, internal.now()))
    on conflict on constraint done_action_pkey do nothing
    returning * into v_done;
    if v_done.id is null then
        select * into v_done from crm.done_action d where d.business_id = v_business and d.id = p_action_id;
        if (v_done.member_id, v_done.action) is distinct from (internal.current_member(), p_action)
           or v_done.ticket_id is distinct from p_ticket_id then
            perform internal.refuse('done_action_is_ones_own', 'Something else was sent under this id already.', 'Enter it anew.');
        end if;
        return null;
    end if;
    -- Each new one takes some old ones along: there is never much to be thrown away at once.
    delete from crm.done_action d where d.business_id = v_business and d.id in (
        select o.id from crm.done_action o where o.business_id = v_business and o.done_at < internal.now() - interval '60 days'
        order by o.done_at limit 20 for update skip locked);
    -- The clocks of phones are some minutes ahead; ours is the one that counts.
    return least(v_done.happened_at, internal.now());
end $$;
comment on function internal.action_begin(uuid, text, uuid, timestamptz) is
    'Note that an action is done under this id, and return when it happened; null when it was done before, by the same member for the same visit. Without an id it is done now, as often as it is asked for. What is older than 60 days is thrown away.';
