-- What a phone has asked for, under the id that the phone gave it. A form that is sent from a dead spot may come twice: the second
-- time it is here already, and nothing is done.
create table crm.done_action (
    business_id uuid not null default internal.current_business(),
    id uuid not null,
    member_id uuid not null default internal.current_member(),
    action text not null,
    ticket_id uuid,
    happened_at timestamptz not null,
    done_at timestamptz not null default internal.now(),
    constraint done_action_pkey primary key (business_id, id),
    constraint done_action_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint done_action_ticket_exists foreign key (business_id, ticket_id) references crm.ticket (business_id, id),
    constraint done_action_happened_at_is_not_ahead check (happened_at <= done_at + interval '5 minutes'),
    constraint done_action_happened_at_is_within_a_day check (happened_at >= done_at - interval '24 hours')
);
create index done_action_by_time on crm.done_action (business_id, done_at);
create index done_action_by_ticket on crm.done_action (business_id, ticket_id) where ticket_id is not null;
comment on table crm.done_action is 'An action that was done under an id of the phone''s, for 60 days: asked for again, it is not done again.';
comment on column crm.done_action.happened_at is 'When it happened at the customer''s; done_at is when we heard of it.';
comment on constraint done_action_happened_at_is_not_ahead on crm.done_action is 'The clock of your phone is ahead of ours. Set it right, then try again.';
comment on constraint done_action_happened_at_is_within_a_day on crm.done_action is 'This happened more than 24 hours ago, which is too long to be taken in by itself. Open the visit and enter it there, with its time.';
