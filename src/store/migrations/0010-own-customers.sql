-- How often a row of customers is the canonical one: nearly always. The planner takes `canonical_id = id` for one
-- in two hundred and then reads a million rows for a page of fifty; it looks this up for `(canonical_id = id) is true`.
create statistics customers_own on ((canonical_id = id)) from customers;
create index standings_sales on standings (sales desc, customer_id);
