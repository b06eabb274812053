-- Who said on the Today page that they will see to a customer ("I'll call"), until it is done or taken back.
create table takings (
  -- 'doubt' | 'renewal' | 'thank'
  kind text not null check (kind in ('doubt', 'renewal', 'thank')),
  customer_id bigint not null,
  member_id text not null,
  member_name text not null,
  at timestamptz not null default now(),
  primary key (customer_id, kind)
);
