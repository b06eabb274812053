-- What the questions of "learn" count over, beside what is there: who was brought by another, what a
-- touchpoint is for, and where an expectation was said.

-- the words behind expectations.source
create table projection.source_names (
  code integer primary key,
  kind text not null,
  name text
);

-- purpose: 1 sell, 2 sale, 3 care, 4 help, 5 ask, 6 bill, 7 mass, 8 use, 9 say, 10 refer
create or replace view projection.touchpoints as
select t.id,
  t.stage_id,
  cast(row_number() over (order by case s.side when 'before' then 1 else 2 end, s.position, s.id, t.position, t.id) as integer) as place,
  cast(case s.side when 'before' then 1 else 2 end as smallint) as side,
  t.by = 'us' as by_us,
  t.by = 'us' and t.purpose in ('care', 'help', 'ask') as caring,
  t.by = 'us' and t.purpose = 'ask' as asking,
  t.purpose = 'sale' as sale,
  cast(array_position(array['sell', 'sale', 'care', 'help', 'ask', 'bill', 'mass', 'use', 'say', 'refer'], t.purpose) as smallint) as purpose
from public.touchpoints t
join public.stages s on s.id = t.stage_id;

create or replace view projection.read_customers as
select c.id as customer_id,
  cast(case c.kind when 'person' then 1 else 2 end as smallint) as kind,
  cast(array_position(array['courting', 'unproven', 'validated', 'doubting', 'lost', 'advocate'], coalesce(s.state, 'courting')) as smallint) as state,
  exists (
    select
    from public.customers m
    where m.canonical_id = c.id
      and m.traits ?| array['referred_by', 'referredBy', 'referrer', 'referral_code', 'referralCode']
  ) as referred
from public.customers c
left join public.standings s on s.customer_id = c.id
where c.canonical_id = c.id;

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
  hashtext(concat_ws(':', e.source_kind, e.source_name)) as source
from public.expectations e
join public.customers c on c.id = e.customer_id;

set local search_path = projection, public;

create or replace view projection.customers as
--- customers
select c.customer_id, c.kind, c.state, s.first_sale_at, s.last_sale_at, cast(coalesce(s.sales, 0) as integer) as sales,
  c.referred
from read_customers c
left join (
  select customer_id, min(happened) as first_sale_at, max(happened) as last_sale_at, count(*) as sales
  from sales
  group by customer_id
) s on s.customer_id = c.customer_id
--- end
;

-- touchpoint_id: where it was decided
create or replace view projection.expectations as
--- expectations
select e.customer_id, e.id, e.rule_id, e.purchase_id, r.touchpoint_id, e.state, e.dimension, e.ours, e.awaited,
  e.gap, e.first_gap, e.moves, e.told_before, e.mended, e.opened_at, e.first_due_at, e.due_at, e.decided_at,
  coalesce(c.first_sale_at < coalesce(e.decided_at, e.due_at, e.opened_at), false) as after_sale,
  e.source
from read_expectations e
left join read_steps r on r.customer_id = e.customer_id and r.id = e.decided_by
left join customers c on c.customer_id = e.customer_id
--- end
;

set local search_path to default;
