-- Undoing an import forgets that its rows were ever received, so that they can come again.
alter table receipts add column import_id bigint;
create index receipts_import on receipts (import_id) where import_id is not null;
