-- What insights count over. The views below have the names and columns of the tables in the DuckDB
-- projection, so that one SQL text answers a question on both; integers, booleans and doubles only, times
-- as microseconds since 1970, words stay behind.
--
-- The texts between "--- name" and "--- end" are read by src/store/projection-layout.ts and run on DuckDB
-- over the rows of the read_* views: how a step knows the one before it is written once.
create schema projection;

-- the words behind steps.channel
create table projection.channel_names (
  code integer primary key,
  name text not null
);

create view projection.touchpoints as
select t.id,
  t.stage_id,
  cast(row_number() over (order by case s.side when 'before' then 1 else 2 end, s.position, s.id, t.position, t.id) as integer) as place,
  cast(case s.side when 'before' then 1 else 2 end as smallint) as side,
  t.by = 'us' as by_us,
  t.by = 'us' and t.purpose in ('care', 'help', 'ask') as caring,
  t.by = 'us' and t.purpose = 'ask' as asking,
  t.purpose = 'sale' as sale
from public.touchpoints t
join public.stages s on s.id = t.stage_id;

create view projection.segment_members as
select distinct m.segment_id, c.canonical_id as customer_id
from public.segment_members m
join public.customers c on c.id = m.customer_id;

create view projection.read_steps as
select c.canonical_id as customer_id,
  i.id,
  cast(extract(epoch from i.at) * 1000000 as bigint) as happened,
  t.id as touchpoint_id,
  t.stage_id,
  i.purchase_id,
  i.experience,
  case when i.experience is not null then coalesce(i.evidence, cast(2 as smallint)) end as evidence,
  i.judgement,
  hashtext(i.channel) as channel,
  coalesce(t.purpose = 'sale', false) and not i.judgement as sale
from public.interactions i
join public.customers c on c.id = i.customer_id
left join public.touchpoints t on t.id = i.touchpoint_id;

-- kind: 1 person, 2 company. state: 1 courting, 2 unproven, 3 validated, 4 doubting, 5 lost, 6 advocate
create view projection.read_customers as
select c.id as customer_id,
  cast(case c.kind when 'person' then 1 else 2 end as smallint) as kind,
  cast(array_position(array['courting', 'unproven', 'validated', 'doubting', 'lost', 'advocate'], coalesce(s.state, 'courting')) as smallint) as state
from public.customers c
left join public.standings s on s.customer_id = c.id
where c.canonical_id = c.id;

-- kind: 1 order, 2 project, 3 contract, 4 subscription. state: 1 proposed … 6 cancelled
create view projection.purchases as
select c.canonical_id as customer_id,
  p.id,
  cast(array_position(array['order', 'project', 'contract', 'subscription'], p.kind) as smallint) as kind,
  cast(array_position(array['proposed', 'sold', 'delivered', 'renewed', 'ended', 'cancelled'], p.state) as smallint) as state,
  p.value_minor,
  cast(extract(epoch from p.sold_at) * 1000000 as bigint) as sold_at,
  cast(extract(epoch from p.delivered_at) * 1000000 as bigint) as delivered_at,
  cast(extract(epoch from p.renews_at) * 1000000 as bigint) as renews_at,
  cast(extract(epoch from p.ended_at) * 1000000 as bigint) as ended_at,
  p.renewals
from public.purchases p
join public.customers c on c.id = p.customer_id;

-- state: 1 open, 2 kept, 3 exceeded, 4 broken, 5 withdrawn. dimension: 1 days, 2 money, 3 points.
create view projection.read_expectations as
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
  cast(extract(epoch from e.decided_at) * 1000000 as bigint) as decided_at
from public.expectations e
join public.customers c on c.id = e.customer_id;

set local search_path = projection, public;

-- A sale is a purchase that was sold and not cancelled, or an interaction at a sale's touchpoint that
-- belongs to no purchase with a date of its own.
create view projection.sales as
--- sales
select p.customer_id, p.id as purchase_id, p.sold_at as happened
from purchases p
where p.sold_at is not null
  and p.state <> 6
union all
select r.customer_id, r.purchase_id, min(r.happened) as happened
from read_steps r
left join purchases p on p.customer_id = r.customer_id and p.id = r.purchase_id
where r.sale
  and (p.id is null or (p.sold_at is null and p.state <> 6))
group by r.customer_id, r.purchase_id, coalesce(r.purchase_id, -r.id)
--- end
;

create view projection.customers as
--- customers
select c.customer_id, c.kind, c.state, s.first_sale_at, s.last_sale_at, cast(coalesce(s.sales, 0) as integer) as sales
from read_customers c
left join (
  select customer_id, min(happened) as first_sale_at, max(happened) as last_sale_at, count(*) as sales
  from sales
  group by customer_id
) s on s.customer_id = c.customer_id
--- end
;

-- prev_any, prev_stage, prev_here: when the customer was last met at all, in this stage, at this
-- touchpoint; a customer's first step of a period is the one whose previous lies before it, so reach needs
-- no distinct. gap: time since prev_touchpoint in quarter octaves of seconds (bin b is 2^(b/4) − 1 and on).
-- first_of_kind, last_of_kind: the first and last experience of this evidence in the customer's life.
create view projection.steps as
--- steps
with marked as (
  select *, touchpoint_id is not null and not judgement as placed
  from read_steps
)
select r.customer_id,
  r.id,
  r.happened,
  r.touchpoint_id,
  r.stage_id,
  r.purchase_id,
  r.experience,
  r.evidence,
  r.judgement,
  r.channel,
  coalesce(r.happened > c.first_sale_at, false) as after_sale,
  case when not r.judgement then lag(r.happened) over met end as prev_any,
  case when r.placed then lag(r.happened) over staged end as prev_stage,
  case when r.placed then lag(r.happened) over here end as prev_here,
  case when r.placed then lag(r.touchpoint_id) over flow end as prev_touchpoint,
  cast(case when r.placed then floor(4 * ln(1 + cast(r.happened - lag(r.happened) over flow as double precision) / 1000000) / ln(cast(2 as double precision))) end as smallint) as gap,
  r.evidence is not null and lag(r.id) over kind is null as first_of_kind,
  r.evidence is not null and lead(r.id) over kind is null as last_of_kind
from marked r
left join customers c on c.customer_id = r.customer_id
window met as (partition by r.customer_id, r.judgement order by r.happened, r.id),
  staged as (partition by r.customer_id, r.stage_id, r.placed order by r.happened, r.id),
  here as (partition by r.customer_id, r.touchpoint_id, r.placed order by r.happened, r.id),
  flow as (partition by r.customer_id, r.placed order by r.happened, r.id),
  kind as (partition by r.customer_id, r.evidence order by r.happened, r.id)
--- end
;

-- touchpoint_id: where it was decided
create view projection.expectations as
--- expectations
select e.customer_id, e.id, e.rule_id, e.purchase_id, r.touchpoint_id, e.state, e.dimension, e.ours, e.awaited,
  e.gap, e.first_gap, e.moves, e.told_before, e.mended, e.opened_at, e.first_due_at, e.due_at, e.decided_at,
  coalesce(c.first_sale_at < coalesce(e.decided_at, e.due_at, e.opened_at), false) as after_sale
from read_expectations e
left join read_steps r on r.customer_id = e.customer_id and r.id = e.decided_by
left join customers c on c.customer_id = e.customer_id
--- end
;

set local search_path to default;

-- the feed looks for what changed by transaction in every table it reads
create index purchases_tx on purchases (tx);
-- the words shown beside a touchpoint
create index interactions_words on interactions (touchpoint_id, at desc)
  where words is not null and evidence = 1 and restricted_to is null;
