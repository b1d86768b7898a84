create or replace trigger _200_can_wait before insert on crm.waitlist_entry
    for each row execute function internal.tg_waitlist_entry__can_wait();
create or replace trigger _205_can_wait_until before update of until_on on crm.waitlist_entry
    for each row when (new.until_on is distinct from old.until_on) execute function internal.tg_waitlist_entry__can_wait();
create or replace trigger _210_moves before update of status on crm.waitlist_entry
    for each row execute function internal.tg_waitlist_entry__moves();
create or replace trigger _500_follows after insert or update of status, member_id, minutes, from_on, until_on, weekdays, day_part on crm.waitlist_entry
    for each row execute function internal.tg_waitlist_entry__follows();
create or replace trigger _190_begins_planned before insert on crm.waitlist_offer
    for each row when (new.status <> 'planned') execute function internal.tg_waitlist_offer__begins_planned();
create or replace trigger _200_moves before update of status, held_until on crm.waitlist_offer
    for each row execute function internal.tg_waitlist_offer__moves();
create or replace trigger _520_offer_follows after update of status on crm.message
    for each row when (new.kind = 'waitlist_offer' and new.status <> old.status) execute function internal.tg_message__offer_follows();

-- Free for somebody else: what a visit gave up, and what a technician gave up of it.
create or replace trigger _520_time_is_freed after update of status, starts_at, ends_at on crm.ticket
    for each row when (old.blocks_time and (not new.blocks_time or (new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at)))
    execute function internal.tg_ticket__time_is_freed();
create or replace trigger _520_time_is_freed after delete on crm.assignment
    for each row when (old.blocks_time) execute function internal.tg_assignment__time_is_freed();
create or replace trigger _530_waitlist_follows after update of status on crm.ticket
    for each row when (new.status <> old.status and new.status <> 'scheduled') execute function internal.tg_ticket__waitlist_follows();
-- What is offered to somebody is for the visit as it was then.
create or replace trigger _540_offer_suits after update of starts_at, ends_at on crm.ticket
    for each row when ((new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at)) execute function internal.tg_row__offer_suits('id');
create or replace trigger _540_offer_suits after insert on crm.assignment
    for each row execute function internal.tg_row__offer_suits('ticket_id');
create or replace trigger _150_waitlist_lets_go before delete on crm.ticket
    for each row execute function internal.tg_ticket__waitlist_lets_go();

-- Held for somebody: asked of every technician that is booked, and of every time that one is moved to.
create or replace trigger _210_time_is_held_insert before insert on crm.assignment
    for each row when (new.blocks_time) execute function internal.tg_assignment__time_is_held();
create or replace trigger _210_time_is_held before update on crm.assignment
    for each row when (new.blocks_time
        and (new.starts_at, new.busy_until, new.member_id, new.blocks_time) is distinct from (old.starts_at, old.busy_until, old.member_id, old.blocks_time))
    execute function internal.tg_assignment__time_is_held();
