-- Undoing an import finds what it brought in, table by table.
create index customers_import on customers (import_id) where import_id is not null;
create index identities_import on identities (import_id) where import_id is not null;
create index memberships_import on memberships (import_id) where import_id is not null;
create index purchases_import on purchases (import_id) where import_id is not null;
create index expectations_import on expectations (import_id) where import_id is not null;
create index voices_import on voices (import_id) where import_id is not null;
create index interactions_purchase on interactions (customer_id, purchase_id) where purchase_id is not null;
create index merges_import on merges ((evidence ->> 'importId')) where evidence ? 'importId';
