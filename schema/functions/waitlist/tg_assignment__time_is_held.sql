create or replace function internal.tg_assignment__time_is_held() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_held text := internal.waitlist_held(new.business_id, new.member_id, new.starts_at, new.busy_until);
begin
    if v_held is not null and new.book_anyway_reason is not null then
        perform internal.waitlist_give_way(new.business_id, new.member_id, new.starts_at, new.busy_until);
    elsif v_held is not null then
        perform internal.refuse('assignment_time_is_held', v_held, 'Choose another time, stop the offer on the waitlist, or book anyway with a reason.');
    end if;
    return new;
end $$;
comment on function internal.tg_assignment__time_is_held() is
    'What is offered to a customer of the waitlist is nobody else''s meanwhile; a reason to book anyway ends the offer. Definer: reads and ends offers, whoever books.';
