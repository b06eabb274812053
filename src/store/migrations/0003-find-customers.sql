-- The customers page: any word of a name by its beginning, and who was seen last.
create index customers_words on customers using gin (to_tsvector('simple', name)) where name is not null;
create index standings_seen on standings (last_seen_at desc nulls last, customer_id desc);
