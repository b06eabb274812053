-- What people said a text is about. The topics are the company's own; a model learns them from these.
create table topic_labels (
  customer_id bigint not null,
  interaction_id bigint not null,
  topic text not null,
  labelled_by text not null,
  labelled_at timestamptz not null default now(),
  primary key (customer_id, interaction_id),
  foreign key (customer_id, interaction_id) references interactions on delete cascade
);
