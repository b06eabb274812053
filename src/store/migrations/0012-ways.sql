-- A way cut to a time: a step follows another only when both lie in it. prev_placed is when the customer was
-- last met at any touchpoint, the one that prev_touchpoint names.
set local search_path = projection, public;

create or replace view projection.steps as
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
  r.evidence is not null and lead(r.id) over kind is null as last_of_kind,
  case when r.placed then lag(r.happened) over flow end as prev_placed
from marked r
left join customers c on c.customer_id = r.customer_id
window met as (partition by r.customer_id, r.judgement order by r.happened, r.id),
  staged as (partition by r.customer_id, r.stage_id, r.placed order by r.happened, r.id),
  here as (partition by r.customer_id, r.touchpoint_id, r.placed order by r.happened, r.id),
  flow as (partition by r.customer_id, r.placed order by r.happened, r.id),
  kind as (partition by r.customer_id, r.evidence order by r.happened, r.id)
--- end
;

set local search_path to default;
