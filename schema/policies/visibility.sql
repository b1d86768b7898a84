-- Who sees which rows of their own business. One rule for reading and for acting: a function run by a
-- technician finds what that technician could read, so what they may not see is not found.
do $$
declare
    v_policy record;
    v_name name;
begin
    -- Technicians: their own visits of the last and next 60 days with what hangs on them, and the people they visit then.
    -- Each rule asks crm.assignment itself: one that asks a table with such a rule of its own costs more with every level.
    for v_policy in select * from (values
        ('ticket',    'ticket_id',  'id'),
        ('close_out', 'ticket_id',  'ticket_id'),
        ('gap',       'ticket_id',  'ticket_id'),
        ('proposal',  'ticket_id',  'ticket_id'),
        ('message',   'ticket_id',  'ticket_id'),
        ('invoice',   'ticket_id',  'ticket_id'),
        ('line_item', 'ticket_id',  'ticket_id'),
        ('contact',   'contact_id', 'id'),
        ('address',   'contact_id', 'contact_id'),
        ('attribute', 'contact_id', 'contact_id'),
        ('note',      'contact_id', 'contact_id'),
        ('file',      'contact_id', 'contact_id')
    ) as wanted(name, of_assignment, own)
    loop
        execute format('drop policy if exists %I on crm.%I', v_policy.name || '_technician_own', v_policy.name);
        execute format(
            'create policy %1$I on crm.%2$I for select to public using ((select internal.sees_everything()) or exists ('
            'select from crm.assignment a where a.business_id = %2$I.business_id and a.%3$I = %2$I.%4$I '
            'and a.member_id = (select internal.current_member()) and internal.is_near(a.starts_at)))',
            v_policy.name || '_technician_own', v_policy.name, v_policy.of_assignment, v_policy.own);
    end loop;

    for v_policy in select * from (values
        -- everybody of the business
        ('business',       'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('member',         'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('service',        'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('attribute_key',  'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('assignment',     'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('working_hours',  'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('time_off',       'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        ('counter',        'members_read',   '(select internal.current_role()) in (''owner'', ''office'', ''technician'', ''worker'')'),
        -- technicians: what is asked for their own invoices
        ('line_item',      'technician_invoiced', 'invoice_id is not null and exists (select from crm.invoice i '
            'where i.business_id = line_item.business_id and i.id = line_item.invoice_id)'),
        ('payment',        'technician_own', '(select internal.sees_everything()) or exists (select from crm.invoice i '
            'where i.business_id = payment.business_id and i.id = payment.invoice_id)'),
        -- a member their own; the desk who has a feed, and all that is offered
        ('feed',           'own_reads',      '(select internal.sees_everything()) or member_id = (select internal.current_member())'),
        ('waitlist_offer', 'own_reads',      '(select internal.sees_everything()) or member_id = (select internal.current_member())'),
        -- the desk
        ('series',         'desk_reads',     '(select internal.sees_everything())'),
        ('series_member',  'desk_reads',     '(select internal.sees_everything())'),
        ('series_service', 'desk_reads',     '(select internal.sees_everything())'),
        ('series_skip',    'desk_reads',     '(select internal.sees_everything())'),
        ('waitlist_entry', 'desk_reads',     '(select internal.sees_everything())'),
        ('waitlist_entry_service', 'desk_reads', '(select internal.sees_everything())'),
        ('freed_slot',     'desk_reads',     '(select internal.sees_everything())'),
        ('saved_list',     'desk_reads',     '(select internal.sees_everything())'),
        ('task',           'desk_reads',     '(select internal.sees_everything())'),
        ('job',            'desk_reads',     '(select internal.sees_everything())'),
        ('data_export',    'owner_reads',    '(select internal.current_role()) in (''owner'', ''worker'')'),
        ('erasure',        'desk_reads',     '(select internal.sees_everything())'),
        ('not_duplicate',  'desk_reads',     '(select internal.sees_everything())'),
        ('change_set',     'desk_reads',     '(select internal.sees_everything())'),
        ('contact_import', 'desk_reads',     '(select internal.sees_everything())'),
        ('contact_import_row', 'desk_reads', '(select internal.sees_everything())'),
        ('audit_entry',    'desk_reads',     '(select internal.sees_everything())'),
        ('security_event', 'owner_reads',    '(select internal.current_role()) in (''owner'', ''worker'')')
    ) as wanted(name, who, rule)
    loop
        execute format('drop policy if exists %I on crm.%I', v_policy.name || '_' || v_policy.who, v_policy.name);
        execute format('create policy %I on crm.%I for select to public using (%s)',
                       v_policy.name || '_' || v_policy.who, v_policy.name, v_policy.rule);
    end loop;

    -- Rows that a technician's or visitor's action leaves behind for somebody else to read: the function
    -- that writes them may look at them.
    foreach v_name in array array['job', 'task', 'message', 'security_event', 'ticket_link', 'file_content', 'data_export_part', 'done_action',
        'waitlist_entry', 'freed_slot', 'waitlist_offer'] loop
        execute format('drop policy if exists %I on crm.%I', v_name || '_functions_read', v_name);
        execute format('create policy %I on crm.%I for select to crm_owner using (true)', v_name || '_functions_read', v_name);
    end loop;
    -- A customer's link: a function that was let in by it finds its visit, what hangs on that, and nothing else. Only functions:
    -- the application itself reads nothing in such a context.
    for v_policy in select * from (values
        ('business',   '(select internal.linked_ticket()) is not null'),
        ('ticket',     'id = (select internal.linked_ticket())'),
        ('assignment', 'ticket_id = (select internal.linked_ticket())'),
        ('line_item',  'ticket_id = (select internal.linked_ticket())'),
        ('member',     'exists (select from crm.assignment a where a.business_id = member.business_id and a.member_id = member.id '
            'and a.ticket_id = (select internal.linked_ticket()))'),
        ('contact',    'exists (select from crm.ticket t where t.business_id = contact.business_id and t.contact_id = contact.id '
            'and t.id = (select internal.linked_ticket()))'),
        ('address',    'exists (select from crm.ticket t where t.business_id = address.business_id and t.address_id = address.id '
            'and t.id = (select internal.linked_ticket()))')
    ) as wanted(name, rule)
    loop
        execute format('drop policy if exists %I on crm.%I', v_policy.name || '_of_a_link', v_policy.name);
        execute format('create policy %I on crm.%I for select to crm_owner using (%s)', v_policy.name || '_of_a_link', v_policy.name, v_policy.rule);
    end loop;
    -- A technician who books the next visit may look at it before anybody is on it: made in this very transaction.
    drop policy if exists ticket_functions_read_new on crm.ticket;
    create policy ticket_functions_read_new on crm.ticket for select to crm_owner using (created_at = (select internal.now()));
    -- A person with psql holds a context for hours: it shows nothing any more once they are disabled or have another role.
    for v_name in select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id'
                  where c.relnamespace = 'crm'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition loop
        execute format('drop policy if exists %I on crm.%I', v_name || '_support_is_a_member', v_name);
        execute format('create policy %I on crm.%I as restrictive for select to crm_support using ((select internal.member_is_active()))',
                       v_name || '_support_is_a_member', v_name);
    end loop;
end $$;

-- Reading is granted table by table; what is absent here (account, sign_in_link, ticket_link, counter, partitions)
-- is reached by functions only. Nobody is granted INSERT, UPDATE, DELETE or TRUNCATE.
do $$
declare
    v_table regclass;
begin
    -- One by one: a view that somebody else made here is left for the orphan gate to name.
    for v_table in
        select c.oid from pg_class c
        where c.relnamespace in ('crm'::regnamespace, 'internal'::regnamespace)
          and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relowner = 'crm_owner'::regrole
    loop
        execute format('revoke all on %s from public, crm_app, crm_support, crm_backup', v_table);
        execute format('grant select on %s to crm_backup', v_table);
    end loop;
end $$;
-- A dump holds no key: whoever restores it gives the database its own.
revoke select on internal.context_key from crm_backup;

grant select (business_id, id, name, email, role, joined_at, disabled_at, created_at, updated_at) on crm.member to crm_app, crm_support;
grant select on crm.business, crm.contact, crm.address, crm.attribute, crm.attribute_key, crm.feed, crm.saved_list, crm.note, crm.not_duplicate, crm.file, crm.erasure, crm.data_export, crm.change_set, crm.contact_import, crm.contact_import_row, crm.service, crm.working_hours, crm.time_off, crm.series, crm.series_member, crm.series_service, crm.series_skip, crm.ticket,
    crm.assignment, crm.line_item, crm.invoice, crm.payment, crm.close_out, crm.gap, crm.proposal, crm.task,
    crm.message, crm.waitlist_entry, crm.waitlist_entry_service, crm.freed_slot, crm.waitlist_offer, crm.audit_entry, crm.security_event to crm_app, crm_support;
grant select (business_id, id, kind, key, state, last_error, created_at, finished_at) on crm.job to crm_app, crm_support;
