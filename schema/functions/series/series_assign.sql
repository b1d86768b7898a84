create or replace function internal.series_assign(p_ticket crm.ticket, p_member_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_member record;
    v_clash text;
    v_away text;
    v_held text;
begin
    for v_member in
        select m.id, m.name from crm.member m
        where m.business_id = p_ticket.business_id and m.id = any (p_member_ids) and m.disabled_at is null order by m.id
    loop
        v_away := internal.away_because(p_ticket.business_id, v_member.id, p_ticket.starts_at, p_ticket.ends_at);
        -- Who is away for once is left out; a rule that is out of hours is meant so.
        if internal.is_off(p_ticket.business_id, v_member.id, p_ticket.starts_at, p_ticket.ends_at) then
            v_clash := concat_ws(' ', v_clash, v_away);
            continue;
        end if;
        v_held := internal.waitlist_held(p_ticket.business_id, v_member.id, p_ticket.starts_at, p_ticket.busy_until);
        if v_held is not null then
            v_clash := concat_ws(' ', v_clash, v_held);
            continue;
        end if;
        -- As in every booking, `do nothing` waits for whoever books the same time and then gives way.
        insert into crm.assignment (ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, out_of_hours_reason)
        values (p_ticket.id, v_member.id, p_ticket.contact_id, p_ticket.starts_at, p_ticket.busy_until, true,
            case when v_away is not null then 'As the series says.' end)
        on conflict do nothing;
        if not found then
            v_clash := concat_ws(' ', v_clash, coalesce(
                internal.series_clash(p_ticket.business_id, v_member.id, p_ticket.starts_at, p_ticket.busy_until, array[p_ticket.id]),
                format('%s has another visit then.', v_member.name)));
        end if;
    end loop;
    if v_clash is not null then
        insert into crm.task (title, detail, ticket_id, contact_id)
        values ('Somebody else must go to a repeating visit', left(v_clash, 1000), p_ticket.id, p_ticket.contact_id);
    end if;
end $$;
comment on function internal.series_assign(crm.ticket, uuid[]) is
    'Put technicians on a visit of a series. Whoever has another visit or time off then, or whose time is offered to somebody, is left out, and the office gets a task that says so.';
