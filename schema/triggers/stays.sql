-- What a row is for good, whoever types the update. Whoever has a link or an address in a mail, or on a phone, has it for one thing.
create or replace trigger _100_stays before update on crm.feed
    for each row execute function internal.tg_row__stays('id', 'kind', 'member_id');
create or replace trigger _100_stays before update on crm.ticket_link
    for each row execute function internal.tg_row__stays('id', 'message_id', 'ticket_id', 'waitlist_offer_id', 'token_hash', 'told_starts_at');
create or replace trigger _105_revoked_stays before update on crm.ticket_link
    for each row when (old.revoked_at is not null) execute function internal.tg_row__stays('revoked_at');
create or replace trigger _100_stays before update on crm.done_action
    for each row execute function internal.tg_row__stays('id', 'member_id', 'action', 'ticket_id', 'happened_at', 'done_at');
create or replace trigger _100_stays before update on crm.change_set
    for each row execute function internal.tg_row__stays('id', 'kind', 'member_id', 'created_at');
create or replace trigger _105_undone_stays before update on crm.change_set
    for each row when (old.undone_at is not null) execute function internal.tg_row__stays('undone_at', 'undone_by');
create or replace trigger _100_stays before update on crm.waitlist_offer
    for each row execute function internal.tg_row__stays('id', 'freed_slot_id', 'waitlist_entry_id', 'member_id', 'starts_at', 'ends_at', 'busy_until');
create or replace trigger _220_over_stays before update on crm.waitlist_offer
    for each row when (old.status not in ('planned', 'held')) execute function internal.tg_row__stays('ticket_id', 'held_until', 'ended_at', 'end_reason');
