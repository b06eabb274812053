-- What equals are equal in, known of each customer without a look at their sales and steps: what the first sale was
-- worth (of several at one time, the purchase that was recorded first), and how they first came.
set local search_path = projection, public;

create or replace view projection.customers as
--- customers
select c.customer_id, c.kind, c.state, s.first_sale_at, s.last_sale_at, cast(coalesce(s.sales, 0) as integer) as sales,
  c.referred, f.first_minor, m.first_channel
from read_customers c
left join (
  select customer_id, min(happened) as first_sale_at, max(happened) as last_sale_at, count(*) as sales
  from sales
  group by customer_id
) s on s.customer_id = c.customer_id
left join (
  select distinct on (s.customer_id) s.customer_id, p.value_minor as first_minor
  from sales s
  left join purchases p on p.customer_id = s.customer_id and p.id = s.purchase_id
  order by s.customer_id, s.happened, s.purchase_id
) f on f.customer_id = c.customer_id
left join (
  select distinct on (customer_id) customer_id, channel as first_channel
  from read_steps
  where not judgement
  order by customer_id, happened, id
) m on m.customer_id = c.customer_id
--- end
;

set local search_path to default;
