create or replace function internal.tg_ticket__messages_follow() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_zone text;
    v_reminder_at timestamptz;
begin
    if tg_op = 'INSERT' then
        if new.status = 'scheduled' then perform internal.reminder_plan(new); end if;
        return null;
    end if;
    if new.status <> 'scheduled' then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(),
            cancel_reason = case new.status when 'cancelled' then 'The visit was cancelled.' else 'The visit was started.' end
        where m.business_id = new.business_id and m.ticket_id = new.id and m.kind not in ('outreach', 'cancellation') and m.status = 'pending';
        if new.status = 'cancelled' and old.status = 'scheduled' then perform internal.cancellation_plan(new); end if;
        return null;
    end if;
    if old.status = 'cancelled' then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'The visit is on again.'
        where m.business_id = new.business_id and m.ticket_id = new.id and m.kind = 'cancellation' and m.status = 'pending';
    end if;
    if new.starts_at <> old.starts_at then
        v_zone := (select b.time_zone from crm.business b where b.business_id = new.business_id);
        v_reminder_at := (((new.starts_at at time zone v_zone)::date - 1) + time '17:00') at time zone v_zone;
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(),
            cancel_reason = case when m.kind = 'reminder' and v_reminder_at > internal.now() then 'They were reminded of that time already.'
                else 'The visit was moved and is too near by now.' end
        where m.business_id = new.business_id and m.ticket_id = new.id and m.status = 'pending'
          and (m.kind = 'reminder' and (v_reminder_at <= internal.now() or exists (
                  select from crm.message o where o.business_id = m.business_id and o.ticket_id = m.ticket_id and o.kind = 'reminder'
                      and o.ticket_starts_at = new.starts_at and o.status <> 'cancelled' and o.id <> m.id))
               or m.kind = 'confirmation_follow_up' and m.send_at > new.starts_at - interval '24 hours'
               or m.kind = 'confirmation' and m.send_at >= new.starts_at);
        update crm.message m set ticket_starts_at = new.starts_at, send_at = case when m.kind = 'reminder' then v_reminder_at else m.send_at end
        where m.business_id = new.business_id and m.ticket_id = new.id and m.kind <> 'outreach' and m.status = 'pending';
        -- What is undone gets back the mails that it had.
        if not internal.series_is_undoing(new.id, new.series_id) then
            perform internal.reminder_plan(new);
            perform internal.moved_visit_plan(new);
        end if;
    end if;
    if new.confirmation <> old.confirmation and new.confirmation <> 'pending' then
        update crm.message m set status = 'cancelled', cancelled_at = internal.now(), cancel_reason = 'They have answered.'
        where m.business_id = new.business_id and m.ticket_id = new.id and m.kind in ('confirmation', 'confirmation_follow_up') and m.status = 'pending';
    end if;
    return null;
end $$;
comment on function internal.tg_ticket__messages_follow() is
    'What is planned about a visit goes with it: a reminder is planned when it is booked, moves when it moves and ends when it is started or cancelled; who knows of a visit is told that it was cancelled; who was told another time is told the new one; nobody is asked who has answered. Definer: plans and cancels.';
