create or replace function api.invoice_create(p_ticket_id uuid) returns crm.invoice
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_invoice crm.invoice;
begin
    perform internal.require('invoice_create');
    -- The lock makes the second of two callers see the first one's invoice.
    select * into v_ticket from crm.ticket t
    where t.business_id = internal.current_business() and t.id = p_ticket_id for no key update;
    if v_ticket.id is null then perform internal.not_found('ticket'); end if;
    if v_ticket.status <> 'completed' then
        perform internal.refuse('invoice_is_for_a_completed_visit', 'Only a completed visit is invoiced.', 'Close it out first.');
    end if;
    select * into v_invoice from crm.invoice i
    where i.business_id = v_ticket.business_id and i.ticket_id = v_ticket.id and i.status <> 'void';
    if v_invoice.id is not null then
        return v_invoice;
    end if;
    insert into crm.invoice (contact_id, ticket_id, currency, prices_include_tax)
    select v_ticket.contact_id, v_ticket.id, b.currency, v_ticket.prices_include_tax
    from crm.business b where b.business_id = v_ticket.business_id
    returning * into v_invoice;
    insert into crm.line_item (invoice_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor, tax_basis_points)
    select v_invoice.id, l.service_id, l.position, l.name, l.pricing, l.unit_label, l.quantity, l.unit_price_minor, l.tax_basis_points
    from crm.line_item l where l.business_id = v_ticket.business_id and l.ticket_id = v_ticket.id order by l.position;
    select * into v_invoice from crm.invoice i where i.business_id = v_invoice.business_id and i.id = v_invoice.id;
    return v_invoice;
end $$;
comment on function api.invoice_create(uuid) is
    'Make the draft invoice of a completed visit, its lines copied. Asking again returns the same one. Definer: writes.';
grant execute on function api.invoice_create(uuid) to crm_app, crm_support;
