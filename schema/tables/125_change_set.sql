-- Many changes that were one act of somebody: a merge, an import, a change of a series, a move of a visit. The audit says of each entry to which it belongs,
-- so the whole can be undone from it.
create table crm.change_set (
    business_id uuid not null default internal.current_business(),
    id uuid not null default uuidv7(),
    kind text not null,
    member_id uuid default internal.current_member(),
    created_at timestamptz not null default internal.now(),
    undone_at timestamptz,
    undone_by uuid,
    constraint change_set_pkey primary key (business_id, id),
    constraint change_set_business_exists foreign key (business_id) references crm.business (business_id),
    constraint change_set_made_by_a_member foreign key (business_id, member_id) references crm.member (business_id, id),
    constraint change_set_undone_by_a_member foreign key (business_id, undone_by) references crm.member (business_id, id),
    constraint change_set_kind_is_known check (kind in ('merge', 'import', 'series', 'move')),
    constraint change_set_undone_says_who check (undone_by is null or undone_at is not null)
);
comment on table crm.change_set is 'Many changes that were one act of somebody and can be undone as one.';
comment on constraint change_set_kind_is_known on crm.change_set is 'A change set is a merge, an import, a change of a series or a move of a visit.';
comment on constraint change_set_undone_says_who on crm.change_set is 'What was undone says when.';
