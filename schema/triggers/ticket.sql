create or replace trigger _100_closed_is_final before update or delete on crm.ticket
    for each row execute function internal.tg_ticket__closed_is_final();
create or replace trigger _195_contact_is_on_the_list before insert or update of contact_id on crm.ticket
    for each row execute function internal.tg_ticket__contact_is_on_the_list();
create or replace trigger _200_moves before insert or update on crm.ticket
    for each row execute function internal.tg_ticket__moves();
create or replace trigger _220_confirmation before update of confirmation, starts_at, ends_at on crm.ticket
    for each row execute function internal.tg_ticket__confirmation();
create or replace trigger _250_completed_is_answered before update on crm.ticket
    for each row when (new.status = 'completed' and old.status <> 'completed')
    execute function internal.tg_ticket__completed_is_answered();
create or replace trigger _255_clocks_stop before update on crm.ticket
    for each row when (new.status = 'completed' and old.status <> 'completed') execute function internal.tg_ticket__clocks_stop();
create or replace trigger _260_clock_is_not_ahead before insert or update of clocked_in_at, clocked_out_at on crm.ticket
    for each row execute function internal.tg_ticket__clock_is_not_ahead();
create or replace trigger _270_moved_by_hand before update of starts_at, ends_at on crm.ticket
    for each row when (new.series_id is not null and (new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at))
    execute function internal.tg_ticket__moved_by_hand();
create or replace trigger _300_buffer before insert or update on crm.ticket
    for each row execute function internal.tg_ticket__buffer();
create or replace trigger _320_revision before update on crm.ticket
    for each row when ((new.starts_at, new.ends_at, new.address_id, new.status, new.confirmation)
                       is distinct from (old.starts_at, old.ends_at, old.address_id, old.status, old.confirmation)
                       or new.revision < old.revision)
    execute function internal.tg_ticket__revision();
create or replace trigger _500_messages_follow after insert or update of status, confirmation, starts_at, ends_at on crm.ticket
    for each row execute function internal.tg_ticket__messages_follow();
create or replace trigger _510_links_follow after update of ends_at on crm.ticket
    for each row when (new.ends_at <> old.ends_at) execute function internal.tg_ticket__links_follow();

create or replace trigger _100_closed_is_final before insert or update or delete on crm.assignment
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _200_at_work_insert before insert on crm.assignment
    for each row when (new.blocks_time and new.out_of_hours_reason is null) execute function internal.tg_assignment__at_work();
create or replace trigger _200_at_work before update on crm.assignment
    for each row when (new.blocks_time and new.out_of_hours_reason is null
        and (new.starts_at, new.busy_until, new.member_id, new.out_of_hours_reason) is distinct from (old.starts_at, old.busy_until, old.member_id, old.out_of_hours_reason))
    execute function internal.tg_assignment__at_work();
create or replace trigger _260_clock_is_not_ahead before insert or update of clocked_in_at, clocked_out_at on crm.assignment
    for each row execute function internal.tg_ticket__clock_is_not_ahead();
create or replace trigger _500_moved_by_hand after insert or delete on crm.assignment
    for each row execute function internal.tg_assignment__moved_by_hand();
create or replace trigger _510_revision after insert or delete or update of member_id on crm.assignment
    for each row execute function internal.tg_assignment__revision();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.line_item
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.close_out
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.gap
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.proposal
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _200_words_are_in_the_note before insert or update of words, starts_at_char, ticket_id on crm.proposal
    for each row execute function internal.tg_proposal__words_are_in_the_note();
