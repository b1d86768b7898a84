create or replace function internal.series_intent(
    p_series_id uuid, p_ticket_id uuid, p_scope text, p_on date, p_wish crm.series, p_rrule text,
    out was crm.series, out becomes crm.series, out from_on date)
language plpgsql stable set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_next crm.ticket;
    v_on date := p_on;
begin
    select * into was from crm.series s where s.business_id = internal.current_business() and s.id = p_series_id;
    if was.id is null then perform internal.not_found('series'); end if;
    if p_scope is null or p_scope not in ('this', 'following', 'all') then
        perform internal.refuse('series_scope_is_known', 'Choose whether only this visit changes, all after it as well, or all of them.');
    elsif internal.is_sane_date(p_on) is not true or p_on is null then
        perform internal.refuse('series_on_is_given', 'Choose a date between 1900 and 2200.');
    elsif p_on < internal.series_today(was.time_zone) then
        perform internal.refuse('series_on_is_not_behind_us', 'This day is over.', 'Choose today or a later day.');
    end if;
    v_next := internal.series_next(was);
    if p_ticket_id is not null then
        select * into v_ticket from crm.ticket t where t.business_id = was.business_id and t.series_id = was.id and t.id = p_ticket_id;
        if v_ticket.id is null then perform internal.not_found('ticket'); end if;
        if v_ticket.status <> 'scheduled' then
            perform internal.refuse('ticket_of_a_series_is_open', 'This visit is not open any more.', 'Change the series from its next visit on.');
        end if;
    else
        v_ticket := v_next;
    end if;
    if v_ticket.id is null or p_scope = 'all' and v_next.id is null then
        perform internal.refuse('series_has_a_visit_to_come', 'This series has no visit to come.', 'Book a new one.');
    end if;
    becomes := p_wish;
    becomes.business_id := was.business_id;
    becomes.contact_id := was.contact_id;
    becomes.follows_id := was.id;
    becomes.time_zone := was.time_zone;
    becomes.arrival_minutes := was.arrival_minutes;
    becomes.paused_from := was.paused_from;
    becomes.paused_until := was.paused_until;
    becomes.first_on := v_on;
    from_on := v_ticket.occurrence_on;
    if p_scope = 'this' then
        perform internal.series_check(jsonb_populate_record(was, jsonb_build_object('first_on', v_on, 'starts_at_wall', becomes.starts_at_wall,
            'minutes', becomes.minutes, 'instructions', becomes.instructions, 'until_on', null, 'count', null)));
        return;
    end if;
    if p_rrule is null then becomes := internal.series_follow_day(was, becomes); end if;
    if p_scope = 'all' and v_next.id <> v_ticket.id then
        -- All of them move by as much as this one, the next one first. In months that is a few days more or less.
        from_on := v_next.occurrence_on;
        becomes.count := becomes.count + (select count(*) from internal.series_days(was.first_on, was.every, was.unit, was.weekdays, was.monthly_by,
            was.nth, was.until_on, was.count, v_next.occurrence_on, v_ticket.occurrence_on - 1));
        becomes.first_on := greatest(internal.series_today(was.time_zone),
            v_next.occurrence_on + (v_on - v_ticket.occurrence_on) - case when becomes.unit in ('month', 'year') then 7 else 0 end);
    end if;
    becomes := internal.series_wish(becomes, p_rrule);
end $$;
comment on function internal.series_intent(uuid, uuid, text, date, crm.series, text) is
    'What somebody means who changes a series from one of its visits on: the series as it is, as it is to go on, and from which of its days. Refused when that cannot be.';
