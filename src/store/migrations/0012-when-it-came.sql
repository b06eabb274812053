-- What the effects of a promise are counted from: when what was promised came, when the customer was told,
-- and which word held at a time, so that an answer is related only to what had happened when it was given.

create or replace view projection.read_expectations as
select c.canonical_id as customer_id,
  e.id,
  e.rule_id,
  e.purchase_id,
  e.decided_by,
  cast(array_position(array['open', 'kept', 'exceeded', 'broken', 'withdrawn'], e.state) as smallint) as state,
  cast(array_position(array['days', 'money', 'points'], e.dimension) as smallint) as dimension,
  e.stated_by = 'us' as ours,
  e.awaited,
  e.gap,
  e.first_gap,
  e.moves,
  e.told_before,
  e.mended_at is not null as mended,
  cast(extract(epoch from e.opened_at) * 1000000 as bigint) as opened_at,
  cast(extract(epoch from e.first_due_at) * 1000000 as bigint) as first_due_at,
  cast(extract(epoch from e.due_at) * 1000000 as bigint) as due_at,
  cast(extract(epoch from e.decided_at) * 1000000 as bigint) as decided_at,
  hashtext(concat_ws(':', e.source_kind, e.source_name)) as source,
  cast(extract(epoch from e.came_at) * 1000000 as bigint) as came_at,
  cast(extract(epoch from e.told_at) * 1000000 as bigint) as told_at
from public.expectations e
join public.customers c on c.id = e.customer_id;

-- words that changed an expectation's due time: from `happened` on, `due_at` was what held
create view projection.moves as
select c.canonical_id as customer_id,
  m.expectation_id,
  cast(extract(epoch from m.at) * 1000000 as bigint) as happened,
  cast(extract(epoch from m.due_at) * 1000000 as bigint) as due_at
from public.expectation_moves m
join public.customers c on c.id = m.customer_id
where m.counted
  and m.due_at is not null;

set local search_path = projection, public;

-- touchpoint_id: where it was decided
create or replace view projection.expectations as
--- expectations
select e.customer_id, e.id, e.rule_id, e.purchase_id, r.touchpoint_id, e.state, e.dimension, e.ours, e.awaited,
  e.gap, e.first_gap, e.moves, e.told_before, e.mended, e.opened_at, e.first_due_at, e.due_at, e.decided_at,
  coalesce(c.first_sale_at < coalesce(e.decided_at, e.due_at, e.opened_at), false) as after_sale,
  e.source, e.came_at, e.told_at
from read_expectations e
left join read_steps r on r.customer_id = e.customer_id and r.id = e.decided_by
left join customers c on c.customer_id = e.customer_id
--- end
;

set local search_path to default;
